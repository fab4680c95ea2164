"""ShowMediaPageFunction: the page and its security headers."""

import base64
import hashlib
import re
from typing import Any
from urllib.parse import urlsplit

import botocore.session
import pytest

from dev.application.in_process import lambda_context
from media.show_page import handler
from shared.aws import _S3_CONFIG
from tests.unit.http_events import api_event

COGNITO = "https://cognito-idp.eu-west-1.amazonaws.com"
BUCKET = "https://media-1.s3.eu-west-1.amazonaws.com"


@pytest.fixture(autouse=True)
def _environment(dynamodb: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USER_POOL_CLIENT_ID", "client-1")
    monkeypatch.setenv("COGNITO_URL", COGNITO)
    monkeypatch.setenv("MEDIA_BUCKET_URL", BUCKET)


def get_page() -> dict[str, Any]:
    return handler(api_event(claims={}), lambda_context())


def content_security_policy() -> dict[str, str]:
    directives = get_page()["headers"]["Content-Security-Policy"].split("; ")
    return {name: sources for name, _, sources in (directive.partition(" ") for directive in directives)}


def hash_source(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_returns_html_that_is_not_cached() -> None:
    answer = get_page()

    assert answer["statusCode"] == 200
    assert answer["headers"]["Content-Type"] == "text/html; charset=utf-8"
    assert answer["headers"]["Cache-Control"] == "no-store"
    assert answer["body"].startswith("<!doctype html>\n")


def test_page_contains_client_id_and_cognito_url() -> None:
    root = f'<html lang="en" data-client-id="client-1" data-cognito-url="{COGNITO}">'

    assert root in get_page()["body"]


def test_settings_are_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USER_POOL_CLIENT_ID", "\"'><script>alert(1)</script>")

    assert 'data-client-id="&quot;&#x27;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in get_page()["body"]


def test_all_placeholders_are_replaced() -> None:
    assert "{{" not in get_page()["body"]


def test_policy_allows_only_the_blocks_of_the_page() -> None:
    page = get_page()["body"]
    ((script,), (style,)) = (re.findall(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL) for tag in ("script", "style"))

    assert content_security_policy() == {
        "default-src": "'none'",
        "script-src": hash_source(script),
        "style-src": hash_source(style),
        "img-src": f"blob: {BUCKET}",
        "connect-src": f"'self' {COGNITO} {BUCKET}",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }


def test_other_headers_are_strict() -> None:
    headers = get_page()["headers"]

    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "clipboard-write=(self)" in headers["Permissions-Policy"]


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
def test_policy_allows_the_host_of_presigned_urls_and_posts(region: str) -> None:
    """`MEDIA_BUCKET_URL` in template.yaml has the same form on AWS."""
    s3: Any = botocore.session.get_session().create_client("s3", region_name=region, config=_S3_CONFIG)

    form = s3.generate_presigned_post(Bucket="media-1", Key="key")
    link = s3.generate_presigned_url("get_object", Params={"Bucket": "media-1", "Key": "key"})

    assert {urlsplit(form["url"]).netloc, urlsplit(link).netloc} == {f"media-1.s3.{region}.amazonaws.com"}
