"""Each check finds what it is for, and nothing on a site as the workflow leaves it. Removing a check fails here."""

import hashlib
import io
import json
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import workflow
from articles.core.recordings.transcripts import Cue, Reading
from articles.models import Article, LintIssue, RankChange, Rendering, Revision
from articles.workflow import integrity
from articles.workflow.content import SectionContent
from articles.workflow.history import chain
from articles.workflow.integrity import derived, run
from tests.support.factories import (
    make_change,
    make_draft,
    make_episode,
    make_moderator,
    make_published,
    make_user,
    publish_by_workflow,
)
from tests.workflow.history.test_chain import sql

pytestmark = pytest.mark.django_db

IMAGE = f"uploads/{hashlib.sha256(b'picture').hexdigest()}.webp"


@pytest.fixture(scope="module")
def site(module_rows):
    """A site with something for every check; returns the keys of the rows that are changed."""
    by, moderator, root = make_user(), make_moderator(), make_user("root", is_superuser=True)
    episode = make_episode()
    workflow.replace_transcript(
        episode, Reading((Cue(391.0, 399.0, "", "The brain clears waste at night."),), (), "vtt"), by=by
    )
    sections = (
        SectionContent(
            "Waste",
            f"The brain clears waste at night [00:06:31]. See [[naps]].\n\n![Brain]({default_storage.url(IMAGE)})",
        ),
        SectionContent("Dose", "Never take more than 5 mg of it a day."),
    )
    article = publish_by_workflow("sleep", by=by, moderator=moderator, episode=episode, sections=sections)
    make_published("naps", by=by, moderator=moderator, episode=episode)
    change = make_change(article, by=by, lead="Another lead.")
    workflow.approve(change, by=moderator)
    workflow.publish(change, by=moderator)
    scheduled = make_change(Article.objects.get(slug="naps"), by=by, lead="A third lead.")
    workflow.approve(scheduled, by=moderator)
    workflow.schedule(scheduled, by=moderator, publish_at=timezone.now() + timedelta(days=1))
    down = publish_by_workflow("rest", by=by, moderator=moderator)
    workflow.unpublish(down, by=moderator, reason="A court.")
    draft = make_draft("tides", by=by)
    promoted = make_user("promoted", groups=())
    workflow.change_rank(promoted, workflow.Rank(("Editors",), is_active=True, is_staff=True), by=root)
    chain.seal()
    assert LintIssue.objects.exists()
    return {
        "public": change.pk,
        "earlier": change.base_id,
        "scheduled": scheduled.pk,
        "draft": draft.pk,
        "down": down.pk,
        "editor": by.pk,
        "moderator": moderator.pk,
        "promoted": promoted.pk,
        "episode": episode.pk,
        "show": episode.show_id,
    }


@pytest.fixture
def rows(site, db, settings, tmp_path):
    """The site and its uploads, both as they were for each test; returns `site`."""
    settings.MEDIA_ROOT = tmp_path
    default_storage.save(IMAGE, ContentFile(b"picture"))
    return site


def found():
    """Return the findings as (check, place)."""
    return [(finding.check, finding.place) for finding in integrity.check(Article.objects.all())]


