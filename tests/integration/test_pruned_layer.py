"""The shared layer as it is pruned sends the same requests as the packages that it is made from."""

import ast
import functools
import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import aws_lambda_powertools
import botocore
import botocore.session
import pytest
import urllib3
from aws_lambda_powertools.utilities import data_classes
from botocore import xform_name

from dev.paths import FUNCTIONS, ROOT

CALLS = {
    "dynamodb": ["client.get_item(TableName='t', Key={'id': {'S': '1'}})"],
    "s3": [
        "client.put_object(Bucket='b', Key='a b', Body=b'body', ContentType='text/plain', IfNoneMatch='*')",
        "client.list_object_versions(Bucket='b', Prefix='p')",
        "client.generate_presigned_url('get_object', Params={'Bucket': 'b', 'Key': 'k'})",
        "client.generate_presigned_post('b', 'k')",
    ],
}
REQUESTS = """
import datetime, io, json, sys
import botocore.auth, botocore.awsrequest, botocore.config, botocore.session, botocore.signers

now = datetime.datetime(2026, 1, 1)
botocore.auth.get_current_datetime = botocore.signers.get_current_datetime = lambda *_, **__: now

class Body(io.BytesIO):
    def stream(self, **_):
        yield self.read()

def respond(request, **_):
    del request.headers["User-Agent"], request.headers["amz-sdk-invocation-id"]
    body = getattr(request.body, "read", lambda: request.body)()
    print(request.method, request.url, sorted(request.headers.items()), body)
    return botocore.awsrequest.AWSResponse(request.url, 200, {}, Body(b"{}" if "dynamodb" in request.url else b"<a/>"))

s3 = {"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"}
config = botocore.config.Config(signature_version="s3v4", s3=s3)
session = botocore.session.get_session()
for service, calls in json.loads(sys.argv[1]).items():
    client = session.create_client(service, config=config if service == "s3" else None)
    client.meta.events.register("before-send", respond)
    for call in calls:
        print(json.dumps(eval(call), default=str))
"""


@pytest.fixture(scope="module")
def pruned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the packages that are pruned."""
    site = tmp_path_factory.mktemp("site")
    services = {path.name for path in (Path(botocore.__file__).parent / "data").iterdir() if path.is_dir()}
    ignored = shutil.ignore_patterns(*services - {*CALLS, "sqs"})  # there are hundreds
    for package in (aws_lambda_powertools, botocore, urllib3):
        source = Path(str(package.__file__)).parent
        shutil.copytree(source, site / source.name, ignore=ignored)
    subprocess.run([sys.executable, ROOT / "layers" / "shared" / "prune.py", site], check=True)
    return site


@functools.cache
def prune() -> ModuleType:
    spec = importlib.util.spec_from_file_location("prune", ROOT / "layers" / "shared" / "prune.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(program: str, *arguments: str, site: Path | None = None) -> str:
    environment = {
        "PYTHONPATH": str(site or ""),
        "PYTHONHASHSEED": "0",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def test_requests_are_as_without_pruning(pruned: Path) -> None:
    calls = json.dumps(CALLS)

    assert run(REQUESTS, calls, site=pruned) == run(REQUESTS, calls)


def test_operations_in_the_code_are_kept() -> None:
    missing = {service: called(service) - operations for service, operations in prune().KEEP.items()}

    assert missing == {service: set() for service in CALLS}


def called(service: str) -> set[str]:
    """Return the operations of a service whose methods modules with a client of it name."""
    model = botocore.session.get_session().get_service_model(service)
    by_method = {xform_name(name): name for name in model.operation_names}
    trees = [ast.parse(text) for path in FUNCTIONS.rglob("*.py") if f"{service}_client" in (text := path.read_text())]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    attributes = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {by_method[name] for name in (attributes | texts) & by_method.keys()}


def test_other_services_are_gone(pruned: Path) -> None:
    left = {path.name for path in (pruned / "botocore" / "data").iterdir() if path.is_dir()}

    assert left == set(CALLS)


def test_lazy_names_are_there(pruned: Path) -> None:
    program = "from aws_lambda_powertools.utilities import data_classes as d; print([getattr(d, n) for n in d.__all__])"

    assert run(program, site=pruned).count("<") == len(data_classes.__all__)
