"""Media: uploads a picture in both ways, and follows, counts, revokes and expires links."""

import hashlib
import io
from pathlib import Path
from typing import Any

import httpx
from PIL import Image

from dev.application.stack import Stack
from dev.application.walkthrough.steps import Headers, Show, Steps
from dev.errors import DevError
from dev.local_aws.waiting import LONGEST_SECONDS

PICTURE = (Path(__file__).parents[1] / "media" / "harbour.jpg").read_bytes()
"""Its EXIF contains a location."""
ABOUT = {"name": "Harbour at dusk (demo)", "caption": "Uploaded by the walk."}
PROMISED = {
    "filename": "harbour.jpg",
    "content_type": "image/jpeg",
    "size": len(PICTURE),
    "sha256": hashlib.sha256(PICTURE).hexdigest(),
}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def walk(stack: Stack, show: Show) -> None:
    show.pattern("Media: uploads", "by alice@example.com, through a function and directly to S3")
    alice, bob = ({"Authorization": stack.token(name)} for name in ("alice", "bob"))
    with stack.http() as http, httpx.Client(timeout=LONGEST_SECONDS, trust_env=False) as s3:
        _delete_demos(http, alice)  # left by a walk that was interrupted
        step = Steps(http, show, _summary)
        direct = _upload(step, alice)
        by_form = _upload_by_form(step, s3, alice)
        _show_thumbnail(step, s3, by_form["thumbnail_url"])
        files = {"file": ("harbour.svg", SVG, "image/svg+xml")}
        step(422, "POST", "media", " of an SVG", alice, data=ABOUT, files=files)
        show.pattern("Media: share links", "followed and counted until they are revoked or expire")
        _share(step, s3, f"media/{by_form['id']}", alice)
        show.pattern("Media: files", "downloaded and deleted by their owner only")
        _download(step, s3, f"media/{direct['id']}/download", alice)
        step(404, "GET", f"media/{direct['id']}/download", " as bob", bob)
        for media in (direct, by_form):
            step(204, "DELETE", f"media/{media['id']}", "", alice)


def _upload(step: Steps, alice: Headers) -> dict[str, Any]:
    """Upload through the function. Return the media."""
    files = {"file": ("harbour.jpg", PICTURE, "image/jpeg")}
    media: dict[str, Any] = step(201, "POST", "media", "", alice, data=ABOUT, files=files).json()
    step.called[media["id"]] = "{id}"
    return media


def _upload_by_form(step: Steps, s3: httpx.Client, alice: Headers) -> dict[str, Any]:
    """Upload directly to S3, which notifies a function. Return the media."""
    expected = step(201, "POST", "media/uploads", "", alice, json=ABOUT | PROMISED).json()
    step.called[expected["id"]] = "{id}"
    form = expected["upload"]
    answer = s3.post(form["url"], data=form["fields"], files={"file": PICTURE})
    if answer.status_code != httpx.codes.NO_CONTENT:
        raise DevError(f"S3 answered {answer.status_code}: {answer.text}")
    step.show("204 POST   the form with the picture, to S3")
    media: dict[str, Any] = step(200, "GET", f"media/{expected['id']}", "", alice, until=_is_settled).json()
    if media["status"] != "ready":
        raise DevError(f"The picture is {media['status']}: {media['reason']}")
    return media


def _is_settled(answer: httpx.Response) -> bool:
    return bool(answer.json()["status"] != "pending")


def _show_thumbnail(step: Steps, s3: httpx.Client, url: str) -> None:
    with Image.open(io.BytesIO(s3.get(url).content)) as thumbnail, Image.open(io.BytesIO(PICTURE)) as picture:
        if not picture.getexif() or thumbnail.getexif():
            raise DevError("The picture should have EXIF, and its thumbnail should not")
        step.show("its thumbnail", f"{thumbnail.format}, {_pixels(*thumbnail.size)}, no EXIF")


def _share(step: Steps, s3: httpx.Client, media: str, alice: Headers) -> None:
    """Create a link that is followed and revoked, a link that expires, and revoke all links."""
    token = _new_link(step, media, alice, expires_in=3600)
    _download_shared(step, s3, f"shared/{token}")
    (link,) = step(200, "GET", f"{media}/stats", "", alice).json()["links"]
    step.called[link["id"]] = "{link_id}"
    step(204, "DELETE", f"{media}/links/{link['id']}", "", alice)
    step(404, "GET", f"shared/{token}", " once it is revoked")
    token = _new_link(step, media, alice, expires_in=1)
    step(410, "GET", f"shared/{token}", " once it has expired", until=lambda answer: answer.is_client_error)
    step(204, "DELETE", f"{media}/links", "", alice)


def _new_link(step: Steps, media: str, alice: Headers, expires_in: int) -> str:
    wanted = {"expires_in": expires_in}
    token: str = step(201, "POST", f"{media}/links", f" for {expires_in} s", alice, json=wanted).json()["token"]
    step.called[token] = "{token}"
    return token


def _download(step: Steps, s3: httpx.Client, path: str, alice: Headers) -> None:
    """Follow the redirect to S3. Raises DevError if the file is not identical."""
    file = s3.get(step(302, "GET", path, "", alice).headers["Location"])
    kind, size = file.headers["Content-Type"], len(file.content)
    if (file.status_code, kind, file.content) != (httpx.codes.OK, "image/jpeg", PICTURE):
        raise DevError(f"S3 answered {file.status_code} with {size} bytes of {kind}")
    step.show("200 GET    its presigned URL in S3", f"{kind}, the same {size} bytes")


def _download_shared(step: Steps, s3: httpx.Client, path: str) -> None:
    """Follow a share link to S3. Raises DevError if the picture is not the same, or has EXIF."""
    file = s3.get(step(302, "GET", path, " without signing in", {}).headers["Location"])
    with Image.open(io.BytesIO(file.content)) as shared, Image.open(io.BytesIO(PICTURE)) as picture:
        if shared.getexif() or shared.tobytes() != picture.tobytes():
            raise DevError("The shared picture should be the same, without EXIF")
    step.show("200 GET    its presigned URL in S3", f"{file.headers['Content-Type']}, the same picture, no EXIF")


def _delete_demos(http: httpx.Client, alice: Headers) -> None:
    for media in http.get("media", params={"limit": 100}, headers=alice).json()["items"]:
        if media["name"] == ABOUT["name"]:
            http.delete(f"media/{media['id']}", headers=alice)


def _summary(body: Any) -> str:
    """Return a summary of a form, a link, statistics or a media."""
    if "upload" in body:
        return f"a form for S3, valid for {body['upload']['expires_in']} s"
    if "token" in body:
        return "/shared/{token}"
    if "by_day" in body:
        return f"{body['downloads']} download{'' if body['downloads'] == 1 else 's'}"
    found = f"{body['content_type']}, {body['size']} bytes, {_pixels(body['width'], body['height'])}"
    return f"{found}, SHA-256 {str(body['sha256'])[:8]}…, {body['status']}"


def _pixels(width: int, height: int) -> str:
    return f"{width} x {height}"
