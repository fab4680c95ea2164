"""What API Gateway does for `sam local start-api`, which supports only Lambda functions and Lambda authorizers.

gateway   the function: checks tokens and API keys, and passes requests of direct routes on to the deployed adapter
tokens    verifies tokens of the user pool

This folder is the code of the function, in a container, and imports nothing else of `dev`.
"""
