"""What all layers have in common, as `sam build` makes them."""

from dev.application.stack import Stack
from dev.local_aws.template import resources
from tests.template_facts import TEMPLATE

UNCHECKED_HASH = b"\1\0\0\0"
"""PEP 552. Python would reject bytecode with a time, because a zip changes times."""


def test_every_module_has_bytecode_that_is_not_checked(stack: Stack) -> None:
    sources = list(stack.build_dir.glob("*Layer/**/*.py"))
    bytecode = [source.parent / "__pycache__" / f"{source.stem}.cpython-313.pyc" for source in sources]

    layers = resources(TEMPLATE, "AWS::Serverless::LayerVersion").keys()
    assert {path.relative_to(stack.build_dir).parts[0] for path in sources} == layers
    assert [path for path in bytecode if path.read_bytes()[4:8] != UNCHECKED_HASH] == []
