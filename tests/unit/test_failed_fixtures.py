"""A session fixture that fails is one error; the run fails."""

import pytest

SUITE = """
import pytest

@pytest.fixture(scope="session")
def stack():
    raise RuntimeError("no stack")

@pytest.fixture
def client(stack):
    return stack

def test_one(stack): ...
def test_two(stack): ...
def test_three(client): ...
"""


def test_fixture_that_fails_is_reported_once(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(SUITE)

    done = pytester.runpytest_inprocess("-p", "tests.failed_fixtures", "-p", "no:randomly", "-rs")

    done.assert_outcomes(errors=1, skipped=2)
    assert done.ret == pytest.ExitCode.TESTS_FAILED
    assert str(done.stdout).count("RuntimeError: no stack") == 1
    assert "its fixture failed, see " in str(done.stdout)
