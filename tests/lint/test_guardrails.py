"""What guardrails/ keeps, tells and records."""

import gzip
import json
import re
from importlib import resources as packages
from typing import Any

import pytest

from dev.local_aws.template import load_yaml, resources
from dev.paths import ROOT
from tests.lint.iam import DEVELOPER, EVERYTHING, is_allowed
from tests.lint.rules import check, differing

GUARDRAILS = ROOT / "guardrails"
TEMPLATES = sorted(GUARDRAILS.glob("*.yaml"))
SERVICE_CONTROL_POLICY = GUARDRAILS / "service-control-policy.json"
MAXIMUM_CHARACTERS = 5120
"""Of a service control policy: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html"""

STEWARD = "arn:aws:iam::111122223333:role/TableSteward"
ADMINISTRATOR = "arn:aws:iam::111122223333:role/OrganizationAccountAccessRole"
IMPOSTOR = "arn:aws:iam::111122223333:role/team/TableSteward"
CLOUDFORMATION = "cloudformation.amazonaws.com"


@pytest.fixture(scope="module")
def attached() -> dict[str, Any]:
    """The policy, beside the one that allows everything: so it is attached."""
    policy: dict[str, Any] = json.loads(SERVICE_CONTROL_POLICY.read_text())
    return policy | {"Statement": [*EVERYTHING["Statement"], *policy["Statement"]]}


CHANGES = {
    ("dynamodb:DeleteTable", DEVELOPER, None): False,
    ("dynamodb:DeleteTable", DEVELOPER, CLOUDFORMATION): False,
    ("dynamodb:DeleteTable", IMPOSTOR, None): False,
    ("dynamodb:DeleteTable", STEWARD, None): True,
    ("dynamodb:DeleteTableReplica", DEVELOPER, None): False,
    ("dynamodb:DeleteBackup", DEVELOPER, None): False,
    ("dynamodb:ExportTableToPointInTime", DEVELOPER, None): False,
    ("dynamodb:ExportTableToPointInTime", STEWARD, None): True,
    ("backup:DeleteRecoveryPoint", DEVELOPER, None): False,
    ("backup:DisassociateRecoveryPoint", DEVELOPER, None): False,
    ("backup:UpdateRecoveryPointLifecycle", DEVELOPER, None): False,
    ("dynamodb:UpdateContinuousBackups", DEVELOPER, None): False,
    ("dynamodb:UpdateContinuousBackups", DEVELOPER, CLOUDFORMATION): True,
    ("dynamodb:UpdateContinuousBackups", DEVELOPER, "athena.amazonaws.com"): False,
    ("dynamodb:UpdateContinuousBackups", STEWARD, None): True,
    ("dynamodb:UpdateTable", DEVELOPER, None): False,
    ("dynamodb:UpdateTable", DEVELOPER, CLOUDFORMATION): True,
    ("dynamodb:CreateTable", DEVELOPER, None): False,
    ("dynamodb:CreateTable", DEVELOPER, CLOUDFORMATION): True,
    ("dynamodb:ImportTable", DEVELOPER, None): False,
    ("dynamodb:ImportTable", DEVELOPER, CLOUDFORMATION): True,
    ("dynamodb:EnableKinesisStreamingDestination", DEVELOPER, None): False,
    ("dynamodb:EnableKinesisStreamingDestination", DEVELOPER, CLOUDFORMATION): True,
    ("dynamodb:RestoreTableToPointInTime", DEVELOPER, None): True,
    ("dynamodb:PutItem", DEVELOPER, None): True,
    ("dynamodb:DeleteItem", DEVELOPER, None): True,
}


def test_tables_go_by_the_steward_and_change_through_cloudformation(attached: dict[str, Any]) -> None:
    decided = {
        (action, principal, service): is_allowed(
            attached, action, principal, keys={"aws:CalledVia": [service]} if service else {}
        )
        for action, principal, service in CHANGES
    }

    check(differing(decided, CHANGES, "allowed"), "Correct guardrails/service-control-policy.json")


ROLE_CHANGES = (
    *("iam:CreateRole", "iam:DeleteRole", "iam:UpdateRole", "iam:UpdateAssumeRolePolicy", "iam:AttachRolePolicy"),
    *("iam:DetachRolePolicy", "iam:PutRolePolicy", "iam:DeleteRolePolicy", "iam:PutRolePermissionsBoundary"),
    "iam:DeleteRolePermissionsBoundary",
)
PROVIDER = "arn:aws:iam::111122223333:saml-provider/Company"
PROVIDER_CHANGES = ("iam:CreateSAMLProvider", "iam:UpdateSAMLProvider", "iam:DeleteSAMLProvider")


