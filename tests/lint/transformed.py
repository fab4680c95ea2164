"""The template as SAM makes CloudFormation of it."""

import copy
import functools
from typing import Any
from unittest import mock

from dev.local_aws.emulator import environment_without_aws
from dev.local_aws.template import resources
from tests.template_facts import CONTRACT, TEMPLATE


@functools.cache
def transformed() -> dict[str, Any]:
    """Return the whole template, its contract included; importing the translator takes a second."""
    from samtranslator.translator.transform import transform

    template = copy.deepcopy(TEMPLATE)
    template["Resources"]["Api"]["Properties"]["DefinitionBody"] = CONTRACT
    template["Globals"]["Function"]["CodeUri"] = "s3://bucket/key"
    for layer in resources(template, "AWS::Serverless::LayerVersion").values():
        layer["Properties"]["ContentUri"] = "s3://bucket/key"
    with mock.patch.dict("os.environ", environment_without_aws() | {"AWS_DEFAULT_REGION": "us-east-1"}, clear=True):
        made: dict[str, Any] = transform(template, {}, mock.Mock(load=dict))
    return made
