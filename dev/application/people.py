"""Users who can sign in. Users who exist are not changed."""

import json
import secrets
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_cognito_idp.type_defs import AuthenticationResultTypeTypeDef


@dataclass(frozen=True)
class User:
    """A user of the local pool; `customer_id` is null for users who are not customers."""

    email: str
    password: str
    sub: str
    customer_id: str | None
    groups: list[str]


PEOPLE: list[tuple[str, str | None, list[str]]] = [
    ("alice@example.com", "CUST-1001", []),
    ("bob@example.com", "CUST-1002", []),
    ("staff@example.com", None, ["staff"]),
    ("carol@example.com", None, ["writers"]),
    ("dave@example.com", None, ["writers"]),
]


def read_users(path: Path) -> list[User]:
    """Return the users whose passwords are stored in `path`."""
    return [User(**user) for user in json.loads(path.read_text())] if path.exists() else []


def add_users(
    cognito: "CognitoIdentityProviderClient", pool_id: str, pool_groups: Collection[str], path: Path
) -> list[User]:
    """Add the users to the pool and its groups, and store their passwords in `path`. Existing users keep theirs."""
    known = {user.email: user for user in read_users(path)}
    users = []
    for email, customer_id, wanted_groups in PEOPLE:
        groups = [group for group in wanted_groups if group in pool_groups]
        password = known[email].password if email in known else f"Aa1{secrets.token_urlsafe(12)}"
        sub = _sub_of(cognito, pool_id, email)
        if sub is None or email not in known or known[email].sub != sub:
            sub = add_user(cognito, pool_id, email, password, customer_id, groups)
        users.append(User(email, password, sub, customer_id, groups))
    path.touch(mode=0o600)
    path.write_text(json.dumps([asdict(user) for user in users], indent=2))
    return users


def sign_in(cognito: "CognitoIdentityProviderClient", client_id: str, user: User) -> str:
    """Return an ID token. The template states how long it is valid."""
    return tokens_of(cognito, client_id, user)["IdToken"]


def tokens_of(
    cognito: "CognitoIdentityProviderClient", client_id: str, user: User
) -> "AuthenticationResultTypeTypeDef":
    """Sign a user in. Return the ID token, access token and refresh token."""
    answer = cognito.initiate_auth(
        ClientId=client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": user.email, "PASSWORD": user.password},
    )
    return answer["AuthenticationResult"]


def _sub_of(cognito: "CognitoIdentityProviderClient", pool_id: str, email: str) -> str | None:
    try:
        attributes = cognito.admin_get_user(UserPoolId=pool_id, Username=email)["UserAttributes"]
    except cognito.exceptions.UserNotFoundException:
        return None
    return {attribute["Name"]: attribute["Value"] for attribute in attributes}["sub"]


def add_user(
    cognito: "CognitoIdentityProviderClient",
    pool_id: str,
    email: str,
    password: str,
    customer_id: str | None,
    groups: list[str],
) -> str:
    """Add a user with a password to the pool and to groups. Return their sub."""
    attributes = {"email": email, "email_verified": "true"}
    if customer_id is not None:
        attributes["custom:customer_id"] = customer_id
    pairs = [{"Name": name, "Value": value} for name, value in attributes.items()]
    try:
        cognito.admin_create_user(UserPoolId=pool_id, Username=email, UserAttributes=pairs, MessageAction="SUPPRESS")  # type: ignore[arg-type]
    except cognito.exceptions.UsernameExistsException:
        cognito.admin_update_user_attributes(UserPoolId=pool_id, Username=email, UserAttributes=pairs)  # type: ignore[arg-type]
    cognito.admin_set_user_password(UserPoolId=pool_id, Username=email, Password=password, Permanent=True)
    for group in groups:
        cognito.admin_add_user_to_group(UserPoolId=pool_id, Username=email, GroupName=group)
    sub = _sub_of(cognito, pool_id, email)
    if sub is None:
        raise LookupError(f"Cognito lost {email}")
    return sub
