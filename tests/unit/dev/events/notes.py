"""A small application for these tests: one function of each kind of source, and an event of each."""

from typing import Any

from dev.events.check import event_problems
from dev.events.sources import Application

MARKED = "7f3a-c0ffee000000"


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

ROUTE_EVENT: dict[str, Any] = {
    "resource": "/notes/{note_id}",
    "path": f"/notes/{MARKED}",
    "httpMethod": "POST",
    "headers": {"Accept": "application/json"},
    "multiValueHeaders": {"Accept": ["application/json"]},
    "queryStringParameters": None,
    "multiValueQueryStringParameters": None,
    "pathParameters": {"note_id": MARKED},
    "stageVariables": None,
    "requestContext": {
        "accountId": "123456789012",
        "apiId": "abcdef1234",
        "authorizer": {"claims": {"sub": MARKED}},
        "httpMethod": "POST",
        "identity": {"sourceIp": "192.0.2.1", "userAgent": "fixture"},
        "path": f"/v1/notes/{MARKED}",
        "protocol": "HTTP/1.1",
        "requestId": "request-1",
        "requestTime": "21/Nov/2026:08:00:00 +0000",
        "requestTimeEpoch": 1795248000000,
        "resourceId": "res123",
        "resourcePath": "/notes/{note_id}",
        "stage": "v1",
    },
    "body": "{}",
    "isBase64Encoded": False,
}
STREAM_EVENT: dict[str, Any] = {
    "Records": [
        {
            "eventID": "1",
            "eventName": "INSERT",
            "eventVersion": "1.1",
            "eventSource": "aws:dynamodb",
            "awsRegion": "us-east-1",
            "eventSourceARN": "arn:aws:dynamodb:us-east-1:123456789012:table/notes/stream/2026-11-21T08:00:00.000",
            "dynamodb": {
                "ApproximateCreationDateTime": 1795248000,
                "Keys": {"id": {"S": MARKED}},
                "NewImage": {"id": {"S": MARKED}, "text": {"S": "hello"}},
                "SequenceNumber": "1",
                "SizeBytes": 10,
                "StreamViewType": "NEW_IMAGE",
            },
        }
    ]
}
BUCKET_EVENT: dict[str, Any] = {
    "Records": [
        {
            "eventVersion": "2.1",
            "eventSource": "aws:s3",
            "awsRegion": "us-east-1",
            "eventTime": "2026-01-02T00:00:01.000Z",
            "eventName": "ObjectCreated:Put",
            "userIdentity": {"principalId": "EXAMPLE"},
            "requestParameters": {"sourceIPAddress": "192.0.2.1"},
            "responseElements": {"x-amz-request-id": "EXAMPLE", "x-amz-id-2": "EXAMPLE"},
            "s3": {
                "s3SchemaVersion": "1.0",
                "configurationId": "example",
                "bucket": {
                    "name": "files",
                    "ownerIdentity": {"principalId": "EXAMPLE"},
                    "arn": "arn:aws:s3:::files",
                },
                "object": {"key": f"uploads/{MARKED}", "size": 1, "eTag": "e", "versionId": "v", "sequencer": "0A"},
            },
        }
    ]
}
TOKEN_EVENT: dict[str, Any] = {
    "type": "TOKEN",
    "methodArn": "arn:aws:execute-api:us-east-1:123456789012:abcdef1234/v1/GET/secrets",
    "authorizationToken": "TOKEN_OF_carol",
}


def problems_of(function: str, event: dict[str, Any]) -> list[str]:
    found = APPLICATION.functions[function]
    return list(event_problems(event, found, APPLICATION.sources(found)))
