"""What is left of botocore in the shared layer still works."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import botocore
import pytest

from dev.paths import ROOT

CALLS = {
    "dynamodb": "client.get_item(TableName='t', Key={'id': {'S': '1'}})",
    "s3": "client.put_object(Bucket='b', Key='k', Body=b'', IfNoneMatch='*')",
}


@pytest.fixture(scope="module")
def pruned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with botocore as the layer has it."""
    site, source = tmp_path_factory.mktemp("site"), Path(botocore.__file__).parent
    services = {path.name for path in (source / "data").iterdir() if path.is_dir()}
    ignored = shutil.ignore_patterns(*services - {*CALLS, "sqs"})  # there are hundreds
    shutil.copytree(source, site / "botocore", ignore=ignored)
    subprocess.run([sys.executable, ROOT / "layers" / "shared" / "prune.py", site], check=True)
    return site


def kept_services() -> set[str]:
    spec = importlib.util.spec_from_file_location("prune", ROOT / "layers" / "shared" / "prune.py")
    assert spec is not None
    assert spec.loader is not None
    prune = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(prune)
    return set(prune.KEEP)


def test_every_service_that_is_kept_is_tried() -> None:
    assert kept_services() == set(CALLS)


def test_services_that_are_kept_can_be_called(pruned: Path) -> None:
    """Up to the connection, which is refused."""
    program = """
import botocore.config, botocore.exceptions, botocore.session, sys
config = botocore.config.Config(retries={"total_max_attempts": 1})
session = botocore.session.get_session()
for service, call in zip(sys.argv[1::2], sys.argv[2::2]):
    client = session.create_client(service, endpoint_url="http://127.0.0.1:9", config=config)
    try:
        exec(call)
    except botocore.exceptions.EndpointConnectionError:
        print(service)
    except Exception as error:
        print(service, repr(error))
"""
    environment = {
        "PYTHONPATH": str(pruned),
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    command = [sys.executable, "-c", program, *(part for service in CALLS.items() for part in service)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert done.stdout.splitlines() == list(CALLS), done.stderr


def test_other_services_are_gone(pruned: Path) -> None:
    left = {path.name for path in (pruned / "botocore" / "data").iterdir() if path.is_dir()}

    assert left == set(CALLS)
