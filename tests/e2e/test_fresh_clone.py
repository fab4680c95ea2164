"""The output of `make run` in a fresh clone that has no environment yet."""

import re

import httpx

from dev.paths import ROOT
from tests.e2e.clone import Clone
from tests.waiting import DEADLINE_SECONDS


def test_run_walks_through_products(first_run: str) -> None:
    answers = re.findall(r"^  (\d{3}) (\w+) +/customers", first_run, re.MULTILINE)
    changes = re.findall(r"^  (INSERT|MODIFY|REMOVE) ", first_run, re.MULTILINE)

    assert answers == [
        ("201", "POST"),
        ("200", "GET"),
        ("200", "GET"),
        ("412", "PATCH"),
        ("200", "PATCH"),
        ("204", "DELETE"),
        ("404", "GET"),
    ]
    assert changes == ["INSERT", "MODIFY", "REMOVE"]


def test_run_walks_through_users(first_run: str) -> None:
    answers = re.findall(r"^  (\d{3}) (\w+) +/users", first_run, re.MULTILINE)
    archived = re.findall(r"^  (created|deleted) demo-ada", first_run, re.MULTILINE)

    assert answers == [
        ("403", "GET"),
        ("200", "GET"),
        ("401", "PUT"),
        ("403", "PUT"),
        ("200", "PUT"),
        ("200", "GET"),
        ("200", "PUT"),
        ("200", "GET"),
        ("200", "GET"),
        ("409", "PUT"),
        ("200", "PUT"),
        ("404", "DELETE"),
        ("204", "DELETE"),
        ("204", "DELETE"),
        ("200", "GET"),
        ("429", "GET"),
    ]
    assert re.findall(r"  (\d) users?", first_run) == ["0", "1", "2", "0"]
    assert archived == ["created", "deleted"]
    assert "the MODIFY between them was not delivered" in first_run


def test_run_walks_through_media(first_run: str) -> None:
    answers = re.findall(r"^  (\d{3}) (\w+) +(?:/media|/shared|the form|its Location)", first_run, re.MULTILINE)

    assert answers == [
        ("201", "POST"),
        ("201", "POST"),
        ("204", "POST"),
        ("200", "GET"),
        ("201", "POST"),
        ("302", "GET"),
        ("200", "GET"),
        ("200", "GET"),
        ("204", "DELETE"),
        ("404", "GET"),
        ("201", "POST"),
        ("410", "GET"),
        ("302", "GET"),
        ("200", "GET"),
        ("404", "GET"),
        ("422", "POST"),
        ("204", "DELETE"),
        ("204", "DELETE"),
    ]
    assert "/stats  1 download\n" in first_run


def test_run_walks_through_messages(first_run: str) -> None:
    answers = re.findall(r"^  (\d{3}) (\w+) +/message-groups", first_run, re.MULTILINE)
    lists = re.findall(r"^  200 GET    /message-groups as .*?  (.*)$", first_run, re.MULTILINE)

    assert answers == [
        *[("201", "POST")] * 2,
        ("200", "GET"),
        *[("201", "POST")] * 3,
        *[("200", "GET")] * 3,
        ("404", "GET"),
    ]
    assert lists == ["carol: Hello, Carol!; bob: Hello, Bob!", "bob: How are you?; carol: Hello, Carol!"]


def test_run_prints_the_lines_of_the_readme_in_their_order(first_run: str, clone: Clone) -> None:
    (shown,) = re.findall(
        r"<!-- output of make run -->\n```text\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL
    )
    excerpt = [line for line in without_what_varies(shown) if line != "…"]

    printed = iter(without_what_varies(first_run))

    assert excerpt
    assert [line for line in excerpt if line not in printed] == []


def without_what_varies(output: str) -> list[str]:
    """Return the lines of standard output without passwords, keys and ports. Progress goes to standard error."""
    hidden = re.sub(r"(?m)^key +\S+", "KEY", re.sub(r"\bAa1\S+", "PASSWORD", output))
    lines = re.sub(r":\d{4,5}\b", ":PORT", hidden).splitlines()
    return [line for line in lines if not re.match(r" +\d+\.\d s  |Preparing |Fetching ", line)]


def test_run_after_a_stop_keeps_address_data_and_sessions(first_run: str, clone: Clone) -> None:
    token = clone.run(".venv/bin/dev token alice").strip()
    clone.run(".venv/bin/dev down")

    again = clone.run("make run")

    (address,) = re.findall(r"^API +(\S+)", first_run, re.MULTILINE)
    assert f"API   {address}\n" in again
    assert "Everything worked" in again
    url = f"{address}/customers/CUST-1001/products/SAV-01"
    assert httpx.get(url, headers={"Authorization": token}, timeout=DEADLINE_SECONDS).status_code == 200
