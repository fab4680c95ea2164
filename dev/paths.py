"""Where things are in the repository."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = ROOT / "template.yaml"
OPENAPI = ROOT / "api" / "openapi.yaml"
FUNCTIONS = ROOT / "functions"
EVENTS = ROOT / "events"
LOCAL = ROOT / ".local"
LOCAL_BUILD = ROOT / ".aws-sam" / "local" / "build"
"""What the local stack runs. `sam build` and `sam sync` replace or delete `.aws-sam/build`."""
