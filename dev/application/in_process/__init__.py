"""AWS in memory (moto) with the template's tables and buckets, and functions called in this process."""

import contextlib
import functools
import importlib
import io
import json
import os
import pdb  # noqa: T100 - for breakpoint()
import sys
import threading
import traceback
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, cast

import botocore.session
from aws_lambda_powertools.utilities.typing import LambdaContext

from dev.application.features import parts
from dev.errors import DevError
from dev.local_aws.emulator import REGION, environment_without_aws
from dev.local_aws.invocation import Outcome
from dev.local_aws.signals import Interrupted
from dev.local_aws.template import Function, resources

_FEATURES = parts("in_process", "VARIABLES")
"""Modules with the environment VARIABLES of a feature, except names of tables and buckets."""

_CREATE_TABLE = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "StreamSpecification")


def function_environment() -> dict[str, str]:
    """Return the environment of functions: this process's, without the user's settings of AWS and Powertools."""
    ours = {
        "AWS_ACCESS_KEY_ID": "in-memory",
        "AWS_SECRET_ACCESS_KEY": "in-memory",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",  # moto does not know such addresses of streams
        "POWERTOOLS_SERVICE_NAME": "in-memory",
        "POWERTOOLS_METRICS_NAMESPACE": "in-memory",
        "POWERTOOLS_LOG_LEVEL": "INFO",
    }
    outer = environment_without_aws().items()
    variables = {name: value for name, value in outer if not name.startswith("POWERTOOLS_")} | ours
    for feature in _FEATURES:
        variables |= feature.VARIABLES
    return variables


@contextlib.contextmanager
def in_memory_aws(template: Mapping[str, Any]) -> Iterator[None]:
    """Provide every table and bucket of `template`, and the functions' environment."""
    from moto import mock_aws

    _correct_moto()
    with environment(function_environment()), mock_aws():
        _make_tables(template)
        _make_buckets(template)
        yield


@functools.cache
def _correct_moto() -> None:
    """Correct how moto handles requests to DynamoDB.

    It looks for every possible type of every attribute under a dozen names, which takes a tenth of a replay. Here, it
    looks under the own name only. It lists the methods of a service for every request. Here, it lists them once. Its
    transactions copy whole tables. Here, requests of threads wait for each other.
    """
    from moto.core import responses
    from moto.core.serialize import SERVICE_SPECIFIC_SERIALIZERS, JSONSerializer
    from moto.core.utils import method_names_from_class
    from moto.dynamodb.responses import DynamoHandler

    class ExactNames(JSONSerializer):
        def get_value(self, value: Any, key: str, shape: Any) -> Any:
            return value.get(key) if isinstance(value, dict) else super().get_value(value, key, shape)

    responses.method_names_from_class = functools.cache(method_names_from_class)  # type: ignore[attr-defined]
    SERVICE_SPECIFIC_SERIALIZERS["dynamodb"] = {"json": ExactNames}
    call_action, lock = DynamoHandler.call_action, threading.RLock()

    def locked(handler: DynamoHandler) -> Any:
        with lock:
            return call_action(handler)

    DynamoHandler.call_action = locked  # type: ignore[method-assign]


@contextlib.contextmanager
def token_issuer() -> Iterator[Callable[[str], str]]:
    """Run the token issuer, if a feature has one. Yield a function that returns a new ID token of a user."""
    for feature in parts("in_process", "token_issuer"):
        with feature.token_issuer() as (variables, token), added_environment(variables):
            yield token
            return
    yield no_token


def no_token(name: str) -> str:
    raise DevError(f"No feature of this application uses tokens. Remove TOKEN_OF_{name} from the event.")


def physical_name(logical_id: str) -> str:
    """Return the name of a table or bucket in memory, in lower case because of buckets."""
    return logical_id.lower() if logical_id.endswith("Bucket") else logical_id


@functools.cache
def client(service: Literal["dynamodb", "s3"]) -> Any:
    """Return the cached client of AWS in memory, because creating one takes longer than a case."""
    return botocore.session.get_session().create_client(service)


