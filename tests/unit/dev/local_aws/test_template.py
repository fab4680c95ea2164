"""Templates and OpenAPI documents, read as data."""

from pathlib import Path

import pytest

from dev.errors import DevError
from dev.local_aws.template import Function, find_function, functions, load_yaml, operations
from tests.template_facts import TEMPLATE
from tests.unit.dev import shop


def test_only_serverless_functions_are_functions() -> None:
    template = {
        "Resources": {
            "Plain": {"Type": "AWS::Serverless::Function", "Properties": {"Handler": "a.b.handler"}},
            "Queue": {"Type": "AWS::SQS::Queue", "Properties": {}},
        }
    }

    assert functions(template) == {"Plain": Function("Plain", "a.b.handler", (), {})}


def test_only_api_events_are_routes() -> None:
    events = {
        "One": {"Type": "Api", "Properties": {"Method": "post", "Path": "/a"}},
        "Two": {"Type": "Api", "Properties": {"Method": "GET", "Path": "/b"}},
        "Nightly": {"Type": "Schedule", "Properties": {"Schedule": "rate(1 day)"}},
    }
    body = {"Type": "AWS::Serverless::Function", "Properties": {"Handler": "a.b.handler", "Events": events}}

    assert functions({"Resources": {"F": body}})["F"].routes == (("POST", "/a"), ("GET", "/b"))


def test_only_references_to_tables_are_tables() -> None:
    variables = {
        "TABLE": {"Ref": "Orders"},
        "LEVEL": {"Ref": "LogLevel"},
        "ARN": {"Fn::GetAtt": ["Orders", "Arn"]},
        "NAME": "Orders",
    }
    properties = {"Handler": "a.b.handler", "Environment": {"Variables": variables}}
    template = {
        "Resources": {
            "Orders": {"Type": "AWS::DynamoDB::Table", "Properties": {}},
            "F": {"Type": "AWS::Serverless::Function", "Properties": properties},
        }
    }

    assert functions(template)["F"].stores == {"TABLE": "Orders"}


def test_bucket_name_may_come_from_an_ssm_parameter() -> None:
    name = {"Fn::GetAtt": ["OrdersBucketName", "Value"]}
    variables = {"BUCKET": name, "OTHER": {"Fn::GetAtt": ["OtherName", "Value"]}, "URL": {"Fn::Sub": "https://${O}"}}
    properties = {"Handler": "a.b.handler", "Environment": {"Variables": variables}}
    template = {
        "Resources": {
            "OrdersBucketName": {"Type": "AWS::SSM::Parameter", "Properties": {"Value": "orders-1"}},
            "OrdersBucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": name}},
            "NamelessBucket": {"Type": "AWS::S3::Bucket"},
            "F": {"Type": "AWS::Serverless::Function", "Properties": properties},
        }
    }

    assert functions(template)["F"].stores == {"BUCKET": "OrdersBucket"}


def test_intrinsics_are_long() -> None:
    assert TEMPLATE["Outputs"]["ApiId"]["Value"] == {"Ref": "Api"}


@pytest.mark.parametrize("name", ["GetOrderFunction", "shop_orders/get"])
def test_function_is_found_by_id_or_name(name: str) -> None:
    assert find_function(shop.TEMPLATE, name).handler == "shop_orders.get.handler"


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("shop_orders/got", r"The nearest is shop_orders/get"),
        ("GetOrdersFunction", r"The nearest is GetOrderFunction"),
        ("invoices/place", r"There are: shop_orders/get, shop_orders/delete"),
        ("Send", r"There are: GetOrderFunction, DeleteOrderFunction"),
    ],
)
def test_unknown_function_names_the_nearest_or_all_there_are(name: str, known: str) -> None:
    with pytest.raises(DevError, match=rf"^No function {name}\. {known}$"):
        find_function(shop.TEMPLATE, name)


def test_operations_are_methods_of_paths() -> None:
    document = {
        "paths": {
            "/a": {"parameters": [], "get": {"operationId": "A"}, "delete": {"operationId": "B"}},
            "/b": {"summary": ""},
        }
    }

    assert operations(document) == {("GET", "/a"): {"operationId": "A"}, ("DELETE", "/a"): {"operationId": "B"}}


def test_included_resources_are_among_the_template_s(tmp_path: Path) -> None:
    (tmp_path / "alarms.yaml").write_text("Alarm: { Type: AWS::CloudWatch::Alarm }\n")
    path = tmp_path / "template.yaml"
    include = "{ Name: AWS::Include, Parameters: { Location: alarms.yaml } }"
    path.write_text(f"Resources:\n  Fn::Transform: {include}\n  Table: {{ Type: AWS::DynamoDB::Table }}\n")

    assert load_yaml(path) == {
        "Resources": {"Table": {"Type": "AWS::DynamoDB::Table"}, "Alarm": {"Type": "AWS::CloudWatch::Alarm"}}
    }


def test_broken_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text("paths: [\n")

    with pytest.raises(DevError, match=r"broken\.yaml is not YAML: .*"):
        load_yaml(path)
