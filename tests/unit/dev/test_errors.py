"""Errors that end a command with a message."""

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from dev.errors import DevError, exits_with


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (DevError("Try again."), "Try again."),
        (IsADirectoryError(21, "Is a directory", "/tmp"), "Is a directory: /tmp"),
        (ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "Scan"), "An error occurred (AccessDenied)"),
        (BotoCoreError(), "An unspecified error occurred"),
    ],
)
def test_error_that_a_user_can_correct_is_a_message(
    error: Exception, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended, exits_with(2):
        raise error

    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith(f"error: {message}")


@pytest.mark.parametrize("error", [KeyError("id"), ConnectionResetError(104, "reset")])
def test_any_other_error_keeps_its_traceback(error: Exception) -> None:
    with pytest.raises(type(error)), exits_with(2):
        raise error
