"""Demo users."""

from typing import Any


def _user(user_id: str, name: str) -> dict[str, Any]:
    email = f"{user_id}@example.com"
    written = {"owner": "demo-carol", "created_at": "2026-01-01T00:00:00Z"}
    return {"UserId": user_id, "name": name, "email": email, **written}


ITEMS = {"UsersTable": [_user("demo-edsger", "Edsger Dijkstra"), _user("demo-barbara", "Barbara Liskov")]}
