"""Which event files are replayed."""

import pytest

from tests.replay import EVERY_EVENT, ONE_OF_EACH_OUTCOME, parameters


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test every event as `path`, and as `sent_path` one of each outcome unless --all-events is given."""
    if "path" in metafunc.fixturenames:
        metafunc.parametrize("path", parameters(EVERY_EVENT))
    if "sent_path" in metafunc.fixturenames:
        all_events = metafunc.config.getoption("--all-events")
        metafunc.parametrize("sent_path", parameters(EVERY_EVENT if all_events else ONE_OF_EACH_OUTCOME))
