"""Direct integrations, which the emulator does not run: API Gateway's part between authorizer and DynamoDB.

The local deployment points each `aws` integration of api/openapi.yaml at one function, `adapter.handler`,
which runs under the integration's own role. This folder is its code: it imports nothing else of `dev`.

adapter   the function
contract  a direct route, read from the OpenAPI document
vtl       mapping templates, rendered verbatim
dynamodb  the signed call
"""
