"""Repositories that `dev fork` writes."""

import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from dev.fork import project
from dev.paths import ROOT
from tests.forks import run_in

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def types(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A copy of this repository's cache of types. The forks share most of its code."""
    cache = tmp_path_factory.mktemp("mypy")
    if (ROOT / ".mypy_cache").exists():
        shutil.copytree(ROOT / ".mypy_cache", cache, dirs_exist_ok=True)
    return str(cache)


@pytest.mark.parametrize(
    ("features", "check"),
    [
        ("products", "tests check"),
        ("users,messages", "pytest -q tests/lint tests/unit/dev"),
        ("media", "pytest -q tests/lint"),
    ],
)
def test_fork_passes_its_checks(tmp_path: Path, types: str, features: str, check: str) -> None:
    """The second fork runs only the tests that could miss a feature, the third those that could miss a part."""
    fork = tmp_path / "fork"

    written = run_in(ROOT, "dev.cli", "fork", str(fork), "--name", "my-shop", "--features", features, UV_OFFLINE="0")

    if "error sending request" in written:
        pytest.skip("needs PyPI, because `dev fork` locks packages")
    assert written.endswith("exit code 0"), written
    checked = run_in(fork, *check.split(), MYPY_CACHE_DIR=types)
    assert checked.endswith("exit code 0"), checked
    assert "`.venv/bin/pre-commit install`" in (fork / "CONTRIBUTING.md").read_text()
    assert (fork / "README.md").read_text().startswith("# my-shop\n")
    named = ("pyproject.toml", "samconfig.toml", "uv.lock", "dev/application/stack.py")
    assert [name for name in named if "my-shop" not in (fork / name).read_text()] == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            "new --name my-shop --features products,unknown",
            "No feature unknown. There are: products, users,",
        ),
        ("used --name my-shop --features products", "is not an empty folder"),
        ("new --name My_Shop --features products", "My_Shop is not a valid name for a stack"),
        (f"{shlex.quote(str(ROOT))}/new --name my-shop --features products", f"{ROOT}/new is inside this repository."),
        ("new --name a-shop-of-23-characters --features products", "a-shop-of-23-characters has more than 22"),
    ],
)
def test_what_cannot_be_written_is_rejected(tmp_path: Path, arguments: str, message: str) -> None:
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "file").touch()
    directory, *options = shlex.split(arguments)

    rejected = run_in(ROOT, "dev.cli", "fork", str(tmp_path / directory), *options)

    assert message in rejected
    assert rejected.endswith("exit code 1")
    assert [path.name for path in tmp_path.iterdir()] == ["used"]


def test_file_whose_name_git_would_quote_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project, "ROOT", tmp_path)
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    (tmp_path / "café.md").touch()

    assert project._own_files() == [tmp_path / "café.md"]
