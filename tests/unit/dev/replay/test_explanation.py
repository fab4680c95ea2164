"""How a failed case reads."""

import json

from dev.local_aws.invocation import Outcome
from dev.replay.explanation import coloured, explain_failure
from dev.replay.matching import Difference, Words

FOUND = [
    Difference("answer.status", 201, 500),
    Difference("answer.body", {"id": {"IsStr": "[0-9a-f]{32}"}, "n": 1}, {"code": "InternalError"}),
]
CHANGES = [("OrdersTable C1 / O1", Words("absent"), {"tags": {"a"}})]
LOG = [
    "START RequestId: 1",
    json.dumps({"level": "INFO", "message": "stored", "order": 1, "timestamp": "t", "function_name": "f"}),
    json.dumps({"_aws": {}, "Stored": [1.0]}),
]
TABLE = """\
expected                             │ actual
answer.status
201                                  │ 500
answer.body
{                                    │ {
  "id": {"IsStr": "[0-9a-f]{32}"},   │   "code": "InternalError"
  "n": 1                             │ }
}                                    │"""


def test_failure_in_blocks() -> None:
    assert explain_failure(FOUND, CHANGES, Outcome({"statusCode": 500}, None, "\n".join(LOG))) == [
        "answer.status is 500, not 201",
        TABLE,
        """before                               │ after
OrdersTable C1 / O1
absent                               │ {
                                     │   "tags": {
                                     │     "SS": [
                                     │       "a"
                                     │     ]
                                     │   }
                                     │ }""",
        'result\n{\n  "statusCode": 500\n}',
        'log\nSTART RequestId: 1\nINFO stored {"order": 1}\nmetrics {"Stored": [1]}',
    ]


def test_tracebacks_are_first_and_whole() -> None:
    traceback = "Traceback (most recent call last):\n" + "x" * 200 + "\nNameError: y"
    log = json.dumps({"level": "ERROR", "message": "failed", "exception": traceback})

    told = explain_failure(FOUND, [], Outcome(None, "y", log))

    assert told[:2] == ["NameError: y", traceback]
    assert told[-2:] == ["result\ny", "log\nERROR failed {}"]


def test_all_but_tracebacks_fits_80_columns() -> None:
    long = "x" * 5000

    told = explain_failure([Difference(long, long, {long: long})], [], Outcome(long, None, long))

    assert max(len(line) for block in told for line in block.splitlines()) == 75
    assert "… and " in told[1]


def test_titles_and_columns_have_styles() -> None:
    text = coloured("     expected │ actual\n     answer.status\n     201 │ 500")

    styles = {(text.plain[span.start : span.end].strip(), span.style) for span in text.spans}
    assert styles >= {("expected │ actual", "bold"), ("answer.status", "bold"), ("201", "cyan"), ("500", "magenta")}
