"""Users. API Gateway reads and writes them itself (api/openapi.yaml). This package processes their change records."""
