"""A handler that does nothing: what every function pays for Lambda's runtime."""


def handler(_event: object, _context: object) -> dict[str, object]:
    return {"statusCode": 200, "body": "{}"}
