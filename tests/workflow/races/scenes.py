"""What the tests of races share: people, jobs, and what must be true once everybody is done."""

import itertools

import pytest

from articles import workflow
from articles.derived import rederive
from articles.models import Article, Citation, LogEntry, Revision
from articles.workflow.content import SectionContent, content_of
from articles.workflow.history import audit_log
from tests.support.factories import make_change, make_user
from tests.support.scenarios.published_pages import page_of

PROCESSES = 3


ROUNDS = 3


SECTIONS = (
    SectionContent("Why we sleep", "The brain clears waste at night. It also settles memory."),
    SectionContent("What helps", "Regular hours help most."),
)


def in_threads_and_processes(test):
    return pytest.mark.parametrize(
        "race", [pytest.param(1, id="threads"), pytest.param(PROCESSES, id="processes")], indirect=True
    )(test)


class People:
    def __init__(self):
        self.ada = make_user("ada")
        self.ben = make_user("ben")
        self.mia = make_user("mia", groups=("Moderators",))
        self.noa = make_user("noa", groups=("Moderators",))
        self.root = make_user("root", is_superuser=True)


def job(act, by=None, revision=None, **more):
    given = {"by": by and by.pk, "revision": revision and revision.pk}
    return {"act": act} | {name: value for name, value in given.items() if value} | more


def change(article, by, **changes):
    return make_change(Article.objects.get(pk=article.pk), by=by, **changes)


def start(article, by):
    """Return a draft by `by` of a published article."""
    published = Article.objects.get(pk=article.pk).published_revision
    return workflow.start_draft(published.article, content_of(published), by=by, base=published)


def winners(outcomes):
    """Return the winners; everyone else got a message that says why."""
    assert [outcome.crash for outcome in outcomes if outcome.crash] == []
    for outcome in outcomes:
        assert outcome.has_won or outcome.says.endswith((".", ". ")), outcome
    return [outcome for outcome in outcomes if outcome.has_won]


def assert_in_order(article):
    """Check that the record is intact, revisions are numbered without gaps, the public text is the one published
    last, and derived data belongs to it."""
    article = Article.objects.get(pk=article.pk)
    assert audit_log.verify(article) is None
    numbers = list(LogEntry.objects.filter(article=article).order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, article.log_length + 1))
    revisions = list(article.revision_set.order_by("number"))
    assert [revision.number for revision in revisions] == list(range(1, len(revisions) + 1))
    drafts = [revision.author_id for revision in revisions if revision.is_draft]
    assert len(drafts) == len(set(drafts))
    periods = audit_log.publications(article)
    public = [revision.pk for revision, _, until, _ in periods if until is None]
    assert public == ([article.published_revision_id] if article.published_revision_id else [])
    for (_, since, _, _), (_, _, until, _) in itertools.pairwise(periods):
        assert until <= since
    if article.published_revision_id:
        stored = derived(article)
        rederive(Revision.objects.select_related("article").get(pk=article.published_revision_id))
        assert stored == derived(article)


def derived(article):
    """Return what readers see of the published text, and what it cites."""
    citations = Citation.objects.filter(revision=article.published_revision_id)
    page = page_of(article)
    return list(citations.values_list("position", "text", "claim", "start_seconds")), page.splitlines()


def assert_published_as_approved(entries):
    """Assert that no recording changed between the last approval of a revision and its publication."""
    approved = {}
    for entry in entries:
        if entry.action == "approved":
            approved[entry.revision_id] = current = dict(entry.recordings)
        elif entry.action == "recording_changed":
            current = dict(entry.recordings)
        elif entry.action == "published":
            assert approved[entry.revision_id] == current
