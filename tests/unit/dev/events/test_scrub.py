"""Scrubbing: nothing that may be someone's data remains, and equal ids stay equal."""

import re

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dev.events.scrub import Scrubber
from dev.replay.cases import MARK

SCRUBBER = Scrubber(b"key", frozenset({"pending", "MSG", "text", "id", "S"}), {"CUST-1001"})
UUID = "0a1b2c3d-1111-4222-8333-444455556666"
HASH = "0123456789abcdef" * 4

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30).filter(lambda text: MARK not in text)
JSON = st.recursive(TEXTS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3))
WORDS = st.text("abcXYZ019_-", min_size=3, max_size=20)
SECRETS = st.one_of(
    st.builds("{}@{}.org".format, WORDS, WORDS),
    st.integers(10**11, 10**12 - 1).map(str),
    st.builds("ey{}.ey{}.{}".format, WORDS, WORDS, WORDS),
    st.ip_addresses(v=4).map(str).filter(lambda address: address.strip("0.")),
)

ON_ANY_MACHINE = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def words(value: object) -> set[str]:
    """Return the longer words in JSON that are not x and 0 only. Dates and times remain, so they are no words."""
    match value:
        case str():
            other = re.sub(r"\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?", "", value)
            return {word for word in re.findall(r"\w{4,}", other) if re.search(r"[^xX0_]", word)}
        case dict():
            return words([*value, *value.values()])
        case list():
            return set().union(*map(words, value))
    raise TypeError(value)


@given(TEXTS, SECRETS, TEXTS)
@ON_ANY_MACHINE
def test_no_secret_remains_in_a_text(before: str, secret: str, after: str) -> None:
    for text in (f"{before} {secret} {after}", f"{before}{secret}{after}"):
        assert secret not in SCRUBBER.text(text)


@given(JSON)
@example("2026-01-02")
@ON_ANY_MACHINE
def test_no_word_of_a_caller_remains_in_json(value: object) -> None:
    allowed = SCRUBBER.words | {"com", "example", "user"}

    assert words(value) & words(SCRUBBER.value(value)) <= allowed


@given(st.uuids().map(str) | st.uuids().map(lambda uuid: uuid.hex) | st.text("ABC-123", min_size=1))
@ON_ANY_MACHINE
def test_equal_ids_stay_equal_and_others_differ(original: str) -> None:
    new = SCRUBBER.id(original)

    assert new == SCRUBBER.id(original) != original
    assert new != SCRUBBER.id(original + "0")
    assert new == SCRUBBER.id(new), "a second capture changes nothing"
    assert "c0ffee000000" in new


def test_ids_keep_their_form() -> None:
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-c0ffee000000", SCRUBBER.id(UUID))
    assert re.fullmatch(r"[0-9a-f]{20}c0ffee000000", SCRUBBER.id(HASH[:32]))
    assert re.fullmatch(r"[0-9a-f]{52}c0ffee000000", SCRUBBER.id(HASH))
    assert re.fullmatch(r"[0-9a-f]{20}c0ffee000000[0-9a-f]{43}", SCRUBBER.id(HASH[:32] + "A_-" * 14 + "z"))
    assert re.fullmatch(r"ID-[0-9a-f]{8}-c0ffee000000", SCRUBBER.id("CUST-1001"))


def test_an_id_that_a_function_rejects_stays_one() -> None:
    assert re.fullmatch(r"ID._-[0-9a-f]{8}-c0ffee000000", SCRUBBER.id("a.b_c"))
    assert re.fullmatch(r"_ID_é-[0-9a-f]{8}-c0ffee000000", SCRUBBER.id("_zoë"))
    assert re.fullmatch(r"ID-[0-9a-f]{8}-c0ffee000000x{41}", SCRUBBER.id("A" * 65))


def test_ids_are_the_same_in_keys_and_texts() -> None:
    uuid, customer = SCRUBBER.id(UUID), SCRUBBER.id("CUST-1001")

    assert SCRUBBER.text(f"MSG#{UUID}") == f"MSG#{uuid}"
    assert SCRUBBER.text(f"for CUST-1001, {UUID}") == f"xxx {customer}, {uuid}"
    assert SCRUBBER.value({"owner_id": UUID}) == {"xxxxx_xx": uuid}


def test_another_key_gives_other_ids() -> None:
    assert Scrubber(b"other", frozenset()).id("CUST-1001") != SCRUBBER.id("CUST-1001")


def test_times_numbers_and_words_of_the_code_remain() -> None:
    item = {
        "status": {"S": "pending"},
        "created_at": {"S": "2026-01-02T03:04:05.678Z"},
        "balance": {"N": "1500.25"},
        "name": {"S": "Ada Lovelace, 1815"},
        "account": {"N": "210987654321"},
    }

    assert SCRUBBER.item(item) == item | {
        "name": {"S": "Xxx Xxxxxxxx, 0000"},
        "account": {"N": "123456789012"},
    }
