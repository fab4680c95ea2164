"""Direct integrations, which the emulator does not run.

The local deployment points each `aws` integration of the OpenAPI document to one function, `adapter.handler`, which
runs under the role of the integration. This folder is its code and imports nothing else of `dev`.

adapter   the function
contract  direct routes of the OpenAPI document
vtl       renders mapping templates
dynamodb  sends the signed request
"""
