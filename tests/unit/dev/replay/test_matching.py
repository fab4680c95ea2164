"""What differs from an expected value, which may be a matcher."""

from decimal import Decimal
from typing import Any, cast

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from dev.local_aws.invocation import Outcome
from dev.replay.cases import Item
from dev.replay.comparison import problems_with
from dev.replay.matching import Difference, Words, differences
from dev.replay.table_state import Items, Tables

ID, OTHER_ID = "0" * 31 + "a", "0" * 31 + "b"
NEW = {"id": {"IsStr": "[0-9a-f]{32}"}}
TABLES = Tables(
    cast(DynamoDBClient, None), {"Orders": "orders", "Lines": "lines"}, {"Orders": ("id",), "Lines": ("id", "at")}
)


def orders(*items: Item) -> Items:
    return {"Orders": {(item["id"],): item for item in items}}


def changes(*named: tuple[Item, Item | None]) -> dict[str, Any]:
    return {"changes": {"Orders": [{"key": key, "after": after} for key, after in named]}}


EQUAL = {
    "subset": ({"a": 1}, {"a": 1, "b": 2}),
    "empty": ({}, {"a": 1}),
    "subset in list": ([{"a": 1}], [{"a": 1, "b": 2}]),
    "int": (1, Decimal(1)),
    "zeros": (Decimal("1.50"), Decimal("1.5")),
    "null": (None, None),
    "bool": (True, True),
}


def test_superset_of_the_expected_does_not_differ(subtests: pytest.Subtests) -> None:
    for name, (expected, actual) in EQUAL.items():
        with subtests.test(name):
            assert list(differences(expected, actual, "it")) == []


DIFFERENCES = [
    ({"a": 1}, {"b": 1}, "it.a is missing, not 1"),
    ({"a": None}, {}, "it.a is missing, not null"),
    ({"a": [{"b": 1}, {"b": 2}]}, {"a": [{"b": 1}, {"b": 3}]}, "it.a[1].b is 3, not 2"),
    ([1], [1, 2], "it is [1, 2], not [1]"),
    ([1, 2], [1], "it is [1], not [1, 2]"),
    ({"a": 1}, None, 'it is null, not {"a": 1}'),
    (None, {"a": 1}, 'it is {"a": 1}, not null'),
    (1, True, "it is true, not 1"),
    (False, 0, "it is 0, not false"),
    (1, "1", 'it is "1", not 1'),
    (Decimal("1.50"), Decimal(2), "it is 2, not 1.5"),
    ({"b", "a"}, Words("deleted"), 'it is deleted, not {"SS": ["a", "b"]}'),
]


def test_difference_says_where_it_is(subtests: pytest.Subtests) -> None:
    for expected, actual, difference in DIFFERENCES:
        with subtests.test(expected=expected, actual=actual):
            assert list(map(str, differences(expected, actual, "it"))) == [difference]


def test_every_difference_is_reported() -> None:
    assert list(differences({"a": 1, "b": 2, "c": 3, "d": {"IsStr": True}}, {"a": 0, "b": 2}, "it")) == [
        Difference("it.a", 1, 0),
        Difference("it.c", 3, Words("missing")),
        Difference("it.d", {"IsStr": True}, Words("missing")),
    ]


MATCHING = [
    ({"IsUUID": True}, "edf9f29e-45c7-431c-99db-28ea44df9785"),
    ({"IsUUID": 4}, "edf9f29e-45c7-431c-99db-28ea44df9785"),
    ({"IsDatetime": True}, "2026-01-31T09:00:00.000Z"),
    ({"IsDatetime": "%Y-%m-%d"}, "2026-01-31"),
    ({"IsStr": True}, ""),
    ({"IsStr": "[0-9a-f]{3}"}, "0af"),
    ({"IsApprox": [Decimal("0.3"), Decimal("0.1")]}, Decimal("0.4")),
    ({"a": [{"IsStr": "x+"}]}, {"a": ["xx"]}),
    ({"IsStr": "a", "other": 1}, {"IsStr": "a", "other": 1}),
]


def test_matching_value_does_not_differ(subtests: pytest.Subtests) -> None:
    for expected, actual in MATCHING:
        with subtests.test(expected=expected):
            assert list(differences(expected, actual, "it")) == []


NOT_MATCHING: list[tuple[dict[str, Any], list[Any]]] = [
    ({"IsUUID": True}, ["edf9f29e", 4, None]),
    ({"IsUUID": 5}, ["edf9f29e-45c7-431c-99db-28ea44df9785"]),
    ({"IsDatetime": True}, ["yesterday", 1767225600, None]),
    ({"IsDatetime": "%Y-%m-%d"}, ["2026-01-31T09:00:00Z"]),
    ({"IsStr": True}, [1, None, {"IsStr": True}]),
    ({"IsStr": "[0-9a-f]{3}"}, ["0afd", "x0af", "", "0af\n", 123, None, ["0af"]]),
    ({"IsApprox": [Decimal("0.3"), Decimal("0.1")]}, [Decimal("0.41"), "0.3", None, True]),
]


def test_other_value_than_the_matching_differs(subtests: pytest.Subtests) -> None:
    for expected, values in NOT_MATCHING:
        for actual in values:
            with subtests.test(expected=expected, actual=actual):
                assert list(differences(expected, actual, "it")) == [Difference("it", expected, actual)]


def test_headers_may_be_matchers() -> None:
    expect = {"status": 302, "headers": {"Location": {"IsStr": "http://.+[?&]X-Amz-Date=.+"}}}
    location = "http://127.0.0.1/bucket/key?X-Amz-Date=20261121T000000Z"

    assert problems_with(expect, Outcome({"statusCode": 302, "headers": {"Location": location}}, None, "")) == []


def test_pattern_matches_the_item_that_changed() -> None:
    expect = changes((NEW, {"name": "tea"}))

    assert TABLES.problems(orders(), orders({"id": ID, "name": "tea"}), expect) == []


@pytest.mark.parametrize(
    ("after", "problem"),
    [
        ([], 'Orders {"IsStr": "[0-9a-f]{32}"} is unchanged, not {"name": "tea"}'),
        ([{"id": ID, "name": "rum"}], f'Orders {ID}.name is "rum", not "tea"'),
        (
            [{"id": ID, "name": "tea"}, {"id": OTHER_ID, "name": "tea"}],
            'Orders {"IsStr": "[0-9a-f]{32}"} is 2 changes, not {"name": "tea"}',
        ),
    ],
    ids=["none", "another", "two"],
)
def test_pattern_without_a_matching_change_is_reported(after: list[Item], problem: str) -> None:
    problems = TABLES.problems(orders(), orders(*after), changes((NEW, {"name": "tea"})))

    assert list(map(str, problems)) == [problem]


def test_change_without_a_matching_pattern_is_reported() -> None:
    problems = TABLES.problems(orders(), orders({"id": ID}, {"id": "x"}), changes((NEW, {})))

    assert list(map(str, problems)) == ['Orders x is {"id": "x"}, not unchanged']
