"""The identifiers that a user of the pool adds to those given."""

import pytest

from dev.application.personal_data.person import Person
from dev.errors import DevError
from dev.forget.sign_in import UserPool
from tests.unit.dev.forget.fake_pool import FakePool

ALICE = {"sub": "1", "email": "alice@example.com", "custom:customer_id": "CUST-1"}
BOB = {"sub": "2", "email": "bob@example.com", "custom:customer_id": "CUST-2"}
BOTH_OF_ONE = {"a": ALICE, "b": BOB | {"custom:customer_id": "CUST-1"}}


@pytest.mark.parametrize(
    "given", [Person(customer_id="CUST-1"), Person(email="Alice@Example.com"), Person(sub="1", email=ALICE["email"])]
)
def test_pool_adds_the_other_identifiers(given: Person) -> None:
    pool = UserPool(FakePool({"a": ALICE, "b": BOB}), "pool")

    assert pool.complete(given) == Person(customer_id="CUST-1", email="alice@example.com", sub="1")


def test_customer_of_several_users_is_not_added() -> None:
    assert UserPool(FakePool(BOTH_OF_ONE), "pool").complete(Person(sub="1")).customer_id == ""


def test_customer_of_several_users_is_kept_if_given() -> None:
    given = Person(customer_id="CUST-1", sub="1")

    assert UserPool(FakePool(BOTH_OF_ONE), "pool").complete(given).customer_id == "CUST-1"


def test_identifiers_without_a_user_stay_as_given() -> None:
    given = Person(customer_id="CUST-3", user_id="ada")

    assert UserPool(FakePool({"a": ALICE}), "pool").complete(given) == given


@pytest.mark.parametrize(
    ("users", "given"),
    [
        (BOTH_OF_ONE, Person(customer_id="CUST-1")),
        ({"a": ALICE, "b": BOB}, Person(customer_id="CUST-1", email=BOB["email"])),
    ],
    ids=["customer of two users", "customer and e-mail address of two users"],
)
def test_identifiers_of_several_people_are_rejected(users: dict[str, dict[str, str]], given: Person) -> None:
    with pytest.raises(DevError, match=r"identifiers of alice@example.com, bob@example.com\. Pass those of one person"):
        UserPool(FakePool(users), "pool").complete(given)
