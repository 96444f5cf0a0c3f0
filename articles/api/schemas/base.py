"""Shared by all schemas: field helpers, problems, pages."""

from typing import Annotated

from ninja import Schema
from pydantic import Field

_TIME = "2026-11-23T12:00:00+00:00"
_SITE = "https://example.org"

Seconds = Annotated[int, Field(ge=0)]


def described(description, example):
    return Field(description=description, examples=[example])


def time_field(description):
    """Return a field for a date and time (ISO 8601)."""
    return Field(description=description, examples=[_TIME], json_schema_extra={"format": "date-time"})


def url_field(description, path):
    """Return a field for an absolute URL; an example given as a path is on this site."""
    example = path if path.startswith("http") else f"{_SITE}{path}"
    return Field(description=description, examples=[example], json_schema_extra={"format": "uri"})


class Problem(Schema):
    """An error (RFC 9457), sent as application/problem+json."""

    type: str = described("Always “about:blank”: the status gives the kind of problem.", "about:blank")
    title: str = described("The name of the status.", "Bad Request")
    status: int = described("The status of the response.", 400)
    detail: str = described("What was wrong and what to do.", "“limit” must be at most 100.")


class Gone(Problem):
    """An article that was public and no longer is."""

    gone_at: str = time_field("When it stopped being public.")
    reason: str = described("The public reason; may be empty.", "Withdrawn at the speaker’s request.")


class Page(Schema):
    next: str | None = url_field("The next page; null on the last one.", "/api/articles/?cursor=WyJhcnRpY2xlcyJd")


PROBLEMS = {400: Problem, 404: Problem}
PROBLEMS_OF_ARTICLES = PROBLEMS | {410: Gone}
