"""What S3 takes of a form that it honours by itself, and what it does not."""

import base64
import json
import uuid

import pytest
from botocore.config import Config

from dev.application.stack import Stack, Status
from dev.local_aws.emulator import root_session
from media import files
from tests.integration.media.conftest import LeftOf
from tests.integration.media.user import Form, MediaUser
from tests.media_files import MP4, PDF
from tests.unit.media.calls import pending
from tests.waiting import wait_until


def new_form(user: MediaUser) -> tuple[str, Form]:
    """Return the id of a pending PDF, and its form."""
    expected = user.expect(len(PDF)).json()
    return expected["id"], expected["upload"]


CHANGES: dict[str, dict[str, str | None]] = {
    "other key": {"key": "uploads/victim/0123456789abcdef0123456789abcdef"},
    "key of files that went through the function": {"key": "files/victim/x"},
    "key with a file's name": {"key": "uploads/${filename}"},
    "other type": {"Content-Type": "text/html"},
    "no type": {"Content-Type": None},
    "shown, not saved": {"Content-Disposition": "inline"},
    "no disposition": {"Content-Disposition": None},
    "another answer": {"success_action_status": "201"},
    "a redirection": {"success_action_redirect": "https://example.com"},
    "public": {"acl": "public-read"},
    "a field more": {"x-amz-meta-a": "b"},
    "an encoding": {"Content-Encoding": "gzip"},
    "no policy": {"policy": None},
    "a later date": {"x-amz-date": "20991231T000000Z"},
    "false signature": {"x-amz-signature": "0" * 64},
    "no signature": {"x-amz-signature": None},
    "no token": {"x-amz-security-token": None},
    "other signer": {"x-amz-credential": "test/20260101/us-east-1/s3/aws4_request"},
}


def test_changed_form_is_rejected(ann: MediaUser, left_of: LeftOf) -> None:
    media_id, form = new_form(ann)

    answers = {name: ann.send(form, PDF, **changes).status_code for name, changes in CHANGES.items()}

    assert {name: status for name, status in answers.items() if not 400 <= status < 500} == {}
    assert left_of(media_id) == {"items": [media_id]}
    assert left_of("victim") == {}


def test_file_of_another_size_is_rejected(ann: MediaUser, left_of: LeftOf) -> None:
    media_id, form = new_form(ann)

    answers = [ann.send(form, data) for data in (b"", PDF[:-1], PDF + b"x", PDF * 1000)]

    assert [answer.status_code for answer in answers] == [400] * 4
    assert left_of(media_id) == {"items": [media_id]}


def test_policy_that_was_tampered_with_is_rejected(ann: MediaUser, left_of: LeftOf) -> None:
    media_id, form = new_form(ann)
    policy = json.loads(base64.b64decode(form["fields"]["policy"]))
    policy["expiration"] = "2099-01-01T00:00:00Z"

    answer = ann.send(form, PDF, policy=base64.b64encode(json.dumps(policy).encode()).decode())

    assert answer.status_code == 403
    assert left_of(media_id) == {"items": [media_id]}


def test_form_without_any_signing_or_without_a_file_is_rejected(ann: MediaUser, left_of: LeftOf) -> None:
    media_id, form = new_form(ann)
    key = {"key": form["fields"]["key"]}

    assert ann.send({"url": form["url"], "fields": key}, PDF).status_code == 403
    assert ann.s3.post(form["url"], data=form["fields"]).status_code >= 400
    assert left_of(media_id) == {"items": [media_id]}


@pytest.mark.parametrize(("seconds", "answer"), [(300, 204), (-1, 403)], ids=["good", "expired"])
def test_form_is_good_until_it_expires(
    ann: MediaUser, left_of: LeftOf, signed_here: None, monkeypatch: pytest.MonkeyPatch, seconds: int, answer: int
) -> None:
    """An upload without a media is deleted."""
    media = pending(object_key=f"uploads/nobody/{uuid.uuid4().hex}")
    monkeypatch.setattr(files, "POST_SECONDS", seconds)

    assert ann.send(files.presigned_post(media), MP4).status_code == answer
    wait_until(lambda: left_of("uploads/nobody/") == {})


@pytest.fixture
def signed_here(stack: Stack, status: Status, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the functions' own code sign forms for the deployed bucket in this process."""
    config = Config(signature_version="s3v4", s3={"addressing_style": "path"})
    client = root_session().client("s3", endpoint_url=status.endpoint_url, config=config)
    monkeypatch.setattr(files, "_s3", client)
    monkeypatch.setenv("MEDIA_BUCKET", status.buckets["MediaBucket"])


def test_form_that_is_sent_again_changes_nothing(ann: MediaUser, left_of: LeftOf) -> None:
    """S3 takes it again while it is good; the second file goes, and the first is what is downloaded."""
    media_id, form = new_form(ann)
    other = PDF.replace(b"Catalog", b"Replays")
    assert ann.send(form, PDF).status_code == 204
    media = ann.settled(media_id)
    first = left_of(media_id)

    again = ann.send(form, other)
    wait_until(lambda: left_of(media_id) == first)

    assert again.status_code == 204
    assert ann.get(media_id) == media
    assert ann.download(media_id).content == PDF


def test_form_that_is_sent_after_the_deletion_leaves_nothing(ann: MediaUser, left_of: LeftOf) -> None:
    media_id, form = new_form(ann)
    ann.api.delete(f"media/{media_id}")

    answer = ann.send(form, PDF)
    wait_until(lambda: left_of(media_id) == {})

    assert answer.status_code == 204
    assert ann.api.get(f"media/{media_id}").status_code == 404
