"""Demo data of media: such as functions write."""

from typing import Any

import pytest

from dev.application import demo_data
from dev.application.demo_data.media import LINK_ID, TOKEN
from media.links import link_id
from media.model import Activity, Media
from media.usage import Usage


@pytest.mark.parametrize("item", [demo_data.attribute_values(item) for item in demo_data.ITEMS["MediaTable"]])
def test_media_is_as_functions_write_it(item: dict[str, Any]) -> None:
    kinds: dict[str, type[Media | Activity | Usage]] = {"activity": Activity, "usage": Usage}
    kind = kinds.get(item["id"]["S"].partition("#")[2], Media)

    assert kind.from_item(item).to_item() == item


def test_demo_link_is_the_demo_token_s() -> None:
    assert link_id(TOKEN) == LINK_ID