def test_roles_that_the_policy_trusts_are_made_by_the_administrator_only(attached: dict[str, Any]) -> None:
    """A user who changes an identity provider can sign in to the roles that trust it."""
    changes = [
        *((action, role) for action in ROLE_CHANGES for role in (STEWARD, ADMINISTRATOR)),
        *((action, PROVIDER) for action in PROVIDER_CHANGES),
    ]

    offenders = [
        f"{action} of {resource} by {maker}"
        for action, resource in changes
        for maker in (DEVELOPER, STEWARD, IMPOSTOR, ADMINISTRATOR)
        if is_allowed(attached, action, maker, resource=resource) is not (maker == ADMINISTRATOR)
    ]
    check(offenders, "Let the administrator alone change these roles and providers")


def test_other_roles_and_the_use_of_a_role_are_free(attached: dict[str, Any]) -> None:
    assert all(is_allowed(attached, action, DEVELOPER, resource=IMPOSTOR) for action in ROLE_CHANGES)
    assert is_allowed(attached, "iam:GetRole", DEVELOPER, resource=STEWARD)
    assert is_allowed(attached, "iam:GetRole", DEVELOPER, resource=ADMINISTRATOR)
    assert is_allowed(attached, "sts:AssumeRole", DEVELOPER, resource=STEWARD)
    assert is_allowed(attached, "sts:AssumeRole", DEVELOPER, resource=ADMINISTRATOR)


IN_REGION = {
    ("dynamodb:PutItem", "eu-west-1"): True,
    ("dynamodb:PutItem", "eu-central-1"): True,
    ("dynamodb:PutItem", "us-east-1"): False,
    ("s3:PutObject", "us-east-1"): False,
    ("s3:ListAllMyBuckets", "us-east-1"): True,
    ("lambda:InvokeFunction", "us-west-2"): False,
    ("iam:CreateRole", "us-east-1"): True,
    ("ec2:DescribeRegions", "us-east-1"): True,
    ("ec2:RunInstances", "us-east-1"): False,
    ("cloudtrail:LookupEvents", "us-east-1"): True,
    ("cloudtrail:CreateTrail", "us-east-1"): False,
    ("networkmanager:ListCoreNetworks", "us-west-2"): True,
    ("acm:RequestCertificate", "us-east-1"): False,
    ("route53:ListHostedZones", "us-east-1"): True,
    ("route53resolver:CreateResolverRule", "us-east-1"): False,
}


def test_nothing_but_global_services_works_outside_the_regions(attached: dict[str, Any]) -> None:
    decided = {(action, region): is_allowed(attached, action, STEWARD, region) for action, region in IN_REGION}

    check(differing(decided, IN_REGION, "allowed"), "Correct guardrails/service-control-policy.json")


def test_service_control_policy_only_denies() -> None:
    """So it can be attached beside FullAWSAccess, and taken away."""
    policy = json.loads(SERVICE_CONTROL_POLICY.read_text())

    assert {statement["Effect"] for statement in policy["Statement"]} == {"Deny"}


def test_service_control_policy_is_short_enough_as_it_is_written() -> None:
    assert len(SERVICE_CONTROL_POLICY.read_text()) <= MAXIMUM_CHARACTERS


def test_template_and_file_hold_one_policy() -> None:
    template = load_yaml(GUARDRAILS / "service-control-policy.yaml")
    defaults = {name: each.get("Default", "") for name, each in template["Parameters"].items()}

    content = template["Resources"]["TablesAndRegions"]["Properties"]["Content"]
    assert resolved(content, defaults) == json.loads(SERVICE_CONTROL_POLICY.read_text())


def resolved(node: Any, parameters: dict[str, str]) -> Any:
    """Return a part of a template as CloudFormation makes it of list parameters and texts with parameters inside."""
    if isinstance(node, list):
        return [resolved(each, parameters) for each in node]
    if not isinstance(node, dict):
        return node
    if "Ref" in node:
        return parameters[node["Ref"]].split(",")
    if "Fn::Sub" in node:
        values = parameters | {"AWS::Partition": "aws"}
        return re.sub(r"\$\{([\w:]+)\}", lambda name: values[name[1]], node["Fn::Sub"])
    return {key: resolved(value, parameters) for key, value in node.items()}


def test_stack_policy_keeps_tables_buckets_and_users() -> None:
    allowed, denied = json.loads((GUARDRAILS / "stack-policy.json").read_text())["Statement"]

    assert (allowed["Effect"], allowed["Action"]) == ("Allow", "Update:*")  # with a policy, all else is denied
    assert denied == {
        "Effect": "Deny",
        "Principal": "*",
        "Action": ["Update:Replace", "Update:Delete"],
        "Resource": "*",
        "Condition": {
            "StringEquals": {"ResourceType": ["AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::Cognito::UserPool"]}
        },
    }


