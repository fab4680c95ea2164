"""A Lambda authorizer for tokens of the user pool and for API keys, and a proxy of direct routes, in one container."""

import functools
import json
import os
import time
import urllib.request
import uuid
from typing import Any

import botocore.session
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.httpsession import URLLib3Session

from dev.local_aws.sam_gateway.tokens import InvalidTokenError, claims_of


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Authorize a request, or answer a request of a direct route."""
    match event.get("type"):
        case "TOKEN":
            return _check_token(event["authorizationToken"])
        case "REQUEST":
            return _check_key(event["headers"])
    return _invoke_adapter(event)


def _check_token(authorization: str) -> dict[str, Any]:
    try:
        claims = claims_of(authorization, os.environ["ISSUER"], _keys().get, time.time())
    except InvalidTokenError:
        return _policy("unknown", "Deny", {})
    return _policy(claims["sub"], "Allow", {"claims": {name: _text(value) for name, value in claims.items()}})


def _text(value: Any) -> str:
    """Return a claim as API Gateway passes it on. A list is `staff,writers`."""
    return ",".join(map(_text, value)) if isinstance(value, list) else str(value)


def _check_key(headers: dict[str, str]) -> dict[str, Any]:
    given = next((value for name, value in headers.items() if name.lower() == "x-api-key"), None)
    return _policy("api-key", "Allow" if given in os.environ["API_KEYS"].split(",") else "Deny", {})


def _policy(principal: str, effect: str, context: dict[str, Any]) -> dict[str, Any]:
    """Return the answer of an authorizer. SAM CLI accepts nested values in its context, AWS does not."""
    statement = {"Effect": effect, "Action": "execute-api:Invoke", "Resource": "*"}
    return {
        "principalId": principal,
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": context,
    }


@functools.cache
def _keys() -> dict[str, dict[str, str]]:
    """Return the keys of the user pool by id. They last as long as the pool."""
    with urllib.request.urlopen(os.environ["JWKS_URL"], timeout=10) as answer:  # noqa: S310 # nosec B310 - of the local stack
        return {key["kid"]: key for key in json.load(answer)["keys"]}


def _invoke_adapter(event: dict[str, Any]) -> dict[str, Any]:
    """Invoke the deployed adapter of a direct route. The layer's botocore has no model of Lambda."""
    # SAM CLI gives every request the same id and the time of its own start.
    event["requestContext"] |= {"requestId": str(uuid.uuid4()), "requestTimeEpoch": int(time.time() * 1000)}
    adapter = json.loads(os.environ["ADAPTERS"])[f"{event['httpMethod']} {event['resource']}"]
    url = f"{os.environ['AWS_ENDPOINT_URL']}/2015-03-31/functions/{adapter}/invocations"
    request = AWSRequest("POST", url, data=json.dumps(event).encode())
    session = botocore.session.get_session()
    credentials = session.get_credentials()
    if credentials is None:
        raise LookupError("The container has no credentials. Start sam local in a shell with `dev env`")
    SigV4Auth(credentials, "lambda", session.get_config_variable("region")).add_auth(request)
    answer: dict[str, Any] = json.loads(URLLib3Session().send(request.prepare()).content)
    return answer