def _make_tables(template: Mapping[str, Any]) -> None:
    for name, body in resources(template, "AWS::DynamoDB::Table").items():
        properties = {key: body["Properties"][key] for key in _CREATE_TABLE if key in body["Properties"]}
        if "StreamSpecification" in properties:
            properties["StreamSpecification"] = {"StreamEnabled": True, **properties["StreamSpecification"]}
        client("dynamodb").create_table(TableName=physical_name(name), **properties)


def _make_buckets(template: Mapping[str, Any]) -> None:
    for name, body in resources(template, "AWS::S3::Bucket").items():
        bucket = physical_name(name)
        client("s3").create_bucket(Bucket=bucket)
        if versioning := body["Properties"].get("VersioningConfiguration"):
            client("s3").put_bucket_versioning(Bucket=bucket, VersioningConfiguration=versioning)


@dataclass
class _Context:
    """The part of a Lambda context that functions read."""

    aws_request_id: str
    function_name: str = "in-memory"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:123456789012:function:in-memory"

    def get_remaining_time_in_millis(self) -> int:
        return 10_000


def lambda_context() -> LambdaContext:
    """Return the context of a new invocation."""
    return cast("LambdaContext", _Context(aws_request_id=str(uuid.uuid4())))


def invoke(function: Function, event: dict[str, Any]) -> Outcome:
    """Call a function's handler in this process, within `in_memory_aws`."""
    module, _, attribute = function.handler.rpartition(".")
    stores = {variable: physical_name(store) for variable, store in function.stores.items()}
    log, trace = io.StringIO(), ""
    with added_environment(stores):
        try:
            handler = getattr(importlib.import_module(module), attribute)
            with captured_log(log):
                result, error = json.dumps(handler(event, lambda_context())), None
        except Interrupted:
            raise
        except (Exception, SystemExit) as raised:
            result, error, trace = "null", str(raised), traceback.format_exc()
    return Outcome(json.loads(result, parse_float=Decimal), error, log.getvalue(), trace)


@contextlib.contextmanager
def captured_log(log: io.StringIO) -> Iterator[None]:
    """Redirect the log and output of functions to `log`. Powertools' handler keeps the stdout of its creation."""
    from shared.observability import logger  # only once the environment is set

    handler: Any = logger.registered_handler
    stream, handler.stream = handler.stream, log  # not by setStream, which flushes the old one: it may be closed
    try:
        with contextlib.redirect_stdout(log), _breakpoints_on_the_terminal():
            yield
    finally:
        handler.stream = stream


@contextlib.contextmanager
def _breakpoints_on_the_terminal() -> Iterator[None]:
    """Let `breakpoint()` use the terminal while stdout is redirected. A debugger that is attached keeps its own.

    After `continue`, Ctrl-C still ends the command: without nosigint it would open the debugger again, for good.
    """
    hook = sys.breakpointhook

    def stop(*_: Any, **_names: Any) -> None:
        pdb.Pdb(stdin=sys.__stdin__, stdout=sys.__stdout__, nosigint=True).set_trace(sys._getframe(1))

    if hook is sys.__breakpointhook__:
        sys.breakpointhook = stop
    try:
        yield
    finally:
        sys.breakpointhook = hook


@contextlib.contextmanager
def added_environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Add variables. Unlike `environment`, this does not copy all others, and runs for each case."""
    saved = {name: os.environ[name] for name in variables if name in os.environ}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name in variables.keys() - saved.keys():
            os.environ.pop(name, None)
        os.environ.update(saved)


@contextlib.contextmanager
def environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Replace all variables."""
    saved = dict(os.environ)
    _set_environment(variables)
    try:
        yield
    finally:
        _set_environment(saved)


def _set_environment(variables: Mapping[str, str]) -> None:
    """Change what differs only, because each change is a call of the C library."""
    for name in os.environ.keys() - variables.keys():
        del os.environ[name]
    for name, value in variables.items():
        if os.environ.get(name) != value:
            os.environ[name] = value
