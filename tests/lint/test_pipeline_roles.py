"""Who can assume the roles of pipeline/template.yaml, and what they can do."""

import fnmatch
import functools
import json
from typing import Any

import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER  # type: ignore[import-untyped]
from ministack.core.iam_evaluator import EvalContext, evaluate_trust_policy
from ministack.services.cloudformation import engine, language_extensions

from dev.local_aws.template import load_yaml, resources
from dev.paths import ROOT
from tests.lint.iam import is_allowed
from tests.lint.rules import check, differing
from tests.lint.transformed import transformed
from tests.template_facts import TEMPLATE, as_list

GITHUB = "token.actions.githubusercontent.com"
PROVIDER = f"arn:aws:iam::111122223333:oidc-provider/{GITHUB}"
NAME = "dynamodb-sam-reference"
HERE = "us-east-1:111122223333"
BOUNDARY = "arn:aws:iam::aws:policy/Boundarystaging"


@functools.cache
def pipeline() -> dict[str, Any]:
    """Return the resources of pipeline/template.yaml for a repository, with functions and references resolved."""
    template = load_yaml(ROOT / "pipeline" / "template.yaml")
    given = {"GitHubOwner": "octo", "GitHubOwnerId": "65", "GitHubRepository": "shop", "GitHubRepositoryId": "74"}
    parameters = engine._resolve_parameters(template, [{"Key": name, "Value": value} for name, value in given.items()])
    template = language_extensions.apply(template, {name: each["Value"] for name, each in parameters.items()})
    physical = {
        name: {
            "PhysicalResourceId": f"arn:aws:iam::aws:policy/{name}",
            "Attributes": {
                "Arn": f"arn:aws:s3:::{name.lower()}" if "Bucket" in name else f"arn:aws:iam::111122223333:role/{name}"
            },
        }
        for name in template["Resources"]
    }
    resolved = engine._resolve_refs(
        template["Resources"], physical, parameters, {}, template["Mappings"], f"{NAME}-pipeline", "arn:pipeline"
    )
    found: dict[str, Any] = json.loads(json.dumps(resolved).replace("000000000000", "111122223333"))
    return found


def properties(name: str) -> dict[str, Any]:
    found: dict[str, Any] = pipeline()[name]["Properties"]
    return found


def policy(role: str) -> dict[str, Any]:
    """Return everything that a role of the template grants, as one policy."""
    managed = [arn.rpartition("/")[2] for arn in properties(role).get("ManagedPolicyArns", [])]
    documents = [
        *(properties(name)["PolicyDocument"] for name in managed),
        *(each["PolicyDocument"] for each in properties(role).get("Policies", [])),
    ]
    return {"Version": "2012-10-17", "Statement": [each for document in documents for each in document["Statement"]]}


def test_every_stage_has_its_roles() -> None:
    made = {
        name.removesuffix(stage) for stage in ("dev", "staging", "prod") for name in pipeline() if name.endswith(stage)
    }

    assert made == {"PlanPolicy", "DeployPolicy", "PlanRole", "DeployRole", "Boundary", "ExecutionRole"}


TOKEN = {
    "aud": "sts.amazonaws.com",
    "repository_id": "74",
    "ref": "refs/heads/main",
    "sub": "repo:octo@65/shop@74:environment:staging",
}


@pytest.mark.parametrize(
    ("changed", "trusted"),
    [
        ({}, True),
        ({"sub": "repo:octo/shop:environment:staging"}, True),
        ({"sub": "repo:octo@66/shop@74:environment:staging"}, False),
        ({"sub": "repo:octo/shop:environment:staging", "repository_id": "75"}, False),
        ({"sub": "repo:octo@65/shop@74:environment:dev"}, False),
        ({"sub": "repo:octo@65/shop@74:environment:staging-plan"}, False),
        ({"sub": "repo:octo@65/shop@74:ref:refs/heads/main"}, False),
        ({"sub": "repo:octo@65/shop@74:pull_request", "ref": "refs/pull/1/merge"}, False),
        ({"ref": "refs/heads/feature"}, False),
        ({"ref": "refs/tags/v1"}, False),
        ({"aud": "https://github.com/octo"}, False),
    ],
)
def test_role_trusts_one_environment_on_one_branch_of_one_repository(changed: dict[str, str], trusted: bool) -> None:
    context = EvalContext(
        principal_arn=PROVIDER,
        principal_type="FederatedUser",
        principal_account="111122223333",
        action="sts:AssumeRoleWithWebIdentity",
        resource_arn="*",
        region="us-east-1",
        service_context={f"{GITHUB}:{claim}": value for claim, value in (TOKEN | changed).items()},
    )

    trust = properties("DeployRolestaging")["AssumeRolePolicyDocument"]
    assert evaluate_trust_policy(trust, PROVIDER, context) is trusted


