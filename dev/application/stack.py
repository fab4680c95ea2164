"""The local stack of this application: deployed, with users who sign in and demo data."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dev.application import people
from dev.application.people import User
from dev.application.project import PROJECT, load_template
from dev.errors import DevError
from dev.local_aws.deployment import Report
from dev.local_aws.emulator import REGION
from dev.local_aws.project import Project
from dev.local_aws.stack import LocalStack
from dev.local_aws.template import resources
from dev.local_aws.waiting import LONGEST_SECONDS
from dev.paths import LOCAL, LOCAL_BUILD

if TYPE_CHECKING:
    import httpx

STACK_NAME = "dynamodb-sam-reference"
DEFAULT_PORT = 4566


@dataclass(frozen=True)
class Status:
    """Addresses, users and physical names of the stack; the output of `dev status --json`.

    `page_url` and `api_key` are empty without the feature that has them.
    """

    api_url: str
    page_url: str
    endpoint_url: str
    region: str
    stack_name: str
    user_pool_id: str
    user_pool_client_id: str
    api_key: str
    tables: dict[str, str]
    buckets: dict[str, str]
    functions: dict[str, str]
    users: list[User]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def lines(self) -> list[str]:
        """Return addresses, key and users; the output of `dev status`."""
        addresses = {"page": self.page_url, "API": self.api_url, "AWS": self.endpoint_url, "key": self.api_key}
        return [
            *(f"{name:<5} {value}" for name, value in addresses.items() if value),
            *(
                f"user  {user.email:<18} {user.customer_id or ', '.join(user.groups):<10} {user.password}"
                for user in self.users
            ),
        ]


@dataclass(frozen=True)
class Stack(LocalStack):
    """A stack of this application. Several stacks can run at once, each with its own `home`."""

    home: Path = LOCAL
    build_dir: Path = LOCAL_BUILD
    default_port: int = DEFAULT_PORT
    name: str = STACK_NAME
    project: Project = PROJECT
    parameters: Mapping[str, str] = field(default_factory=lambda: {"LogEvents": "false"}, kw_only=True)

    def after_deployment(self, report: Report) -> None:
        """Add missing users and demo data."""
        from dev.application import demo_data

        report("adding users and demo data …")
        groups = [
            body["Properties"]["GroupName"]
            for body in resources(load_template(), "AWS::Cognito::UserPoolGroup").values()
        ]
        people.add_users(self.client("cognito-idp"), self.outputs()["UserPoolId"], groups, self._users)
        tables = self.resources().get("AWS::DynamoDB::Table", {})
        for table in demo_data.AT_START:
            if table not in tables:
                raise DevError(f"The stack has no {table}. If you renamed it, also do so in dev/application/demo_data.")
            demo_data.fill_if_empty(self.client("dynamodb"), table, tables[table])

    def status(self) -> Status:
        """Describe the deployed stack. Raises DevError if it is not running or not deployed."""
        outputs, physical, api_url = self.outputs(), self.resources(), self.api_url()
        return Status(
            api_url=api_url,
            page_url=f"{api_url}/" if "PageUrl" in outputs else "",
            endpoint_url=self.emulator.endpoint_url,
            region=REGION,
            stack_name=self.name,
            user_pool_id=outputs["UserPoolId"],
            user_pool_client_id=outputs["UserPoolClientId"],
            api_key=self._api_key(outputs["ApiKeyId"]) if "ApiKeyId" in outputs else "",
            tables=physical.get("AWS::DynamoDB::Table", {}),
            buckets=physical.get("AWS::S3::Bucket", {}),
            functions=physical.get("AWS::Lambda::Function", {}),
            users=people.read_users(self._users),
        )

    def http(self) -> "httpx.Client":
        """Return an HTTP client of the API; paths are relative to the stage."""
        import httpx

        return httpx.Client(base_url=self.api_url(), timeout=LONGEST_SECONDS, trust_env=False)

    def token(self, name: str) -> str:
        """Sign a user in, by e-mail or the part before the @. Return the ID token. Raises DevError."""
        client_id = self.outputs()["UserPoolClientId"]
        known = people.read_users(self._users)
        for user in known:
            if name in (user.email, user.email.partition("@")[0]):
                return people.sign_in(self.client("cognito-idp"), client_id, user)
        if not known:
            raise DevError("The stack has no users. Add them with: dev up")
        raise DevError(f"No user {name}. There are: {', '.join(user.email for user in known)}")

    @property
    def _users(self) -> Path:
        return self.home / "users.json"

    def _api_key(self, key_id: str) -> str:
        value: str = self.client("apigateway").get_api_key(apiKey=key_id, includeValue=True)["value"]
        return value
