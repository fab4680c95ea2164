"""Links that S3 honours by itself."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from media import files
from tests.unit.media.calls import a_media


def signed(link: str) -> dict[str, str]:
    return {name: value for name, (value,) in parse_qs(urlsplit(link).query, strict_parsing=True).items()}


def disposition(filename: str, monkeypatch: pytest.MonkeyPatch, **facts: Any) -> str:
    monkeypatch.setenv("MEDIA_BUCKET", "mediabucket")
    return signed(files.download_link(a_media(filename=filename, **facts)))["response-content-disposition"]


def test_link_has_the_type_that_was_found_and_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDIA_BUCKET", "mediabucket")

    query = signed(files.download_link(a_media(content_type="text/plain", filename="page.html")))

    assert query["response-content-type"] == "text/plain"
    assert query["response-cache-control"] == "private, no-store"


@pytest.mark.parametrize(
    ("filename", "header"),
    [
        ("paper.pdf", "attachment; filename=\"paper.pdf\"; filename*=UTF-8''paper.pdf"),
        ("my paper.pdf", "attachment; filename=\"my paper.pdf\"; filename*=UTF-8''my%20paper.pdf"),
        ('a"; x="b.pdf', "attachment; filename=\"a__ x__b.pdf\"; filename*=UTF-8''a%22%3B%20x%3D%22b.pdf"),
        ("it's.pdf", "attachment; filename=\"it_s.pdf\"; filename*=UTF-8''it%27s.pdf"),
        ("été.pdf", "attachment; filename=\"_t_.pdf\"; filename*=UTF-8''%C3%A9t%C3%A9.pdf"),
        ("😀.pdf", "attachment; filename=\"_.pdf\"; filename*=UTF-8''%F0%9F%98%80.pdf"),
        ("שלום.pdf", "attachment; filename=\"____.pdf\"; filename*=UTF-8''%D7%A9%D7%9C%D7%95%D7%9D.pdf"),
        ("100%.pdf", "attachment; filename=\"100_.pdf\"; filename*=UTF-8''100%25.pdf"),
        ("a\\b.pdf", "attachment; filename=\"a_b.pdf\"; filename*=UTF-8''a%5Cb.pdf"),
        ("a\r\nX: y.pdf", "attachment; filename=\"a__X_ y.pdf\"; filename*=UTF-8''a%0D%0AX%3A%20y.pdf"),
    ],
)
def test_file_is_saved_under_its_name(filename: str, header: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert disposition(filename, monkeypatch) == header


def test_longest_name_makes_a_link_that_s3_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    """S3 takes 8 KB of address and headers; the function's own token is some 1 KB of it, as are a browser's headers."""
    monkeypatch.setenv("MEDIA_BUCKET", "mediabucket")

    assert len(files.download_link(a_media(filename="😀" * 255, version_id="v" * 32))) < 3000


def test_link_is_to_the_bucket_s_own_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDIA_BUCKET", "mediabucket")

    assert urlsplit(files.download_link(a_media())).netloc == "mediabucket.s3.us-east-1.amazonaws.com"


def test_media_without_a_thumbnail_has_no_link_to_one() -> None:
    assert files.thumbnail_link(a_media()) is None
