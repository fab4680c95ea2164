"""Logs the id of each new note."""

import json
from typing import Any


def handler(event: dict[str, Any], _context: object) -> None:
    for record in event["Records"]:
        print(json.dumps({"message": "note", "id": record["dynamodb"]["Keys"]["id"]["S"]}))
