"""Which records a filter lets through, and what it says why."""

import json
from typing import Any

import pytest

from dev.errors import DevError
from dev.local_aws.event_sources.filter import Verdict, parse_pattern, verdict
from tests.unit.dev.local_aws.event_sources.stream_records import record

INSERT = record(1)
MODIFY = record(2, eventName="MODIFY")
NESTED = {
    "dynamodb": {
        "Keys": {"id": {"S": "A"}},
        "NewImage": {
            "status": {"S": ""},
            "tags": {"SS": ["red", "blue"]},
            "note": {"NULL": True},
            "lines": {"L": [{"S": "one"}, {"S": "two"}]},
        },
        "SizeBytes": 300,
        "Nothing": None,
        "Ratio": 300.0,
    }
}


def check(*patterns: dict[str, Any], of: dict[str, Any] = INSERT) -> Verdict:
    return verdict([parse_pattern(json.dumps(pattern)) for pattern in patterns], of)


def image(**attributes: Any) -> dict[str, Any]:
    return {"dynamodb": {"NewImage": attributes}}


def size(*rules: Any) -> dict[str, Any]:
    return {"dynamodb": {"SizeBytes": list(rules)}}


SHAPES = [
    ([], "there is no filter"),
    ([{"eventName": ["INSERT"]}], 'eventName is "INSERT"'),
    ([image(paid={"BOOL": [True]})], "dynamodb.NewImage.paid.BOOL is true"),
    ([{"eventName": ["REMOVE"]}, {"eventName": ["INSERT"]}], 'eventName is "INSERT"'),
    ([{"eventName": [{"anything-but": ["MODIFY"]}]}], 'eventName is "INSERT"'),
    ([{"eventName": [{"prefix": "INS"}]}], 'eventName is "INSERT"'),
    (
        [{"eventName": ["INSERT"], "dynamodb": {"Keys": {"id": {"S": ["A"]}}}}],
        'eventName is "INSERT", dynamodb.Keys.id.S is "A"',
    ),
]


def test_shape_delivers(subtests: pytest.Subtests) -> None:
    for patterns, reason in SHAPES:
        with subtests.test(patterns=patterns):
            assert check(*patterns) == Verdict(delivered=True, reason=reason)


DROPPED = [
    ([{"eventName": ["INSERT", "REMOVE"]}], 'eventName is "MODIFY", not "INSERT" or "REMOVE"'),
    ([image(paid={"BOOL": [False]})], "dynamodb.NewImage.paid.BOOL is true, not false"),
    (
        [{"eventName": ["REMOVE"]}, {"eventName": ["INSERT"]}],
        'eventName is "MODIFY", not "REMOVE"; eventName is "MODIFY", not "INSERT"',
    ),
    (
        [{"eventName": [{"anything-but": ["MODIFY", "REMOVE"]}]}],
        'eventName is "MODIFY", not anything but "MODIFY" or "REMOVE"',
    ),
    ([{"eventName": [{"prefix": "INS"}]}], 'eventName is "MODIFY", not a text that begins with "INS"'),
    (
        [{"eventName": ["MODIFY"], "dynamodb": {"Keys": {"id": {"S": ["B"]}}}}],
        'dynamodb.Keys.id.S is "A", not "B"',
    ),
    ([image(colour={"S": ["red"]})], 'dynamodb.NewImage.colour.S is missing, not "red"'),
    ([{"userIdentity": {"type": [{"exists": True}]}}], "userIdentity.type is missing, not present"),
    ([{"eventName": [{"exists": False}]}], 'eventName is "MODIFY", not missing'),
]


def test_shape_drops(subtests: pytest.Subtests) -> None:
    for patterns, reason in DROPPED:
        with subtests.test(patterns=patterns):
            assert check(*patterns, of=MODIFY) == Verdict(delivered=False, reason=reason)


