"""Outcomes of functions with and without event files."""

from typing import Any

import pytest

from dev.errors import DevError
from dev.events.coverage import coverage
from dev.events.sources import Application
from dev.replay.cases import Case
from tests.unit.dev.events.notes import APPLICATION, BUCKET_EVENT, CONTRACT, ROUTE_EVENT, STREAM_EVENT, TEMPLATE


def case(function: str, event: dict[str, Any], **expect: Any) -> Case:
    return Case(function, "case", event, expect)


def test_outcomes_of_contract_and_consumers_are_counted() -> None:
    found = coverage(
        APPLICATION,
        [
            case("notes/create", ROUTE_EVENT, status=201),
            case("notes/create", ROUTE_EVENT, status=201),
            case("notes/create", ROUTE_EVENT, status=500),
            case("notes/on_change", STREAM_EVENT, returns={"batchItemFailures": [{"itemIdentifier": "1"}]}),
            case("notes/on_file", BUCKET_EVENT, returns=None),
        ],
    )

    assert {each.function: each.outcomes for each in found} == {
        "notes/create": {"201": 2, "400": 0, "404": 0, "500": 1},
        "notes/on_change": {"partial failure": 1, "success": 0},
        "notes/on_file": {"raise": 0, "success": 1},
        "notes/authorize": {"raise": 0, "success": 0},
    }
    assert found[0].without_event == ["400", "404"]


def test_an_event_with_a_record_that_the_filter_drops_is_filtered() -> None:
    mapping = TEMPLATE["Resources"]["OnNoteMapping"]
    filtered = {"FilterCriteria": {"Filters": [{"Pattern": '{"eventName": ["REMOVE"]}'}]}}
    with_filter = mapping | {"Properties": mapping["Properties"] | filtered}
    application = Application({"Resources": TEMPLATE["Resources"] | {"OnNoteMapping": with_filter}}, CONTRACT)

    found = coverage(application, [case("notes/on_change", STREAM_EVENT, returns={"batchItemFailures": []})])

    assert found[1].outcomes == {"filtered": 1, "partial failure": 0, "success": 1}


def test_a_mapping_of_a_queue_is_no_stream() -> None:
    source = {"EventSourceArn": {"Fn::GetAtt": "Queue.Arn"}, "FunctionName": {"Ref": "CreateNoteFunction"}}
    more = {
        "Queue": {"Type": "AWS::SQS::Queue"},
        "M": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": source},
    }
    application = Application({"Resources": TEMPLATE["Resources"] | more}, CONTRACT)

    assert coverage(application, [])[0].outcomes == {"201": 0, "400": 0, "404": 0}


def test_an_event_of_a_stream_may_have_no_records() -> None:
    found = coverage(APPLICATION, [case("notes/on_change", {}, raises="KeyError")])

    assert found[1].outcomes == {"partial failure": 0, "raise": 1, "success": 0}


@pytest.mark.parametrize(
    ("contract", "problem"),
    [
        ({"paths": {}}, r"^POST /notes/\{note_id\} is not in api/openapi\.yaml\. Declare it there\.$"),
        (
            CONTRACT | {"components": CONTRACT["components"] | {"parameters": {}}},
            r"^#/components/parameters/NoteId is not defined in api/openapi\.yaml\.$",
        ),
    ],
)
def test_a_route_or_a_reference_that_the_contract_lacks_is_named(contract: dict[str, Any], problem: str) -> None:
    with pytest.raises(DevError, match=problem):
        coverage(Application(TEMPLATE, contract), [])