# What is done to the rows -> the check that finds it, and where.
DAMAGE = {
    "UPDATE articles_citation SET claim = 'x' WHERE revision_id = {public}": (
        "citations",
        "sleep: revision 2, citation 1",
    ),
    "UPDATE articles_citation SET start_seconds = 3 WHERE revision_id = {earlier}": (
        "citations",
        "sleep: revision 1, citation 1",
    ),
    "UPDATE articles_citation SET claim_key = 'x' WHERE revision_id = {public}": (
        "citations",
        "sleep: revision 2, citation 1",
    ),
    "DELETE FROM articles_citation WHERE revision_id = {earlier}": ("citations", "sleep: revision 1"),
    "UPDATE articles_citation SET finding_id = NULL WHERE revision_id = {public}": (
        "checks",
        "sleep: revision 2, citation 1",
    ),
    "UPDATE articles_check SET transcript_digest = 'x'": ("checks", "sleep: revision 2, citation 1"),
    "UPDATE articles_check SET key = 'x' WHERE id = (SELECT max(finding_id) FROM articles_citation WHERE revision_id = {public})": (
        "checks",
        "sleep: revision 2, citation 1",
    ),
    "DELETE FROM articles_link WHERE revision_id = {public}": ("links", "sleep: revision 2"),
    "INSERT INTO articles_imageuse (revision_id, name) VALUES ({earlier}, 'uploads/x.webp')": (
        "images",
        "sleep: revision 1",
    ),
    "UPDATE articles_revision SET citation_count = 9 WHERE id = {public}": ("counts", "sleep: revision 2"),
    "DELETE FROM articles_lintissue WHERE revision_id = {public}": ("lint", "sleep: revision 2"),
    "UPDATE articles_rendering SET text_html = 'x' WHERE revision_id = {public}": ("pages", "sleep: the page"),
    "UPDATE articles_rendering SET plain_text = 'x' WHERE revision_id = {public}": ("pages", "sleep: the page"),
    "UPDATE articles_rendering SET partial_review = '{{}}' WHERE revision_id = {public}": (
        "pages",
        "sleep: the page",
    ),
    "UPDATE articles_rendering SET renderer_version = 1, text_html = 'x' WHERE revision_id = {public}": (
        "pages",
        "sleep: the page",
    ),
    "UPDATE articles_rendering SET renderer_version = 1 WHERE revision_id = {public}": (
        "stale",
        "sleep: the page",
    ),
    "DELETE FROM articles_rendering WHERE revision_id = {public}": ("pages", "sleep: the page"),
    "UPDATE articles_searchentry SET text = 'x' WHERE kind = 1": ("search", "sleep: search entries"),
    "DELETE FROM articles_searchentry WHERE kind = 4": ("search", "sleep: search entries"),
    "UPDATE articles_citation SET risk = 1 + risk WHERE revision_id = {public}": ("risk", None),
    "UPDATE articles_relatedarticles SET html = 'x'": ("related", "sleep: related articles"),
    "UPDATE articles_citation SET is_public = TRUE WHERE revision_id = {earlier}": ("published", "sleep: revision 1"),
    "UPDATE articles_rendering SET partial_review = '{{}}' WHERE revision_id = {earlier}": (
        "published",
        "sleep: revision 1",
    ),
    "UPDATE articles_revision SET status = 'rejected' WHERE id = {public}": ("published", "sleep: revision 2"),
    "UPDATE articles_revision SET status = 'received' WHERE id = {public}": ("published", "sleep: revision 2"),
    "DELETE FROM articles_review WHERE revision_id = {public}": ("published", "sleep: revision 2"),
    "UPDATE articles_revision SET number = 7 WHERE id = {public}": ("log", "sleep: revision 2"),
    "UPDATE articles_logentry SET note = 'x' WHERE action = 'unpublished'": ("log", "rest: log entry 6"),
    "UPDATE articles_chainlink SET entry_digest = 'x' WHERE number = 3": ("chain", "site chain: link 3"),
    "UPDATE articles_chainlink SET signature = 'x' WHERE number = 3": ("chain", "site chain: link 3"),
    "UPDATE articles_draftversion SET content = '{{}}' WHERE revision_id = {draft}": (
        "saves",
        "tides: revision 1, version 1",
    ),
    "UPDATE articles_draftversion SET number = 9 WHERE revision_id = {draft}": (
        "saves",
        "tides: revision 1, version 9",
    ),
    "UPDATE articles_revision SET lead = 'x' WHERE id = {draft}": ("saves", "tides: revision 1"),
    "DELETE FROM articles_section WHERE revision_id = {draft}": ("saves", "tides: revision 1"),
    "UPDATE auth_user SET is_superuser = TRUE WHERE id = {promoted}": ("ranks", "account promoted"),
    "DELETE FROM auth_user_groups WHERE user_id = {promoted}": ("ranks", "account promoted"),
    "UPDATE articles_rankchange SET after = '{{}}'": ("ranks", "account promoted"),
    "DELETE FROM auth_group_permissions": ("ranks", "group Editors"),
    "UPDATE articles_review SET by_id = {editor} WHERE revision_id = {public}": ("reviewers", "sleep: revision 2"),
    "DELETE FROM auth_user_groups WHERE user_id = {moderator}": ("reviewers", "sleep: revision 1"),
    "UPDATE articles_revision SET publish_at = NULL WHERE id = {scheduled}": ("schedule", "naps: revision 2"),
    "UPDATE articles_revision SET publish_at = submitted_at WHERE id = {public}": ("schedule", "sleep: revision 2"),
    "UPDATE articles_revision SET publish_at = '2020-01-01 00:00:00+00:00' WHERE id = {scheduled}": (
        "schedule",
        "Sleep (revision 2)",
    ),
    "UPDATE articles_searchentry SET article_id = {down} WHERE kind = 1": ("search", "rest: search entries"),
    "INSERT INTO articles_relatedarticles (article_id, html) VALUES ({down}, '')": (
        "orphans",
        "related articles {down}",
    ),
    "UPDATE articles_cue SET text = 'x'": ("transcripts", "episode night-talks/on-sleep"),
    "DELETE FROM articles_cue": ("transcripts", "episode night-talks/on-sleep"),
    "UPDATE articles_episode SET transcript_digest = 'x' WHERE id = {episode}": (
        "transcripts",
        "episode night-talks/on-sleep",
    ),
    "DELETE FROM articles_transcriptwindow": ("search", "episode night-talks/on-sleep"),
    "DELETE FROM articles_show WHERE id = {show}": ("orphans", "episode {episode}"),
}