RULES = [
    (image(status={"S": [""]}), True),
    (image(status={"S": ["x"]}), False),
    (image(note={"NULL": [True]}), True),
    (image(note={"NULL": ["true"]}), False),
    (image(tags={"SS": ["blue"]}), True),
    (image(tags={"SS": ["green"]}), False),
    (image(lines={"L": {"S": ["two"]}}), True),
    (image(lines={"L": {"S": ["three"]}}), False),
    ({"dynamodb": {"Nothing": [None]}}, True),
    ({"dynamodb": {"Absent": [None]}}, False),
    (size(300), True),
    (size("300"), False),
    (size(300.0), False),
    ({"dynamodb": {"Ratio": [300]}}, False),
    (size({"numeric": [">", 299, "<=", 300]}), True),
    (size({"numeric": [">", 300]}), False),
    (size({"numeric": ["=", 300.0]}), True),
    (size({"numeric": [">=", 0]}, "other"), True),
    (size({"anything-but": 300}), False),
    (size({"anything-but": [1, 2]}), True),
    (image(status={"S": [{"anything-but": {"prefix": "x"}}]}), True),
    ({"dynamodb": {"Keys": {"id": {"S": [{"anything-but": {"prefix": "A"}}]}}}}, False),
    ({"dynamodb": {"Keys": {"id": {"S": [{"anything-but": {"suffix": "A"}}]}}}}, False),
    ({"dynamodb": {"Keys": {"id": {"S": [{"suffix": "A"}]}}}}, True),
    ({"dynamodb": {"Keys": {"id": {"S": [{"equals-ignore-case": "a"}]}}}}, True),
    ({"dynamodb": {"Keys": {"id": {"S": ["a"]}}}}, False),
    ({"dynamodb": {"Keys": {"id": [{"exists": True}]}}}, False),
    ({"dynamodb": {"Keys": {"id": [{"exists": False}]}}}, True),
    ({"dynamodb": {"OldImage": {"id": {"S": [{"exists": False}]}}}}, True),
    ({"dynamodb": {"Absent": [{"anything-but": ["x"]}]}}, False),
    ({"$or": [{"eventName": ["X"]}, size(300)]}, True),
    ({"$or": [{"eventName": ["X"]}, size(1)]}, False),
    ({"dynamodb": {"SizeBytes": [300], "$or": [{"Ratio": [1]}, {"Nothing": [None]}]}}, True),
    ({"dynamodb": {"SizeBytes": [1], "$or": [{"Ratio": [1]}, {"Nothing": [None]}]}}, False),
]


def test_rule_delivers_or_drops(subtests: pytest.Subtests) -> None:
    for pattern, delivered in RULES:
        with subtests.test(pattern=pattern):
            assert check(pattern, of=NESTED).delivered is delivered


def test_numbers_of_dynamodb_are_texts() -> None:
    assert not check(image(total={"N": [{"numeric": [">", 0]}]})).delivered
    assert check(image(total={"N": ["5"]})).delivered


INVALID = [
    ("{", "not JSON"),
    ("[]", "the filter pattern has to be an object with at least one field"),
    ("{}", "the filter pattern has to be an object with at least one field"),
    ('{"dynamodb": {}}', "the filter pattern, dynamodb has to be an object with at least one field"),
    ('{"eventName": "INSERT"}', 'eventName has to be a list of values or an object, not "INSERT"'),
    ('{"eventName": []}', "eventName has to be a list of values or an object"),
    ('{"eventName": [["INSERT"]]}', "neither a value nor one comparison"),
    ('{"eventName": [{"wildcard": "*"}]}', "eventName: no comparison wildcard. There are: exists, prefix"),
    ('{"eventName": [{"exists": "yes"}]}', "eventName: exists takes true or false"),
    ('{"eventName": [{"prefix": ""}]}', "eventName: prefix must be a string that is not empty"),
    ('{"eventName": [{"anything-but": [1, "x"]}]}', "eventName: anything-but must be strings or numbers"),
    ('{"eventName": [{"anything-but": []}]}', "eventName: anything-but must be strings or numbers"),
    ('{"eventName": [{"anything-but": {"exists": true}}]}', "anything-but takes values, a prefix or a suffix"),
    ('{"eventName": [{"numeric": [">"]}]}', "eventName: numeric takes one or two pairs"),
    ('{"eventName": [{"numeric": ["!", 1]}]}', 'numeric: ["!", 1] is not one of'),
    # Recorded on AWS.
    ('{"eventName": [{"numeric": [">", 0, ">", 0]}]}', 'numeric: [">", 0, ">", 0] has to be a lower limit, then an'),
    ('{"$or": [{"eventName": ["INSERT"]}]}', "$or has to be a list of at least two patterns"),
]


def test_invalid_pattern_is_rejected(subtests: pytest.Subtests) -> None:
    for text, complaint in INVALID:
        with subtests.test(text=text):
            with pytest.raises(DevError) as raised:
                parse_pattern(text)

            assert complaint in str(raised.value)
