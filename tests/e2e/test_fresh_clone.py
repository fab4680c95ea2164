"""The output of `make run` in a fresh clone that has no environment yet."""

import re

import httpx

from dev.paths import ROOT
from tests.e2e.clone import Clone
from tests.waiting import DEADLINE_SECONDS


def test_run_prints_the_lines_of_the_readme_in_their_order(first_run: str, clone: Clone) -> None:
    excerpts = re.findall(
        r"<!-- output of make run -->\n```text\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL
    )

    assert excerpts
    for shown in excerpts:
        printed = iter(without_what_varies(first_run))
        assert [line for line in without_what_varies(shown) if line != "…" and line not in printed] == []


def without_what_varies(output: str) -> list[str]:
    """Return the lines of standard output without passwords and ports. Progress goes to standard error."""
    hidden = re.sub(r":\d{4,5}\b", ":PORT", re.sub(r"\bAa1\S+", "PASSWORD", output))
    lines = re.sub(r" +│", " │", hidden).splitlines()
    return [line for line in lines if not re.match(r" +\d+\.\d s  |Preparing |Fetching ", line)]


def test_run_after_a_stop_keeps_address_data_and_sessions(first_run: str, clone: Clone) -> None:
    token = clone.run(".venv/bin/dev token alice").strip()
    clone.run(".venv/bin/dev down")

    again = clone.run("make run")

    (address,) = re.findall(r"^│ API +(\S+)", first_run, re.MULTILINE)
    assert f"│ API   {address} " in again
    assert "Everything worked" in again
    url = f"{address}/customers/CUST-1001/products/SAV-01"
    answer = httpx.get(url, headers={"Authorization": token}, timeout=DEADLINE_SECONDS, trust_env=False)
    assert answer.status_code == 200
