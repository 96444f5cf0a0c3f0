"""What all answers share: how a field is described, problems, pages."""

from typing import Annotated

from ninja import Schema
from pydantic import Field

_TIME = "2026-11-23T12:00:00+00:00"
_SITE = "https://example.org"

Seconds = Annotated[int, Field(ge=0)]


def described(description, example):
    return Field(description=description, examples=[example])


def time_field(description):
    """A field with a date and time (ISO 8601)."""
    return Field(description=description, examples=[_TIME], json_schema_extra={"format": "date-time"})


def url_field(description, path):
    """A field with an absolute URL; an example that is only a path is one of this site."""
    example = path if path.startswith("http") else f"{_SITE}{path}"
    return Field(description=description, examples=[example], json_schema_extra={"format": "uri"})


class Problem(Schema):
    """What went wrong (RFC 9457), sent as application/problem+json."""

    type: str = described("Always “about:blank”: the status says what kind of problem it is.", "about:blank")
    title: str = described("The name of the status.", "Bad Request")
    status: int = described("The status of the answer.", 400)
    detail: str = described("What was wrong and what to do, in a sentence.", "“limit” has to be 100 at most.")


class Page(Schema):
    next: str | None = url_field("The page after this one; none on the last.", "/api/articles/?cursor=WyJhcnRpY2xlcyJd")


PROBLEMS = {400: Problem, 404: Problem}
