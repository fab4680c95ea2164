"""Reports of a replay for programs: JSON, and JUnit's XML."""

from pathlib import Path
from typing import Any

from junitparser import Failure, JUnitXml, Skipped, TestCase, TestSuite

from dev.replay.run import Replay


def to_json(replay: Replay) -> dict[str, Any]:
    """Return a replay as one document."""
    return {
        "target": replay.target,
        "passed": replay.passed,
        "failed": replay.failed,
        "skipped": replay.skipped,
        "not_run": replay.not_run,
        "seconds": round(replay.seconds, 3),
        "cases": [
            {
                "name": result.name,
                "outcome": result.outcome,
                "seconds": round(result.seconds, 3),
                "problems": [result.skipped] if result.skipped else result.problems,
            }
            for result in replay.results
        ],
    }


def write_junit(path: Path, replay: Replay) -> None:
    """Write a replay as one test suite. A case's class is its function, such as `products.create`."""
    suite = TestSuite(f"dev replay on {replay.target}")
    for result in replay.results:
        function, _, name = result.name.rpartition("/")
        case = TestCase(name, function.replace("/", "."), result.seconds)
        if result.problems:
            failure = Failure(_valid_in_xml(result.problems[0]))
            failure.text = _valid_in_xml("\n".join(result.problems))
            case.result = [failure]
        if result.skipped:
            case.result = [Skipped(result.skipped)]
        suite.add_testcase(case)
    xml = JUnitXml()
    xml.add_testsuite(suite)
    xml.write(str(path), pretty=True)


def _valid_in_xml(text: str) -> str:
    """Return a text with U+FFFD for each character that XML cannot contain."""
    return "".join(char if char.isprintable() or char in "\t\n" else "\N{REPLACEMENT CHARACTER}" for char in text)
