"""Expected values that a run makes up: a text that begins with ~ is a regular expression."""

from typing import Any, cast

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from dev.local_aws.invocation import Outcome
from dev.replay.cases import Case, Item, differences, problems_with
from dev.replay.table_state import Items, Tables

ID, OTHER_ID = "0" * 31 + "a", "0" * 31 + "b"
NEW = {"id": "~[0-9a-f]{32}"}
TABLES = Tables(
    cast(DynamoDBClient, None), {"Orders": "orders", "Lines": "lines"}, {"Orders": ("id",), "Lines": ("id", "at")}
)


def orders(*items: Item) -> Items:
    return {"Orders": {(item["id"],): item for item in items}}


def changes(*named: tuple[Item, Item | None]) -> dict[str, Any]:
    return {"changes": {"Orders": [{"key": key, "after": after} for key, after in named]}}


@pytest.mark.parametrize(
    ("expected", "actual"),
    [("~[0-9a-f]{3}", "0af"), ("~https?://.+/a", "https://x/a"), ({"a": ["~x+"]}, {"a": ["xx"]}), ("~~.*", "~a")],
)
def test_text_like_its_pattern_does_not_differ(expected: Any, actual: Any) -> None:
    assert list(differences(expected, actual, "it")) == []


def test_text_that_does_not_match_the_whole_pattern_differs(subtests: pytest.Subtests) -> None:
    for actual in ["0afd", "x0af", "", "0af\n", 123, None, ["0af"]]:
        with subtests.test(actual=actual):
            assert list(differences("~[0-9a-f]{3}", actual, "it")) == [f"it is {actual!r}, not '~[0-9a-f]{{3}}'"]


def test_headers_may_be_patterns() -> None:
    case = Case("media/download", "ok", {}, {"status": 302, "headers": {"Location": "~http://.+[?&]X-Amz-Date=.+"}})
    location = "http://127.0.0.1/bucket/key?X-Amz-Date=20261121T000000Z"

    assert problems_with(case, Outcome({"statusCode": 302, "headers": {"Location": location}}, None, "")) == []


def test_pattern_matches_the_item_that_changed() -> None:
    expect = changes((NEW, {"name": "tea"}))

    assert TABLES.problems(orders(), orders({"id": ID, "name": "tea"}), expect) == []


@pytest.mark.parametrize(
    ("after", "problem"),
    [
        ([], "Orders ('~[0-9a-f]{32}',) did not change"),
        ([{"id": ID, "name": "rum"}], f"Orders ('{ID}',).name is 'rum', not 'tea'"),
        (
            [{"id": ID, "name": "tea"}, {"id": OTHER_ID, "name": "tea"}],
            "Orders ('~[0-9a-f]{32}',) matches 2 changes",
        ),
    ],
    ids=["none", "another", "two"],
)
def test_pattern_without_a_matching_change_is_reported(after: list[Item], problem: str) -> None:
    assert TABLES.problems(orders(), orders(*after), changes((NEW, {"name": "tea"}))) == [problem]


def test_change_without_a_matching_pattern_is_reported() -> None:
    problems = TABLES.problems(orders(), orders({"id": ID}, {"id": "x"}), changes((NEW, {})))

    assert problems == ["Orders ('x',) changed unexpectedly to {'id': 'x'}"]
