"""OnMediaUploadFunction: the bytes that it reads and its memory are limited."""

import io
import tracemalloc
from typing import Any

import pytest

from media import files
from media.validation import MAX_IMAGE_BYTES
from tests.media_files import MP4, PDF, image_file
from tests.unit.media.conftest import Bucket
from tests.unit.media.uploads import expect, stored, tell

pytestmark = pytest.mark.usefixtures("clock")
MEBIBYTE = 1024 * 1024


class LargeFile:
    """S3 with a file of `size` bytes that begins with `head`. Counts the bytes it sends."""

    def __init__(self, head: bytes, size: int) -> None:
        self.head, self.size, self.sent = head, size, 0

    def head_object(self, **_: Any) -> dict[str, Any]:
        return {"ContentLength": self.size}

    def get_object(self, *, Range: str | None = None, **_: Any) -> dict[str, Any]:  # noqa: N803 - S3's name
        end = self.size if Range is None else int(Range.removeprefix("bytes=0-")) + 1
        self.sent += end
        return {"Body": io.BytesIO(self.head.ljust(end, b"x"))}


@pytest.mark.parametrize("size", [MEBIBYTE, 90 * MEBIBYTE], ids=["1 MiB", "90 MiB"])
@pytest.mark.parametrize(("content_type", "head"), [("application/pdf", PDF), ("video/mp4", MP4)])
def test_only_the_beginning_of_a_file_is_read(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch, content_type: str, head: bytes, size: int
) -> None:
    media = expect(content_type=content_type, size=size)
    file = LargeFile(head, size)
    monkeypatch.setattr(files._s3, "head_object", file.head_object)
    monkeypatch.setattr(files._s3, "get_object", file.get_object)

    tell(media, "v1")

    assert (stored().status, stored().size) == ("ready", size)
    assert file.sent == 65_536


@pytest.mark.parametrize("size", [20 * MEBIBYTE, 90 * MEBIBYTE], ids=["20 MiB", "90 MiB"])
def test_image_is_read_up_to_its_size_limit(bucket: Bucket, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """Presigned POSTs are limited to this size. A larger file is not read either."""
    media = expect(content_type="image/png", size=size)
    file = LargeFile(image_file(), size)
    monkeypatch.setattr(files._s3, "head_object", file.head_object)
    monkeypatch.setattr(files._s3, "get_object", file.get_object)
    monkeypatch.setattr(files._s3, "delete_object", lambda **_: None)

    tell(media, "v1")

    assert file.sent == MAX_IMAGE_BYTES


class TextBody:
    """The body of an answer of S3: `size` letters, made when they are read."""

    def __init__(self, size: int) -> None:
        self._left = size

    def read(self, most: int | None = None) -> bytes:
        taken = self._left if most is None else min(most, self._left)
        self._left -= taken
        return b"x" * taken

    def close(self) -> None:
        """Free nothing."""


def test_text_is_read_in_pieces(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    size = 20 * MEBIBYTE
    media = expect(content_type="text/plain", size=size)
    monkeypatch.setattr(files._s3, "head_object", lambda **_: {"ContentLength": size})
    monkeypatch.setattr(files._s3, "get_object", lambda **_: {"Body": TextBody(size)})

    tracemalloc.start()
    try:
        tell(media, "v1")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert (stored().status, stored().size) == ("ready", size)
    assert peak < 8 * MEBIBYTE