STACK = f"arn:aws:cloudformation:{HERE}:stack/{NAME}-staging/0a1b"
PRODUCTION = f"arn:aws:cloudformation:{HERE}:stack/{NAME}-prod/0a1b"
EXECUTION = "arn:aws:iam::111122223333:role/ExecutionRolestaging"
TO_CLOUDFORMATION = {"iam:PassedToService": "cloudformation.amazonaws.com"}
TABLE = f"arn:aws:dynamodb:{HERE}:table/{NAME}-staging-ProductsTable-1A2B"
FUNCTION = f"arn:aws:lambda:{HERE}:function:{NAME}-st-CreateProductFunction-1A2B"
DEPLOYER = {
    # action, resource, condition keys: of the role that plans, of the role that deploys
    ("cloudformation:CreateChangeSet", STACK): (True, True),
    ("cloudformation:CreateChangeSet", PRODUCTION): (False, False),
    ("cloudformation:GetTemplateSummary", STACK): (True, True),  # `sam deploy` of a stack that exists
    ("cloudformation:ExecuteChangeSet", STACK): (False, True),
    ("cloudformation:ExecuteChangeSet", PRODUCTION): (False, False),
    ("cloudformation:UpdateTerminationProtection", STACK): (False, True),
    ("cloudformation:UpdateStack", STACK): (False, False),
    ("cloudformation:DeleteStack", STACK): (False, False),
    ("iam:PassRole", EXECUTION): (True, True),
    ("iam:PassRole", "arn:aws:iam::111122223333:role/ExecutionRoleprod"): (False, False),
    ("s3:PutObject", "arn:aws:s3:::artifactbucket/0a1b"): (True, True),
    ("s3:DeleteObject", "arn:aws:s3:::artifactbucket/0a1b"): (False, False),
    ("lambda:InvokeFunction", FUNCTION): (False, True),
    ("lambda:UpdateFunctionCode", FUNCTION): (False, False),
    ("dynamodb:BatchWriteItem", TABLE): (False, True),
    ("dynamodb:DeleteTable", TABLE): (False, False),
}


def test_the_pipeline_s_roles_reach_their_own_stack_only() -> None:
    decided = {
        (action, resource): tuple(
            is_allowed(policy(role), action, keys=TO_CLOUDFORMATION, resource=resource)
            for role in ("PlanRolestaging", "DeployRolestaging")
        )
        for action, resource in DEPLOYER
    }

    check(differing(decided, DEPLOYER, "plan, deploy"), "Correct pipeline/template.yaml")


def test_the_pipeline_cannot_touch_data_of_production() -> None:
    production = policy("DeployRoleprod")

    assert is_allowed(production, "cloudformation:ExecuteChangeSet", resource=PRODUCTION)
    assert not is_allowed(
        production, "lambda:InvokeFunction", resource=f"arn:aws:lambda:{HERE}:function:{NAME}-prod-Get-1"
    )
    assert not is_allowed(
        production, "dynamodb:BatchWriteItem", resource=f"arn:aws:dynamodb:{HERE}:table/{NAME}-prod-T-1"
    )


