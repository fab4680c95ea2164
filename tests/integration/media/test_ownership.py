"""Another owner's media is not there, on any route; nor is a file without a link."""

import httpx

from tests.integration.media.conftest import LeftOf
from tests.integration.media.user import MediaUser
from tests.media_files import photo

ROUTES = [
    ("GET", "media/{id}"),
    ("DELETE", "media/{id}"),
    ("GET", "media/{id}/download"),
    ("GET", "media/{id}/stats"),
    ("POST", "media/{id}/links"),
    ("DELETE", "media/{id}/links"),
    ("DELETE", "media/{id}/links/{link_id}"),
]


def test_another_owner_s_media_is_not_there(ann: MediaUser, ben: MediaUser, left_of: LeftOf) -> None:
    media_id = ann.upload(photo(), "image/jpeg").json()["id"]
    link_id = ann.share(media_id)["id"]
    before = ann.get(media_id), ann.api.get(f"media/{media_id}/stats").json(), left_of(media_id)

    for method, path in ROUTES:
        url = path.format(id=media_id, link_id=link_id)
        answer = ben.api.request(method, url, json={} if method == "POST" else None)

        assert (answer.status_code, answer.json()["code"]) == (404, "MediaNotFound")
        assert "Location" not in answer.headers

    kept = {name: value for name, value in ann.get(media_id).items() if name != "thumbnail_url"}
    assert kept.items() <= before[0].items()
    assert (ann.api.get(f"media/{media_id}/stats").json(), left_of(media_id)) == before[1:]
    assert media_id not in ben.api.get("media", params={"limit": 100}).text


def test_file_in_the_bucket_needs_a_presigned_url(ann: MediaUser, left_of: LeftOf) -> None:
    media_id = ann.upload().json()["id"]
    before = left_of(media_id)
    link = httpx.URL(ann.api.get(f"media/{media_id}/download").headers["Location"])

    answers = [
        ann.s3.request(method, link.copy_with(query=query.encode()))
        for method in ("GET", "HEAD", "PUT", "DELETE")
        for query in ("", f"versionId={link.params['versionId']}")
    ]

    assert [answer.status_code for answer in answers] == [403] * 8
    assert left_of(media_id) == before


def test_presigned_url_is_valid_for_one_version_only(ann: MediaUser) -> None:
    links = [
        httpx.URL(ann.api.get(f"media/{ann.upload().json()['id']}/download").headers["Location"]) for _ in range(2)
    ]
    tampered = [
        links[0].copy_with(path=links[1].path),
        links[0].copy_set_param("versionId", links[1].params["versionId"]),
        links[0].copy_set_param("X-Amz-Expires", "600000"),
        links[0].copy_add_param("response-content-type", "text/html"),
    ]

    assert [ann.s3.get(link).status_code for link in tampered] == [403, 403, 403, 403]
    assert ann.s3.put(links[0], content=b"x").status_code == 403
