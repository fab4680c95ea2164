"""Who may use the routes that a Lambda authorizer guards."""