ROLE = f"arn:aws:iam::111122223333:role/{NAME}-st-CreateProductFunctionRo-1A2B"
BUCKET = f"arn:aws:s3:::{NAME}-staging-failurebucket-1a2b"
MAPPING = f"arn:aws:lambda:{HERE}:event-source-mapping:0a1b"
LIMITED = {"iam:PermissionsBoundary": BOUNDARY}
CLOUDFORMATION = {
    # of each type of resource in template.yaml, and of what CloudFormation must not do for it
    ("dynamodb:CreateTable", TABLE, ()): True,
    ("dynamodb:UpdateContinuousBackups", TABLE, ()): True,
    ("dynamodb:UpdateTimeToLive", TABLE, ()): True,
    ("dynamodb:DeleteTable", f"arn:aws:dynamodb:{HERE}:table/{NAME}-prod-ProductsTable-1A2B", ()): False,
    ("dynamodb:DeleteTable", f"arn:aws:dynamodb:{HERE}:table/other", ()): False,
    ("dynamodb:GetItem", TABLE, ()): False,
    ("lambda:CreateFunction", FUNCTION, ()): True,
    ("lambda:AddPermission", FUNCTION, ()): True,
    ("lambda:PublishLayerVersion", f"arn:aws:lambda:{HERE}:layer:SharedLayer", ()): True,
    ("lambda:UpdateFunctionCode", f"arn:aws:lambda:{HERE}:function:other", ()): False,
    ("lambda:CreateEventSourceMapping", "*", (("lambda:FunctionArn", FUNCTION),)): True,
    (
        "lambda:DeleteEventSourceMapping",
        MAPPING,
        (("lambda:FunctionArn", f"arn:aws:lambda:{HERE}:function:other"),),
    ): False,
    ("lambda:GetEventSourceMapping", MAPPING, ()): True,
    ("s3:CreateBucket", BUCKET, ()): True,
    ("s3:TagResource", BUCKET, ()): True,  # S3 asks for it when it creates a bucket with tags
    ("s3:PutLifecycleConfiguration", BUCKET, ()): True,
    ("s3:PutEncryptionConfiguration", BUCKET, ()): True,
    ("s3:PutBucketPolicy", BUCKET, ()): True,
    ("s3:PutBucketPolicy", "arn:aws:s3:::artifactbucket", ()): False,
    ("s3:GetObject", f"{BUCKET}/key", ()): False,
    ("s3:GetObject", "arn:aws:s3:::artifactbucket/0a1b", ()): True,
    ("s3:PutBucketPolicy", "arn:aws:s3:::media-0a1b", ()): True,  # media
    ("ssm:PutParameter", f"arn:aws:ssm:{HERE}:parameter/CFN-MediaBucketName-1A2B", ()): True,  # media
    ("iam:CreateRole", ROLE, tuple(LIMITED.items())): True,
    ("iam:CreateRole", ROLE, ()): False,
    ("iam:PutRolePolicy", ROLE, (("iam:PermissionsBoundary", "arn:aws:iam::aws:policy/Boundaryprod"),)): False,
    ("iam:AttachRolePolicy", "arn:aws:iam::111122223333:role/Administrator", tuple(LIMITED.items())): False,
    ("iam:DeleteRolePermissionsBoundary", ROLE, tuple(LIMITED.items())): False,
    ("iam:CreatePolicyVersion", BOUNDARY, ()): False,
    ("iam:CreateUser", "arn:aws:iam::111122223333:user/someone", ()): False,
    ("iam:PassRole", ROLE, (("iam:PassedToService", "lambda.amazonaws.com"),)): True,
    ("iam:PassRole", ROLE, (("iam:PassedToService", "ec2.amazonaws.com"),)): False,
    ("iam:PassRole", EXECUTION, (("iam:PassedToService", "lambda.amazonaws.com"),)): False,
    ("apigateway:POST", "arn:aws:apigateway:us-east-1::/restapis", ()): True,
    ("apigateway:PATCH", "arn:aws:apigateway:us-east-1::/usageplans/0a1b", ()): True,
    ("apigateway:PATCH", "arn:aws:apigateway:us-east-1::/account", ()): False,
    ("logs:PutRetentionPolicy", f"arn:aws:logs:{HERE}:log-group:{NAME}-staging-ApiAccessLogGroup-1A2B", ()): True,
    ("logs:DeleteLogGroup", f"arn:aws:logs:{HERE}:log-group:/aws/cloudtrail", ()): False,
    ("cloudwatch:PutMetricAlarm", f"arn:aws:cloudwatch:{HERE}:alarm:{NAME}-staging-OnMessageLossAlarm-1A2B", ()): True,
    ("cloudwatch:PutDashboard", f"arn:aws:cloudwatch::111122223333:dashboard/{NAME}-staging-us-east-1", ()): True,
    ("cloudwatch:PutDashboard", f"arn:aws:cloudwatch::111122223333:dashboard/{NAME}-prod-us-east-1", ()): False,
    ("logs:PutQueryDefinition", "*", ()): True,
    ("cognito-idp:CreateUserPool", "*", ()): True,
    ("cognito-idp:UpdateUserPoolClient", f"arn:aws:cognito-idp:{HERE}:userpool/us-east-1_0a1b", ()): True,
    ("cognito-idp:CreateGroup", f"arn:aws:cognito-idp:{HERE}:userpool/us-east-1_0a1b", ()): True,
    ("cognito-idp:AdminAddUserToGroup", f"arn:aws:cognito-idp:{HERE}:userpool/us-east-1_0a1b", ()): False,
    ("cognito-idp:AdminCreateUser", f"arn:aws:cognito-idp:{HERE}:userpool/us-east-1_0a1b", ()): False,
    ("ec2:CreateVpcEndpoint", "*", ()): True,
    ("ec2:RunInstances", "*", ()): False,
    ("cloudformation:DeleteStack", STACK, ()): False,
}