def test_what_the_workflow_leaves_is_as_it_should_be(rows):
    assert found() == []


@pytest.mark.parametrize("statement", DAMAGE)
def test_damage_is_found_and_named(statement, rows, without_triggers):
    check, place = DAMAGE[statement]
    place = place and place.format(**rows)
    with without_triggers(), transaction.atomic():
        if "articles_show" in statement and connection.vendor == "postgresql":
            pytest.skip("PostgreSQL lets nobody remove a row that another refers to")
        sql(statement.format(**rows))
        # The rest isn't read once it is found: each damage would cost a check of the whole site, twice.
        findings, is_named = [], False
        for finding in integrity.check(Article.objects.all()):
            findings.append(finding)
            is_named = finding.check == check and place in {None, finding.place}
            if is_named:
                break
        transaction.set_rollback(True)

    assert is_named, findings
    assert all(finding.problem and finding.remedy for finding in findings)


@pytest.mark.parametrize("damage", ["missing", "empty", "another"])
def test_an_upload_that_is_gone_or_replaced_is_found(rows, damage):
    Path(default_storage.path(IMAGE)).write_bytes(b"" if damage == "empty" else b"another picture")
    if damage == "missing":
        default_storage.delete(IMAGE)

    assert ("uploads", "sleep: revision 2") in found()


def test_an_upload_that_is_only_mentioned_needs_no_file(rows):
    lead = (
        "Kept at uploads/../../secret.png, not `![](/media/uploads/code.png)` or `uploads/code.png`. "
        "![](/media/uploads/../../secret.png) ![](/media//etc/passwd) ![](/media///[x)"
    )
    make_draft("uploads", by=User.objects.get(username="editor"), lead=lead)
    assert found() == []

    make_draft("shown", by=User.objects.get(username="root"), lead="![](/media/uploads/a%20map.webp?wide#top)")
    assert found() == [("uploads", "shown: revision 1")]


def test_a_reviewer_who_was_promoted_or_demoted_since_is_judged_by_the_rank_of_that_time(rows):
    root = User.objects.get(username="root")
    moderator = User.objects.get(username="moderator")
    workflow.change_rank(moderator, workflow.Rank(("Editors",), is_active=True, is_staff=True), by=root)
    assert found() == []

    promoted = User.objects.get(username="promoted")
    promoted.groups.set(Group.objects.filter(name="Moderators"))  # not as the log says
    revision = make_change(Article.objects.get(slug="sleep"), by=User.objects.get(username="editor"), lead="A fifth.")
    workflow.approve(revision, by=User.objects.get(pk=promoted.pk))
    assert found() == [("ranks", "account promoted")]
    workflow.change_rank(promoted, workflow.Rank(("Editors",), is_active=True, is_staff=True), by=root)
    RankChange.objects.filter(account=promoted).update(before={"groups": [], "is_superuser": False})

    assert ("reviewers", "sleep: revision 3") in found()


def test_permissions_of_their_own_count(rows):
    by = make_user("helper")
    by.user_permissions.add(Permission.objects.get(codename="review_revision"))
    revision = make_change(Article.objects.get(slug="sleep"), by=User.objects.get(username="editor"), lead="A fifth.")
    workflow.approve(revision, by=User.objects.get(pk=by.pk))

    assert found() == []


