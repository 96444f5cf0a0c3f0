"""The project's folders, independent of a test's own location."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
TESTS = PROJECT / "tests"
TEMPLATES = PROJECT / "templates"
# Real articles for the parsers, next to the checkout on some machines; tests that need them are skipped elsewhere.
SHARED = PROJECT.parent / "shared"
