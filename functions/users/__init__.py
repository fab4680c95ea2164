"""Users. API Gateway reads and writes them itself (api/openapi.yaml); here is what follows from their changes."""