def test_whoever_may_approve_alone_is_no_fault(rows, settings):
    settings.FOUR_EYES = False
    moderator = User.objects.get(username="moderator")
    own = make_change(Article.objects.get(slug="sleep"), by=moderator, lead="A sixth.")
    workflow.approve(own, by=moderator)

    assert found() == []
    settings.FOUR_EYES = True
    assert found() == [("reviewers", "sleep: revision 3")]


def test_a_page_of_an_earlier_version_is_only_stale_wherever_its_citations_are(rows):
    people = {"by": make_user("writer"), "moderator": make_moderator("reader")}
    episode = make_episode("on-dreams", chapters=[(0, "Welcome"), (500, "Naps")])
    body = "He said “[00:06:31] sleep *well*” , and dreams [00:08:44](soon <b>). “So [00:08:50]”[^1]\n\n[^1]: Or 5 < 6 & more."
    sections = (SectionContent("Why *we* sleep", body),)
    article = publish_by_workflow("dreams", **people, episode=episode, sections=sections)
    Rendering.objects.filter(pk=article.published_revision_id).update(renderer_version=1)

    found = list(integrity.check(Article.objects.filter(slug="dreams"), is_whole_site=False))

    assert {finding.check for finding in found} == {integrity.STALE}


# What an earlier version may have derived otherwise -> what finds it in a text of the present version.
DERIVED = {
    'UPDATE articles_citation SET "offset" = 77 WHERE revision_id = {earlier}': "citations",
    "DELETE FROM articles_link WHERE revision_id = {public}": "links",
    "INSERT INTO articles_imageuse (revision_id, name) VALUES ({earlier}, 'uploads/x.webp')": "images",
    "UPDATE articles_revision SET problem_count = 9 WHERE id = {public}": "counts",
    "DELETE FROM articles_lintissue": "lint",
    "UPDATE articles_citation SET risk = 1 + risk WHERE revision_id = {public}": "risk",
    "UPDATE articles_searchentry SET text = 'x', digest = 'x' WHERE kind = 1": "search",
    "UPDATE articles_relatedarticles SET html = 'x'": "related",
    "UPDATE articles_episode SET excerpt_length = 3": "excerpts",
}


@pytest.mark.parametrize("statement", DERIVED)
def test_what_an_earlier_version_derived_otherwise_is_only_stale(statement, rows):
    sql(statement.format(**rows))
    assert DERIVED[statement] in {check for check, _ in found()}
    Rendering.objects.update(renderer_version=1)

    findings = list(integrity.check(Article.objects.all()))

    assert {finding.check for finding in findings} == {integrity.STALE}
    assert {finding.remedy for finding in findings} == {"Run `manage.py rebuild --stale`"}
    call_command("rebuild", stale=True, verbosity=0)
    assert found() == []


def test_search_entries_that_a_rebuild_takes_for_its_own_are_not_stale(rows):
    sql("UPDATE articles_searchentry SET text = 'x' WHERE kind = 1")
    Rendering.objects.update(renderer_version=1)

    assert ("search", "sleep: search entries") in found()


def test_what_an_earlier_checker_checked_is_only_stale(rows):
    sql("UPDATE articles_check SET checker_version = 1, verdict = 'not found'")

    assert {check for check, _ in found()} == {integrity.STALE}
    call_command("rebuild", stale=True, verbosity=0)
    assert found() == []

    sql("UPDATE articles_check SET checker_version = 1, transcript_digest = 'x'")
    assert ("checks", "sleep: revision 2, citation 1") in found()


def test_what_is_only_stale_is_read_once(rows, monkeypatch):
    Rendering.objects.filter(pk=rows["public"]).update(renderer_version=1)
    read = []
    checks = [
        partial(lambda check, article: read.append(check) or check(article), check) for check in run.ARTICLE_CHECKS
    ]
    monkeypatch.setattr(run, "ARTICLE_CHECKS", checks)

    assert list(integrity.check(Article.objects.filter(slug="sleep"), is_whole_site=False))

    assert len(read) == len(checks)


def test_what_a_change_in_progress_explains_is_no_finding(rows, monkeypatch):
    passing = [[integrity.Finding("log", "sleep", "somebody was just saving", "")], []]
    monkeypatch.setattr(run, "SITE_CHECKS", [lambda quick: passing.pop(0)])

    assert found() == []
    assert passing == []


