"""`dev forget`: what it prints, asks and exits with."""

import pytest

from dev.forget.sign_in import UserPool
from dev.forget.stack import ForgettingStack
from tests.unit.dev.forget.fake_pool import FakeLogs, FakePool
from tests.unit.forgetting import stores
from tests.unit.shell import Shell, error

ALICE = {"sub": "sub-1", "email": "alice@example.com", "custom:customer_id": "CUST-9"}
PERSON = {"customer_id": "CUST-9", "email": "alice@example.com", "sub": "sub-1", "user_id": ""}
SIGN_IN = {"store": "UserPool", "name": "alice@example.com", "action": "delete"}


@pytest.fixture
def pool() -> FakePool:
    return FakePool({"alice": ALICE})


@pytest.fixture
def logs(monkeypatch: pytest.MonkeyPatch, shell: Shell, pool: FakePool) -> FakeLogs:
    logs = FakeLogs(["customer CUST-9"])
    found = ForgettingStack(stores(), UserPool(pool, "pool"), logs, {"ApiLogGroup": "api"})
    monkeypatch.setattr("dev.forget.stack.open_stack", lambda _place: found)
    return logs


@pytest.mark.usefixtures("logs")
def test_person_is_removed(shell: Shell, pool: FakePool) -> None:
    assert shell.json("forget CUST-9") == {"person": PERSON, "removed": [SIGN_IN], "left": []}
    assert pool.disabled == ["alice"]
    assert pool.users == {}


@pytest.mark.usefixtures("logs")
def test_dry_run_changes_nothing_and_asks_nothing(shell: Shell, pool: FakePool) -> None:
    assert shell.json("forget CUST-9 --stack shop --dry-run") == {"person": PERSON, "removed": [], "left": [SIGN_IN]}
    assert pool.disabled == []


def test_what_is_left_is_shown_and_exits_1(shell: Shell, logs: FakeLogs) -> None:
    logs.messages.append("signed in: alice@example.com")

    done = shell("forget CUST-9")

    assert done.exit_code == 1
    assert done.stdout.splitlines()[-2:] == ["LEFT expire  ApiLogGroup stream-1", "1 removed, 1 left"]


@pytest.mark.usefixtures("logs")
@pytest.mark.parametrize(
    ("options", "typed"),
    [("", "other\n"), ("--confirm other", ""), ("--confirm other --dry-run", "")],
    ids=["typed", "--confirm", "--dry-run"],
)
def test_stack_on_aws_needs_its_name(shell: Shell, pool: FakePool, options: str, typed: str) -> None:
    done = shell(f"forget CUST-9 --stack shop {options}", typed)

    assert error(done) == 'The stack\'s name is shop, not "other". Nothing was changed.'
    assert pool.users == {"alice": ALICE}


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("forget", "Pass a CUSTOMER, --email, --sub or --user."),
        ("forget alice@example.com", "alice@example.com is not a customer_id. Pass an e-mail address as --email."),
    ],
)
def test_identifier_is_required(shell: Shell, command: str, message: str) -> None:
    assert error(shell(command)) == message
