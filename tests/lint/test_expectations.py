"""docs/expectations.md describes what the schema of expectations allows."""

import re

from dev.paths import ROOT
from dev.replay.cases import EXPECTATION_SCHEMA, load_json
from dev.replay.matching import MATCHERS
from tests.lint.rules import check

PAGE = ROOT / "docs" / "expectations.md"


def test_schema_of_expectations_is_implemented_and_documented() -> None:
    schema, page = load_json(EXPECTATION_SCHEMA), PAGE.read_text()
    values = {*schema["definitions"]["value"]["properties"]}

    assert values == {*schema["definitions"]["plain"]["properties"]} == {*MATCHERS, "SS"}
    documented = set(re.findall(r"`([$\w]+)`", "".join(re.findall(r"(?m)^\| (`.+?) \|", page))))
    documented |= set(re.findall(r'`\{"(\w+)": ', page))
    check({*schema["properties"], *values} - documented, "Document these in docs/expectations.md")
