"""Where things are in the repository."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = ROOT / "template.yaml"
OPENAPI = ROOT / "api" / "openapi.yaml"
FUNCTIONS = ROOT / "functions"
EVENTS = ROOT / "events"
LOCAL = ROOT / ".local"
