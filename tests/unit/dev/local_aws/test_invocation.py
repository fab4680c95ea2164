"""The outcome in an answer of Lambda."""

import io
import json

from dev.local_aws.invocation import Outcome, outcome


def test_error_has_its_traceback() -> None:
    failure = {
        "errorMessage": "spoilt",
        "errorType": "LookupError",
        "stackTrace": ['  File "/var/task/a.py", line 3, in handler\n    raise LookupError("spoilt")\n'],
    }
    answer = {"FunctionError": "Unhandled", "Payload": io.BytesIO(json.dumps(failure).encode())}

    traceback = '  File "/var/task/a.py", line 3, in handler\n    raise LookupError("spoilt")\nLookupError: spoilt'
    assert outcome(answer, "") == Outcome(None, "spoilt", "", traceback)
