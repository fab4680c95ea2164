"""Arguments and options that several commands have."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def parse_time(text: str) -> datetime:
    """Return the moment of an ISO time, which is UTC by default, or of a duration before now. Raises BadParameter."""
    try:
        if ago := re.fullmatch(r"(\d+)([smhd])", text):
            return datetime.now(UTC) - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
        moment = datetime.fromisoformat(text)
    except (OverflowError, ValueError):
        raise typer.BadParameter("Pass a duration such as 10m, or a time such as 2026-11-26T17:16.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


FunctionName = Annotated[
    str, typer.Argument(metavar="FUNCTION", help="Logical id, or FEATURE/FILE as in functions/FEATURE/FILE.py.")
]
StackName = Annotated[
    str | None, typer.Option("--stack", metavar="NAME", help="Stack on AWS instead of the local one.")
]
Profile = Annotated[str | None, typer.Option(help="Credentials profile for --stack. Default: the shell's.")]
Region = Annotated[str | None, typer.Option(help="Region of --stack. Default: the shell's.")]
Confirm = Annotated[
    str | None, typer.Option(metavar="NAME", help="Name of the stack on AWS, instead of typing it. For pipelines.")
]
Since = Annotated[
    datetime | None,
    typer.Option(
        parser=parse_time,
        metavar="TIME",
        help="Start: a duration before now (30s, 10m, 2h, 1d), or an ISO time in UTC.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
