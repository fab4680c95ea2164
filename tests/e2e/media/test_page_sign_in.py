"""The page: who may come in, and for how long."""

import base64
import hmac
import struct
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Page, Response, Route, expect

from dev.application.media.browser import add_user, enter_credentials, sign_in
from dev.application.people import User, tokens_of
from dev.application.stack import Stack
from tests.e2e.media.conftest import OpenPage
from tests.waiting import wait_until

ENDED = "Your session has ended. Sign in again."


def of_action(action: str) -> Callable[[Response], bool]:
    """Return whether a response is Cognito's to an action."""
    return lambda response: response.request.headers.get("x-amz-target", "").endswith(f".{action}")


def test_wrong_password_says_so(page: Page, visitor: User) -> None:
    enter_credentials(page, replace(visitor, password="Wrong-password-1"))

    expect(page.get_by_role("alert").filter(visible=True)).to_have_text("The e-mail address or the password is wrong.")
    expect(page.get_by_role("heading", name="Upload files")).to_be_hidden()


def test_unknown_user_gets_the_same_message(page: Page, visitor: User) -> None:
    enter_credentials(page, replace(visitor, email="nobody@example.com"))

    expect(page.get_by_role("alert").filter(visible=True)).to_have_text("The e-mail address or the password is wrong.")


@pytest.mark.parametrize("path", ["", "/"])
def test_right_password_leads_in(open_page: OpenPage, visitor: User, path: str) -> None:
    """With and without the slash at the end of the address."""
    page = open_page(path)

    sign_in(page, visitor)

    expect(page.get_by_text(visitor.email)).to_be_visible()
    expect(page.get_by_text("Nothing here yet.")).to_be_visible()
    expect(page.get_by_role("heading", name="Upload files")).to_be_focused()


def test_first_sign_in_chooses_a_password(page: Page, stack: Stack) -> None:
    enter_credentials(page, add_user(stack))
    page.get_by_role("textbox", name="New password", exact=True).fill("Correct-horse-1")
    page.get_by_role("textbox", name="New password, again").fill("Correct-horse-2")
    page.get_by_role("button", name="Set password and sign in").click()
    expect(page.get_by_role("alert").filter(visible=True)).to_have_text("The two passwords differ.")
    page.get_by_role("textbox", name="New password, again").fill("Correct-horse-1")
    page.get_by_role("button", name="Set password and sign in").click()

    expect(page.get_by_role("heading", name="Upload files")).to_be_visible()


def test_second_factor_is_asked_for(page: Page, stack: Stack, visitor: User) -> None:
    cognito, status = stack.client("cognito-idp"), stack.status()
    cognito.set_user_pool_mfa_config(
        UserPoolId=status.user_pool_id,
        MfaConfiguration="OPTIONAL",
        SoftwareTokenMfaConfiguration={"Enabled": True},
    )
    access = tokens_of(cognito, status.user_pool_client_id, visitor)["AccessToken"]
    secret = cognito.associate_software_token(AccessToken=access)["SecretCode"]
    cognito.verify_software_token(AccessToken=access, UserCode=totp(secret))

    enter_credentials(page, visitor)
    send_code(page, totp(secret, after=10))
    expect(page.get_by_role("alert").filter(visible=True)).to_have_text("The code is wrong. Enter the newest one.")
    send_code(page, totp(secret))

    expect(page.get_by_role("heading", name="Upload files")).to_be_visible()


def test_second_factor_is_set_up(page: Page, visitor: User) -> None:
    """The emulator never asks for the setup, so its response to the password is replaced."""

    def ask_for_setup(route: Route) -> None:
        if route.request.headers.get("x-amz-target", "").endswith(".InitiateAuth"):
            route.fulfill(json={"ChallengeName": "MFA_SETUP", "Session": "session"})
        else:
            route.continue_()

    page.route("**/*", ask_for_setup)
    enter_credentials(page, visitor)
    send_code(page, totp(page.get_by_role("textbox", name="Key to add to your authenticator app").input_value()))

    expect(page.get_by_role("heading", name="Upload files")).to_be_visible()


def send_code(page: Page, code: str) -> None:
    page.get_by_role("textbox", name="Code").fill(code)
    page.get_by_role("button", name="Sign in with the code").click()


def totp(secret: str, after: int = 0) -> str:
    """Return the code of RFC 6238 that an authenticator app shows, or shows some periods later."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30 + after), "sha1")
    (number,) = struct.unpack_from(">I", mac, mac[-1] & 0x0F)
    return f"{(number & 0x7FFFFFFF) % 1_000_000:06d}"


def test_reload_stays_signed_in(page: Page, visitor: User) -> None:
    sign_in(page, visitor)

    page.reload()

    expect(page.get_by_role("heading", name="Upload files")).to_be_visible()


def test_sign_out_forgets_everything_and_revokes_the_refresh_token(page: Page, stack: Stack, visitor: User) -> None:
    sign_in(page, visitor)
    refresh_token = page.evaluate("""() => JSON.parse(sessionStorage.getItem("session")).refreshToken""")
    cognito, client_id = stack.client("cognito-idp"), stack.status().user_pool_client_id

    with page.expect_response(of_action("RevokeToken")):
        page.get_by_role("button", name="Sign out").click()

    expect(page.get_by_role("textbox", name="E-mail address")).to_be_focused()
    assert page.evaluate("() => sessionStorage.length") == 0
    with pytest.raises(cognito.exceptions.NotAuthorizedException):
        cognito.get_tokens_from_refresh_token(RefreshToken=refresh_token, ClientId=client_id)


def test_expired_session_leads_back(page: Page, visitor: User) -> None:
    sign_in(page, visitor)

    page.evaluate(
        """() => {
            const session = JSON.parse(sessionStorage.getItem("session"));
            sessionStorage.setItem("session", JSON.stringify({ ...session, expires: Date.now() - 1 }));
        }"""
    )
    page.reload()

    expect(page.get_by_role("status").filter(visible=True).filter(has_text=ENDED)).to_be_visible()
    assert page.evaluate("() => sessionStorage.length") == 0


def test_session_is_renewed_before_its_token_expires(open_page: OpenPage, visitor: User) -> None:
    page = open_page()
    page.clock.install()
    sign_in(page, visitor)

    stored = page.evaluate("() => sessionStorage.getItem('session')")
    page.clock.fast_forward("29:30")
    wait_until(lambda: page.evaluate("() => sessionStorage.getItem('session')") != stored)
    page.clock.fast_forward("29:00")

    expect(page.get_by_role("heading", name="Upload files")).to_be_visible()


def test_session_ends_while_the_page_is_open(open_page: OpenPage, visitor: User) -> None:
    page = open_page()
    page.clock.install()
    sign_in(page, visitor)

    page.clock.fast_forward("01:00:01")

    expect(page.get_by_text(ENDED)).to_be_visible()
    expect(page.get_by_role("heading", name="Upload files")).to_be_hidden()


def test_token_that_the_api_rejects_leads_back(page: Page, visitor: User) -> None:
    sign_in(page, visitor)

    page.evaluate(
        """() => {
            const session = JSON.parse(sessionStorage.getItem("session"));
            sessionStorage.setItem("session", JSON.stringify({ ...session, token: "forged" }));
        }"""
    )
    page.reload()

    expect(page.get_by_text(ENDED)).to_be_visible()
