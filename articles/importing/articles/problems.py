"""What is said about an imported text besides what its file had: what stays unread, unknown, or was discarded since."""

from django.urls import reverse

from articles.core import lint, markdown
from articles.core.formats import FileProblem, place_of
from articles.core.language.messages import lazy_message
from articles.core.timestamps import find_intended
from articles.derived.checks import lint_results
from articles.derived.i18n import translate
from articles.derived.texts import derivation
from articles.models import Revision


def text_problems(draft, article):
    """Return a problem for what the draft's text can't be read as although it was meant, with its position in the file.

    These are marks that cite nothing, and citations, headings, lists, links and images that remain text. Positions that
    `article.problems` already lists are omitted.
    """
    if not draft.problem_count and not _may_be_unread(article):
        return []
    parts, episodes = getattr(draft, "derived", None) or derivation.read_stored(draft)
    unread = lint.find_unread(lint_results.as_text(draft.title, draft.lead, parts, episodes))
    found = []
    for index, (part, received) in enumerate(zip(parts, (None, *article.sections), strict=True)):
        texts = {"body": (part.body, article.lead_places, article.lead)}
        if received is not None:
            heading = (part.heading, (received.heading_place,), received.heading)
            texts = {"heading": heading, "body": (part.body, received.places, received.body)}
        for field, (rendered, places, text) in texts.items():
            found += [(*place_of(places, text, problem.offset), problem) for problem in rendered.problems]
            issues = (issue for issue in unread if (issue.part, issue.field) == (index, field))
            found += [(*place_of(places, text, issue.offset), issue) for issue in issues]
    reported = {(problem.line, problem.column) for problem in article.problems}
    return [
        FileProblem(line, column, problem.text[:200], translate(problem.message), problem.code)
        for line, column, problem in found
        if (line, column) not in reported
    ]


def _may_be_unread(article):
    """Return whether the checks find anything in the text without rendering it, which takes most of their time."""
    texts = [(0, "", article.lead), *((part.level, part.heading, part.body) for part in article.sections)]
    parts = [lint.Part(index, *text, markdown.Rendered("", "", [], [], [], [])) for index, text in enumerate(texts)]
    if any(intended.kind == "address" for *_, body in texts if "http" in body for intended in find_intended(body)):
        return True  # which recording an address leads to depends on the sources
    return bool(lint.find_unread(lint.Text(article.title, tuple(parts))))


def notice_problems(article):
    if not article.notice or article.notice in Revision.Notice.values:
        return []
    known = ", ".join(f"“{value}”" for value in Revision.Notice.values)
    reason = lazy_message(
        "This notice doesn’t exist, so the article was imported without one. Known: %(known)s.", known=known
    )
    return [FileProblem(1, 1, article.notice[:200], reason, "front-matter")]


def discarded_problems(discarded):
    """Return a problem for a text that somebody discarded: the next delivery of the same file doesn’t undo that."""
    if discarded is None:
        return []
    history = reverse("admin:articles_article_history", args=[discarded.article_id])
    reason = lazy_message(
        "The draft of this text, revision %(number)s, was discarded. To bring it back, restore it: %(history)s",
        number=discarded.number,
        history=history,
    )
    return [FileProblem(1, 1, discarded.title, reason, "discarded")]
