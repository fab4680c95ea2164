"""Uploads on which OnMediaUploadFunction failed are stored in the failure bucket, and redriven."""

import contextlib
from collections.abc import Iterator

import httpx

from dev.application.stack import Stack, Status
from tests.integration.consumers import failed_events, redriven
from tests.waiting import wait_until

FUNCTION = "OnMediaUploadFunction"
TEXT = b"hello"


@contextlib.contextmanager
def broken(stack: Stack, status: Status) -> Iterator[None]:
    """The function looks for its media in a table that is not there."""
    client, name = stack.client("lambda"), status.functions[FUNCTION]
    variables = client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    spoilt = variables | {"MEDIA_TABLE": "no-such-table"}
    client.update_function_configuration(FunctionName=name, Environment={"Variables": spoilt})
    try:
        yield
    finally:
        client.update_function_configuration(FunctionName=name, Environment={"Variables": variables})


def upload(client: httpx.Client) -> str:
    """Send a text straight to S3. Returns the media's id."""
    about = {"name": "Note", "caption": "", "filename": "note.txt", "content_type": "text/plain", "size": len(TEXT)}
    expected = client.post("media/uploads", json=about).json()
    form = expected["upload"]
    answer = httpx.post(form["url"], data=form["fields"], files={"file": TEXT}, trust_env=False)
    assert answer.status_code == 204, answer.text
    media_id: str = expected["id"]
    return media_id


def test_upload_that_was_given_up_is_completed_by_a_redrive(stack: Stack, status: Status, alice: httpx.Client) -> None:
    with broken(stack, status):
        media_id = upload(alice)
        wait_until(lambda: failed_events(stack, FUNCTION))
        assert redriven(stack, FUNCTION) == ["failed"]
        assert alice.get(f"media/{media_id}").json()["status"] == "pending"

    assert redriven(stack, FUNCTION) == ["redriven"]
    assert alice.get(f"media/{media_id}").json()["status"] == "ready"
    assert failed_events(stack, FUNCTION) == []
    assert alice.delete(f"media/{media_id}").status_code == 204
