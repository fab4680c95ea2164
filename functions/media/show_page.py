"""GET /: return the upload page."""

import base64
import hashlib
import html
import os
import re
from pathlib import Path

from shared.api import Request, Response, api_handler


def _hashes(page: str, tag: str) -> str:
    """Return the Content-Security-Policy sources that allow the `tag` blocks of the page and no others."""
    blocks = re.findall(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(block.encode()).digest()).decode() for block in blocks]
    return " ".join(f"'sha256-{digest}'" for digest in digests)


_PAGE = Path(__file__).with_name("page.html").read_text(encoding="utf-8")
_SCRIPTS, _STYLES = _hashes(_PAGE, "script"), _hashes(_PAGE, "style")


@api_handler
def handler(_request: Request) -> Response:
    """Return 200 with the page. Its policy allows its own script, and requests to the API, Cognito and the bucket."""
    client_id, cognito, bucket = (
        os.environ[name] for name in ("USER_POOL_CLIENT_ID", "COGNITO_URL", "MEDIA_BUCKET_URL")
    )

    return Response(200, _page(client_id, cognito), _headers(cognito, bucket))


def _page(client_id: str, cognito: str) -> str:
    page = _PAGE.replace("{{user_pool_client_id}}", html.escape(client_id))
    return page.replace("{{cognito_url}}", html.escape(cognito))


def _headers(cognito: str, bucket: str) -> dict[str, str]:
    policy = (
        "default-src 'none'",
        f"script-src {_SCRIPTS}",
        f"style-src {_STYLES}",
        f"img-src blob: {bucket}",
        f"connect-src 'self' {cognito} {bucket}",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
    return {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": "; ".join(policy),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), clipboard-write=(self), geolocation=(), microphone=(), payment=(), usb=()",
        "Referrer-Policy": "no-referrer",
        "Strict-Transport-Security": "max-age=31536000",
        "X-Frame-Options": "DENY",
    }
