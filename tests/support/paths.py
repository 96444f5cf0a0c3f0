"""Where things are, whatever folder a test lives in."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
TESTS = PROJECT / "tests"
TEMPLATES = PROJECT / "templates"
# Real articles to try the parsers on, next to the checkout on some machines; tests that want them skip elsewhere.
SHARED = PROJECT.parent / "shared"