def test_config_rules_are_aws_s_own() -> None:
    known = json.loads(
        gzip.decompress((packages.files("moto") / "config/resources/aws_managed_rules.json.gz").read_bytes())
    )
    rules = resources(load_yaml(GUARDRAILS / "config-rules.yaml"), "AWS::Config::ConfigRule")

    used = {rule["Properties"]["Source"]["SourceIdentifier"] for rule in rules.values()}
    assert used <= known["ManagedRules"].keys()
    assert used == {
        *("DYNAMODB_PITR_ENABLED", "DYNAMODB_TABLE_DELETION_PROTECTION_ENABLED", "DYNAMODB_TABLE_ENCRYPTED_KMS"),
        *("DYNAMODB_IN_BACKUP_PLAN", "S3_BUCKET_PUBLIC_READ_PROHIBITED", "S3_BUCKET_PUBLIC_WRITE_PROHIBITED"),
        "S3_BUCKET_SSL_REQUESTS_ONLY",
    }


def test_data_key_serves_this_account_through_dynamodb_and_s3_only() -> None:
    """This replaces grants in the role of each function."""
    key = load_yaml(GUARDRAILS / "data-key.yaml")["Resources"]["DataKey"]
    administrators, users = key["Properties"]["KeyPolicy"]["Statement"]

    assert key["DeletionPolicy"] == "RetainExceptOnCreate"
    assert administrators["Principal"] == {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}}
    assert users["Condition"]["StringEquals"] == {
        "kms:CallerAccount": {"Ref": "AWS::AccountId"},
        "kms:ViaService": [{"Fn::Sub": f"{service}.${{AWS::Region}}.amazonaws.com"} for service in ("dynamodb", "s3")],
    }


def test_every_request_to_the_tables_and_files_is_recorded() -> None:
    """A selector of reads or writes alone would have a field readOnly."""
    trail = load_yaml(GUARDRAILS / "data-events.yaml")["Resources"]["Trail"]["Properties"]
    selectors = [
        {field.pop("Field"): field for field in selector["FieldSelectors"]}
        for selector in trail["AdvancedEventSelectors"]
    ]

    assert selectors == [
        {
            "eventCategory": {"Equals": ["Data"]},
            "resources.type": {"Equals": ["AWS::DynamoDB::Table"]},
            "resources.ARN": {"Equals": {"Ref": "TableArns"}},
        },
        {
            "eventCategory": {"Equals": ["Data"]},
            "resources.type": {"Equals": ["AWS::S3::Object"]},
            "resources.ARN": {"StartsWith": [{"Fn::Sub": "${BucketArn}/"}]},
        },
    ]


def test_guardrails_say_who_deploys_them() -> None:
    descriptions = {path.name: load_yaml(path).get("Description", "") for path in TEMPLATES}

    check(
        (name for name, text in descriptions.items() if "deploys it in" not in text),
        "Say in the Description who deploys it",
    )


def test_events_are_kept_private_and_encrypted() -> None:
    trail = load_yaml(GUARDRAILS / "data-events.yaml")["Resources"]
    bucket = trail["TrailBucket"]["Properties"]
    (encryption,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    statements = trail["TrailBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]

    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert encryption["ServerSideEncryptionByDefault"]["KMSMasterKeyID"] == {"Fn::GetAtt": ["TrailKey", "Arn"]}
    assert trail["Trail"]["Properties"]["KMSKeyId"] == {"Fn::GetAtt": ["TrailKey", "Arn"]}
    assert statements[-1]["Effect"] == "Deny"
    assert statements[-1]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_only_this_trail_writes_and_encrypts() -> None:
    """CloudTrail takes trails of other accounts too: without the source they could write here."""
    trail = load_yaml(GUARDRAILS / "data-events.yaml")["Resources"]
    documents = [
        trail["TrailBucketPolicy"]["Properties"]["PolicyDocument"],
        trail["TrailKey"]["Properties"]["KeyPolicy"],
    ]
    source = "arn:${AWS::Partition}:cloudtrail:${AWS::Region}:${AWS::AccountId}:trail/${AWS::StackName}-data-events"

    given = [
        statement["Condition"]["StringEquals"]["aws:SourceArn"]
        for document in documents
        for statement in document["Statement"]
        if statement["Principal"] == {"Service": "cloudtrail.amazonaws.com"}
    ]
    assert given == [{"Fn::Sub": source}] * 3
    assert trail["Trail"]["Properties"]["TrailName"] == {"Fn::Sub": "${AWS::StackName}-data-events"}
