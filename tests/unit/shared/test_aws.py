"""AWS clients."""

from unittest import mock

import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.httpsession import URLLib3Session

from shared.aws import dynamodb_client

pytestmark = pytest.mark.usefixtures("dynamodb")


def test_function_starts_although_dynamodb_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "in-memory")
    create = dynamodb_client.__wrapped__  # not the cached client

    with mock.patch.object(URLLib3Session, "send", side_effect=EndpointConnectionError(endpoint_url="")) as sent:
        create()

    sent.assert_called_once()
