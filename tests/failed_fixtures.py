"""Reports a fixture that fails once: further tests that need it are skipped with one line."""

from collections.abc import Generator

import pytest

_reported: dict[int, tuple[BaseException, str]] = {}
"""Exception and first test by identity: pytest raises a session fixture's exception again for each test."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "setup" and report.failed and call.excinfo is not None:
        error = call.excinfo.value
        _, first = _reported.setdefault(id(error), (error, item.nodeid))
        if first != item.nodeid:
            report.outcome = "skipped"
            report.longrepr = (str(item.path), (item.location[1] or 0) + 1, f"its fixture failed, see {first}")
    return report
