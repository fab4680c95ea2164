"""A token issuer for the authorizer."""