def test_a_check_that_cannot_go_on_keeps_no_other_from_its_findings(rows, monkeypatch):
    def fails(quick):
        yield integrity.Finding("one", "here", "something", "")
        raise ValueError("so broken")

    monkeypatch.setattr(run, "SITE_CHECKS", [fails, lambda quick: [integrity.Finding("two", "there", "more", "")]])

    assert found() == [("one", "here"), ("broken", "the site"), ("two", "there")]


# The command ----------------------------------------------------------------------------------------


def output(**options):
    written = io.StringIO()
    call_command("check_integrity", stdout=written, **options)
    return written.getvalue()


def test_an_intact_site_is_said_to_be(rows):
    assert output() == "Everything is as it should be: 4 articles checked.\n"
    assert output(quick=True) == "Everything is as it should be: 4 articles checked.\n"
    assert output(sample=2) == "Everything is as it should be: 2 articles checked.\n"
    assert output(article="sleep") == "Everything is as it should be: 1 article checked.\n"
    assert output(json=True) == ""


def test_a_finding_says_what_where_and_what_to_do(rows):
    sql("UPDATE articles_rendering SET text_html = 'x' WHERE revision_id = %s", rows["public"])
    written = io.StringIO()

    with pytest.raises(CommandError, match=r"^1 problem found in 4 articles and the site\.$"):
        call_command("check_integrity", stdout=written)

    remedy = "Run `manage.py rebuild --article sleep`"
    problem = "not what its text gives: text_html"
    assert written.getvalue() == f"sleep: the page: {problem}. {remedy}\n"
    written = io.StringIO()
    with pytest.raises(CommandError):
        call_command("check_integrity", json=True, stdout=written)
    assert json.loads(written.getvalue()) == {
        "check": "pages",
        "place": "sleep: the page",
        "problem": problem,
        "remedy": remedy,
    }
    call_command("rebuild", article="sleep", verbosity=0)
    assert found() == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"article": "nowhere"}, "There is no article with the slug “nowhere”."),
        ({"sample": 0}, "--sample must be at least 1."),
    ],
)
def test_what_cannot_be_checked_is_said(options, message):
    with pytest.raises(CommandError, match=message):
        output(**options)


@pytest.mark.parametrize("quick", [True, False])
def test_it_only_reads(rows, quick):
    with CaptureQueriesContext(connection) as queries:
        list(integrity.check(Article.objects.all(), quick=quick))

    writing = [
        q["sql"]
        for q in queries
        if not q["sql"].lstrip(" (\n").upper().startswith(("SELECT", "DECLARE", "SAVEPOINT", "RELEASE"))
    ]
    assert writing == []
    assert not any("FOR UPDATE" in query["sql"] or "FOR NO KEY" in query["sql"] for query in queries)


def test_queries_grow_only_with_articles(rows):
    def count():
        with CaptureQueriesContext(connection) as queries:
            list(integrity.check(Article.objects.filter(slug="sleep"), is_whole_site=False))
        return len(queries)

    before = count()
    sections = tuple(SectionContent(f"Part {n}", "The brain clears waste at night [00:06:31].") for n in range(30))
    editor, moderator = (User.objects.get(username=name) for name in ("editor", "moderator"))
    revision = make_change(Article.objects.get(slug="sleep"), by=editor, sections=sections)
    workflow.approve(revision, by=moderator)
    workflow.publish(revision, by=moderator)

    assert Revision.objects.get(pk=revision.pk).citation_count == 30
    assert count() - before < 20  # one revision and one review more, not thirty citations


def test_related_articles_take_the_same_queries_for_any_number_of_articles(django_assert_num_queries):
    episode, by = make_episode("of-all"), make_user("writer")
    for slug in ("one", "two", "three"):
        make_published(slug, episode=episode, by=by)
    articles = list(Article.objects.order_by("pk"))
    with CaptureQueriesContext(connection) as of_one:
        assert list(derived.check_related(articles[:1])) == []

    with django_assert_num_queries(len(of_one)):
        assert list(derived.check_related(articles)) == []


def test_one_article_is_not_also_a_sample():
    with pytest.raises(CommandError, match="--sample: not allowed with argument --article"):
        call_command("check_integrity", "--article", "sleep", "--sample", "5")
