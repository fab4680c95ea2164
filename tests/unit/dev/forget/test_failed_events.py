"""The failure bucket: what is in it besides failed events."""

import pytest

from tests.unit.forgetting import CANARY, forget, objects, put, stores


@pytest.mark.usefixtures("dynamodb")
def test_object_that_is_no_invocation_record_is_kept_unless_it_names_the_person() -> None:
    put("FailureBucket", "other", b"dynamodb")
    put("FailureBucket", "own", b"dynamodb canary@example.com")

    forget(CANARY, stores())

    assert objects("FailureBucket") == {"other": ["dynamodb"]}
