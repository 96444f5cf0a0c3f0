"""What the checks flag in a text, and the text as a repair leaves it."""

from articles.core.lint import find_issues
from tests.support.samples.lint import make_text


def flags_of(code, *args, **kwargs):
    text = make_text(*args, **kwargs)
    return [flag for flag in find_issues(text) if flag.code == code]


def flagged(code, *args, **kwargs):
    """Return the texts that a check flags."""
    return [flag.text for flag in flags_of(code, *args, **kwargs)]


def repaired(body, **kwargs):
    """Return the body after all repairs, applied from the last to the first."""
    for flag in reversed(find_issues(make_text(body, **kwargs))):
        if flag.repair:
            start, written = flag.repair.offset, flag.repair.written
            assert body[start : start + len(written)] == written
            body = body[:start] + flag.repair.replacement + body[start + len(written) :]
    return body


def details(flag):
    return flag.code, flag.part, flag.field, flag.offset, flag.length, flag.line, flag.column, flag.text, flag.claim
