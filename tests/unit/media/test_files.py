"""Files in the bucket, and links that S3 honours by itself."""

from urllib.parse import parse_qs, urlsplit

import pytest

from dev import in_memory
from media import files
from tests.unit.media.calls import ID, OWNER, a_media

pytestmark = pytest.mark.usefixtures("dynamodb")


def headers(filename: str, content_type: str = "application/pdf") -> dict[str, str]:
    """Return what S3 says of a file to whoever fetches it."""
    media = a_media(filename=filename, content_type=content_type)
    files.put_file(media, b"")
    found = in_memory.client("s3").head_object(Bucket="mediabucket", Key=media.object_key)
    return {name: found[name] for name in ("ContentType", "ContentDisposition")}


def test_file_has_the_type_that_was_found() -> None:
    assert headers("page.html", "text/plain") == {
        "ContentType": "text/plain",
        "ContentDisposition": "attachment; filename=\"page.html.txt\"; filename*=UTF-8''page.html.txt",
    }


def test_link_insists_on_the_same_and_on_not_being_kept() -> None:
    link = files.download_url(a_media(filename="page.html", content_type="text/plain"))

    query = parse_qs(urlsplit(link).query, strict_parsing=True)
    assert query["response-content-type"] == ["text/plain"]
    assert query["response-content-disposition"] == [
        "attachment; filename=\"page.html.txt\"; filename*=UTF-8''page.html.txt"
    ]
    assert query["response-cache-control"] == ["private, no-store"]


def test_form_insists_on_the_same() -> None:
    sent = files.presigned_post(a_media(filename="page.html", content_type="text/plain"))["fields"]

    said = {name: sent[name] for name in ("Content-Type", "Content-Disposition")}
    assert said == {
        "Content-Type": "text/plain",
        "Content-Disposition": "attachment; filename=\"page.html.txt\"; filename*=UTF-8''page.html.txt",
    }


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
        ("a\r\nX: y.pdf", "attachment; filename=\"a__X_ y.pdf\"; filename*=UTF-8''a%0D%0AX_%20y.pdf"),
    ],
)
def test_file_is_saved_under_its_name(filename: str, header: str) -> None:
    assert headers(filename)["ContentDisposition"] == header


def test_longest_name_is_one_that_s3_takes() -> None:
    """2 KB of such headers with an object, and 8 KB with a link, of which a function's own token is some 1 KB."""
    assert len(headers("😀" * 255)["ContentDisposition"]) < 1500
    assert len(files.download_url(a_media(filename="😀" * 255))) < 3000


def test_link_is_to_the_version_that_was_looked_at_in_the_bucket_s_own_host() -> None:
    link = files.download_url(a_media())

    assert link.startswith(f"https://mediabucket.s3.us-east-1.amazonaws.com/files/{OWNER}/{ID}?versionId=v1&")


def test_media_without_a_thumbnail_has_no_link_to_one() -> None:
    assert files.thumbnail_url(a_media()) is None
