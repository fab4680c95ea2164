"""A small application for these tests: one function of each kind of source, and an event of each."""

from typing import Any

from dev.events.check import event_problems
from dev.events.new import new_case
from dev.events.sources import Application
from dev.replay.cases import MARK

MARKED = f"{'0' * 20}{MARK}"


def _function(handler: str, **more: Any) -> dict[str, Any]:
    return {"Type": "AWS::Serverless::Function", "Properties": {"Handler": handler, **more}}


_POST = {"Type": "Api", "Properties": {"Method": "post", "Path": "/notes/{note_id}"}}
_ON_FILE = {
    "Event": "s3:ObjectCreated:*",
    "Function": {"Fn::GetAtt": "OnFileFunction.Arn"},
    "Filter": {"S3Key": {"Rules": [{"Name": "prefix", "Value": "uploads/"}]}},
}
TEMPLATE: dict[str, Any] = {
    "Resources": {
        "Api": {"Type": "AWS::Serverless::Api", "Properties": {"StageName": "v1"}},
        "NotesTable": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                "StreamSpecification": {"StreamViewType": "NEW_IMAGE"},
            },
        },
        "PlainBucket": {"Type": "AWS::S3::Bucket"},
        "FilesBucket": {
            "Type": "AWS::S3::Bucket",
            "Properties": {"NotificationConfiguration": {"LambdaConfigurations": [_ON_FILE]}},
        },
        "CreateNoteFunction": _function("notes.create.handler", Events={"Post": _POST}),
        "OnNoteFunction": _function("notes.on_change.handler"),
        "OnFileFunction": _function("notes.on_file.handler"),
        "AuthorizeFunction": _function("notes.authorize.handler"),
        "OnNoteMapping": {
            "Type": "AWS::Lambda::EventSourceMapping",
            "Properties": {
                "FunctionName": {"Ref": "OnNoteFunction"},
                "EventSourceArn": {"Fn::GetAtt": "NotesTable.StreamArn"},
                "StartingPosition": "LATEST",
            },
        },
    }
}
_TEXT = {"type": "string", "minLength": 1, "maxLength": 100}
_BODY = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewNote"}}}}
_ID = {"name": "note_id", "in": "path", "required": True, "schema": {"type": "string", "pattern": "^[a-z0-9-]{1,40}$"}}
CONTRACT: dict[str, Any] = {
    "paths": {
        "/notes/{note_id}": {
            "parameters": [{"$ref": "#/components/parameters/NoteId"}],
            "post": {
                "security": [{"Pool": []}],
                "parameters": [
                    {"name": "limit", "in": "query", "schema": {"type": "integer"}},
                    {"name": "If-Match", "in": "header", "schema": {"type": "string"}},
                    {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string"}},
                ],
                "requestBody": _BODY,
                "responses": {"201": {}, "400": {}, "404": {}},
            },
        },
        "/secrets": {"get": {"security": [{"Jwt": []}], "responses": {"200": {}}}},
    },
    "components": {
        "parameters": {"NoteId": _ID},
        "schemas": {
            "NewNote": {
                "type": "object",
                "required": ["text", "kind", "size"],
                "properties": {
                    "text": _TEXT,
                    "kind": {"type": "string", "enum": ["memo", "task"]},
                    "size": {"type": "integer", "minimum": 1},
                    "optional": _TEXT,
                },
            }
        },
        "securitySchemes": {
            "Pool": {"x-amazon-apigateway-authorizer": {"type": "cognito_user_pools"}},
            "Jwt": {
                "x-amazon-apigateway-authorizer": {
                    "type": "token",
                    "authorizerUri": {"Fn::Sub": "arn:${AWS::Partition}/${AuthorizeFunction.Arn}/invocations"},
                }
            },
        },
    },
}
APPLICATION = Application(TEMPLATE, CONTRACT)


def _event(function: str) -> dict[str, Any]:
    event, _ = new_case(APPLICATION, APPLICATION.functions[function])
    return event


ROUTE_EVENT, STREAM_EVENT = _event("notes/create"), _event("notes/on_change")
BUCKET_EVENT, TOKEN_EVENT = _event("notes/on_file"), _event("notes/authorize")


def problems_of(function: str, event: dict[str, Any]) -> list[str]:
    found = APPLICATION.functions[function]
    return list(event_problems(event, found, APPLICATION.sources(found)))