def test_cloudformation_manages_the_resources_of_one_stage_only() -> None:
    execution = policy("ExecutionRolestaging")
    decided = {
        (action, resource, keys): is_allowed(execution, action, keys=dict(keys), resource=resource)
        for action, resource, keys in CLOUDFORMATION
    }

    check(differing(decided, CLOUDFORMATION, "allowed"), "Correct pipeline/template.yaml")


UNUSED = {
    "ec2:AuthorizeSecurityGroupIngress",
    "ec2:RevokeSecurityGroupIngress",
    "ec2:UpdateSecurityGroupRuleDescriptionsIngress",
    "iam:CreateServiceLinkedRole",
    "iam:DeleteRolePermissionsBoundary",
    "iam:UpdateRoleDescription",
    "kms:ListAliases",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
    "kms:RevokeGrant",
    "s3:DeleteObject",
    "s3:GetObjectMetadata",
    "s3:PutObjectAcl",
    "s3:REST.PUT.OBJECT",
}
UNUSED_SERVICES = {"elasticfilesystem", "firehose", "kinesis", "s3files", "s3tables", "vpc-lattice", "vpce"}
"""What the handlers of CloudFormation need for settings that template.yaml does not have."""


def test_cloudformation_has_the_rights_that_its_handlers_need() -> None:
    types = {body["Type"] for body in transformed()["Resources"].values() if body.get("Condition") != "CreatesBoundary"}
    granted = [
        action.lower()
        for statement in policy("ExecutionRolestaging")["Statement"]
        if statement["Effect"] == "Allow"
        for action in as_list(statement["Action"])
    ]
    needed = {
        action
        for each in types
        for name, handler in PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", each).schema["handlers"].items()
        if name != "list"
        for action in handler["permissions"]
    }

    assert "s3:CreateBucket" in needed
    check(
        (
            action
            for action in needed - UNUSED
            if action.partition(":")[0] not in UNUSED_SERVICES
            and not any(fnmatch.fnmatchcase(action.lower(), pattern) for pattern in granted)
        ),
        "Grant ExecutionRole in pipeline/template.yaml",
    )


BOUND = {
    ("dynamodb:PutItem", TABLE): True,
    ("dynamodb:PutItem", f"arn:aws:dynamodb:{HERE}:table/other"): False,
    ("s3:PutObject", f"{BUCKET}/key"): True,
    ("s3:GetObject", "arn:aws:s3:::artifactbucket/0a1b"): False,
    ("logs:PutLogEvents", f"arn:aws:logs:{HERE}:log-group:{NAME}-staging-GetProductLogGroup-1A2B:log-stream:1"): True,
    ("xray:PutTraceSegments", "*"): True,
    ("iam:CreateUser", "*"): False,
    ("sts:AssumeRole", "arn:aws:iam::111122223333:role/Administrator"): False,
}


def test_roles_of_the_stack_do_no_more_than_the_boundary() -> None:
    boundary = properties("Boundarystaging")["PolicyDocument"]
    decided = {(action, resource): is_allowed(boundary, action, resource=resource) for action, resource in BOUND}

    check(differing(decided, BOUND, "allowed"), "Correct pipeline/template.yaml")
    assert is_allowed(boundary, "ec2:CreateNetworkInterface", resource="*")
    code = {"lambda:SourceFunctionArn": FUNCTION}
    assert not is_allowed(boundary, "ec2:CreateNetworkInterface", keys=code, resource="*")


def test_every_role_of_the_application_takes_the_boundary() -> None:
    roles = resources(TEMPLATE, "AWS::IAM::Role")
    offenders = [name for name, body in roles.items() if "HasPermissionsBoundary" not in str(body["Properties"])]

    check(offenders, "Give the role PermissionsBoundary, or CloudFormation may not create it")
