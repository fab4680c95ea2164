"""Each violation, put into a copy of this repository, fails a check of `make policy`."""

import subprocess
import sys
from pathlib import Path

import pytest

from dev.paths import ROOT
from tests.e2e.clone import Clone

TEMPLATE, CI = "template.yaml", ".github/workflows/ci.yml"
LINT = "-m pytest -q -p no:randomly -p no:cacheprovider tests/lint/"
SECRETS = "-m tests.policy secrets"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Clone(tmp_path_factory.mktemp("copy")).folder
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    (folder / "policy" / ".venv").symlink_to(ROOT / "policy" / ".venv")
    return folder


@pytest.mark.parametrize(
    ("path", "before", "after", "command", "complaint"),
    [
        (
            TEMPLATE,
            "{ BlockPublicAcls: true,",
            "{ BlockPublicAcls: false,",
            f"{LINT}test_buckets.py",
            "BlockPublicAcls",
        ),
        (
            TEMPLATE,
            "Action: dynamodb:PutItem, Resource: !GetAtt IdempotencyTable.Arn }",
            'Action: "*", Resource: "*" }',
            f"{LINT}test_permissions.py",
            "* on *",
        ),
        (TEMPLATE, "{ SSEAlgorithm: AES256 }]", "{ SSEAlgorithm: none }]", f"{LINT}test_buckets.py", "AES256"),
        (
            TEMPLATE,
            "ApiAccessLogGroup: { Type: AWS::Logs::LogGroup, Properties: { RetentionInDays: !Ref LogRetentionDays } }",
            "ApiAccessLogGroup: { Type: AWS::Logs::LogGroup }",
            f"{LINT}test_template.py",
            "ApiAccessLogGroup: RetentionInDays is None",
        ),
        (
            TEMPLATE,
            "AttributeName: id, KeyType: HASH",
            "AttributeName: key, KeyType: HASH",
            f"{LINT}test_data_resources.py",
            "is ('key',), not ('id',)",
        ),
        (
            CI,
            "actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8",
            "actions/checkout@v4",
            f"{LINT}test_workflows.py",
            "Pin it",
        ),
        ("README.md", "\n", "\nAKIA" + "IOSFODNN7ABCDEFG\n", SECRETS, "AWS Access Key"),
        (
            "policy/checkov.yaml",
            "\n",
            "\nKEY: { TABLE: !Ref Table, DB_PASSWORD: hunter2secret }\n",
            SECRETS,
            "Secret Keyword",
        ),
    ],
    ids=[
        "public-bucket",
        "wildcard",
        "unencrypted-bucket",
        "no-retention",
        "replaced-table",
        "unpinned-action",
        "secret",
        "password",
    ],
)
def test_violation_is_found(copy: Path, path: str, before: str, after: str, command: str, complaint: str) -> None:
    text = (ROOT / path).read_text()
    assert before in text
    (copy / path).write_text(text.replace(before, after, 1))

    done = subprocess.run(
        [sys.executable, *command.split()],
        cwd=copy,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": f"{copy}:{copy / 'functions'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    (copy / path).write_text(text)

    assert done.returncode == 1, done.stdout + done.stderr
    assert complaint in done.stdout
