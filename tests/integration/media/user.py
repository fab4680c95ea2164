"""What a user of the media hub does."""

import base64
import json
from dataclasses import dataclass
from typing import Any

import httpx

from tests.media_files import PDF
from tests.waiting import wait_until

type Media = dict[str, Any]
type Form = dict[str, Any]


@dataclass(frozen=True)
class MediaUser:
    """One who has signed in; `s3` is an HTTP client without credentials."""

    api: httpx.Client
    s3: httpx.Client

    @property
    def id(self) -> str:
        """The user's permanent id, as the token says."""
        claims = self.api.headers["Authorization"].split(".")[1]
        found: str = json.loads(base64.urlsafe_b64decode(claims + "=="))["sub"]
        return found

    def upload(self, data: bytes = PDF, content_type: str = "application/pdf", **fields: str) -> httpx.Response:
        """Send a file through the function; `fields` are name, caption and filename."""
        texts = {"name": "Test", "caption": "", "filename": "file"} | fields
        return self.api.post("media", files={"file": (texts.pop("filename"), data, content_type)}, data=texts)

    def expect(self, size: int, content_type: str = "application/pdf", **facts: Any) -> httpx.Response:
        """Ask for a form for a file."""
        expected = {"name": "Test", "caption": "", "filename": "file", "content_type": content_type, "size": size}
        return self.api.post("media/uploads", json=expected | facts)

    def send(self, form: Form, data: bytes, **changes: str | None) -> httpx.Response:
        """Send a form with a file to S3; fields that are changed to None are left out."""
        fields = {name: value for name, value in (form["fields"] | changes).items() if value is not None}
        return self.s3.post(form["url"], data=fields, files={"file": data})

    def settled(self, media_id: str) -> Media:
        """Wait until a media is pending no more. Returns it."""
        wait_until(lambda: self.get(media_id)["status"] != "pending")
        return self.get(media_id)

    def send_by_form(self, data: bytes, content_type: str = "application/pdf", **facts: Any) -> str:
        """Send a file straight to S3. Returns the id of its media, which may still be pending."""
        expected = self.expect(len(data), content_type, **facts).json()
        assert self.send(expected["upload"], data).status_code == 204
        media_id: str = expected["id"]
        return media_id

    def upload_by_form(self, data: bytes, content_type: str = "application/pdf", **facts: Any) -> Media:
        """Send a file straight to S3, and wait for its inspection. Returns its media."""
        return self.settled(self.send_by_form(data, content_type, **facts))

    def get(self, media_id: str) -> Media:
        media: Media = self.api.get(f"media/{media_id}").json()
        return media

    def share(self, media_id: str) -> dict[str, str]:
        link: dict[str, str] = self.api.post(f"media/{media_id}/links", json={}).json()
        return link

    def download(self, media_id: str) -> httpx.Response:
        """Follow the download of one's own media to the file."""
        return self.s3.get(self.api.get(f"media/{media_id}/download").headers["Location"])
