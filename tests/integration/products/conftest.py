"""What tests of products share."""

import uuid

import pytest


@pytest.fixture
def product_id() -> str:
    """An id that no other test uses."""
    return f"T-{uuid.uuid4()}"
