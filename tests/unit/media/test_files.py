"""Files in the bucket, presigned URLs and POSTs."""

from urllib.parse import parse_qs, urlsplit

import pytest

from dev.application import in_process
from media import files
from tests.unit.media.calls import ID, OWNER, a_media

pytestmark = pytest.mark.usefixtures("dynamodb")


def headers(filename: str, content_type: str = "application/pdf") -> dict[str, str]:
    """Return the headers that S3 sends with a file."""
    media = a_media(filename=filename, content_type=content_type)
    files.put_file(media, b"")
    found = in_process.client("s3").head_object(Bucket="mediabucket", Key=media.object_key)
    return {name: found[name] for name in ("ContentType", "ContentDisposition")}


def test_object_has_the_detected_type() -> None:
    assert headers("page.html", "text/plain") == {
        "ContentType": "text/plain",
        "ContentDisposition": "attachment; filename=\"page.html.txt\"; filename*=UTF-8''page.html.txt",
    }


def test_download_url_repeats_the_headers_and_forbids_caching() -> None:
    link = files.download_url(a_media(filename="page.html", content_type="text/plain"))

    query = parse_qs(urlsplit(link).query, strict_parsing=True)
    assert query["response-content-type"] == ["text/plain"]
    assert query["response-content-disposition"] == [
        "attachment; filename=\"page.html.txt\"; filename*=UTF-8''page.html.txt"
    ]
    assert query["response-cache-control"] == ["private, no-store"]


def test_presigned_post_sets_the_same_headers() -> None:
    sent = files.presigned_post(a_media(filename="page.html", content_type="text/plain"))["fields"]

    said = {name: sent[name] for name in ("Content-Type", "Content-Disposition")}
    assert said == {
        "Content-Type": "text/plain",
        "Content-Disposition": "attachment; filename=\"page.html.txt\"; filename*=UTF-8''page.html.txt",
    }


DISPOSITIONS = [
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
]


def test_content_disposition_contains_the_filename(subtests: pytest.Subtests) -> None:
    for filename, header in DISPOSITIONS:
        with subtests.test(filename=filename):
            assert headers(filename)["ContentDisposition"] == header


def test_headers_of_the_longest_filename_fit_the_limits_of_s3() -> None:
    """S3 accepts 2 KB of metadata and 8 KB of URL, about 1 KB of which is a function's session token."""
    assert len(headers("😀" * 255)["ContentDisposition"]) < 1500
    assert len(files.download_url(a_media(filename="😀" * 255))) < 3000


def test_download_url_names_the_version_and_the_host_of_the_bucket() -> None:
    link = files.download_url(a_media())

    assert link.startswith(f"https://mediabucket.s3.us-east-1.amazonaws.com/files/{OWNER}/{ID}?versionId=v1&")


def test_media_without_a_thumbnail_has_no_thumbnail_url() -> None:
    assert files.thumbnail_url(a_media()) is None
