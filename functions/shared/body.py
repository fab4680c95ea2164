"""JSON bodies: parsed strictly, with exact numbers, and validated against a schema that is compiled once."""

import json
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

import fastjsonschema

from shared.api import Request
from shared.errors import InvalidBodyError, TooLargeError

MAX_BYTES = 64 * 1024
"""Larger bodies are rejected before they are parsed."""

type BodyParser = Callable[[Request], dict[str, Any]]


def json_body(schema: dict[str, Any]) -> BodyParser:
    """Return a parser of bodies that match `schema`, an object schema with additionalProperties false.

    The parser returns whole numbers as int and others as Decimal. It raises InvalidBodyError, or TooLargeError for
    more than MAX_BYTES.
    """
    validate = fastjsonschema.compile(schema)

    def parse(request: Request) -> dict[str, Any]:
        body: dict[str, Any] = _loads(_text(request))
        try:
            validate(body)
        except fastjsonschema.JsonSchemaValueException as error:
            raise InvalidBodyError(_explanation(error)[:200]) from error
        return body

    return parse


def _explanation(error: fastjsonschema.JsonSchemaValueException) -> str:
    """Return what is wrong as a sentence. The library's own names the body `data`, and fields as a Python list."""
    if error.rule == "required":
        return f"These fields are required: {', '.join(error.rule_definition)}."
    if error.rule == "additionalProperties":
        return f"Only these fields are allowed: {', '.join(error.definition['properties'])}."
    return f"{error.message.removeprefix('data.').replace('data ', 'The body ', 1)}."


def _text(request: Request) -> str:
    body = request.body_bytes()
    if len(body) > MAX_BYTES:
        raise TooLargeError(f"The body can have at most {MAX_BYTES} bytes.")
    try:
        return body.decode()
    except UnicodeError as error:
        raise InvalidBodyError("The body is not UTF-8 text.") from error


def _loads(text: str) -> Any:
    if not text:
        raise InvalidBodyError("The body is empty.")
    try:
        return json.loads(
            text,
            parse_float=Decimal,
            parse_constant=_reject_constant,
            object_pairs_hook=_without_duplicates,
        )
    except (ValueError, InvalidOperation, RecursionError) as error:
        raise InvalidBodyError("The body is not valid JSON.") from error


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Reject duplicate names: parsers differ in which of the values they use."""
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise InvalidBodyError("A name occurs twice in an object.")
    return fields


def _reject_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
