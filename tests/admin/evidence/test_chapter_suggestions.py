"""Suggested timestamps from the titles of chapters, for episodes without a transcript."""

import pytest

from articles.importing import import_transcript
from articles.models import LintIssue
from articles.workflow.content import SectionContent
from tests.admin.editor.screen.addresses import change_url, sent_back
from tests.support.clients import logged_in
from tests.support.databases.shared import shared
from tests.support.factories import make_episode, make_published, make_user
from tests.support.samples.talk import DURATION, as_vtt
from tests.support.scenarios.evidence_panel import claims_in, flags_in

pytestmark = pytest.mark.django_db

CHAPTERS = [(0, "Opening"), (381, "Old storms"), (1100, "The receptor"), (3400, "Receptors and rewiring")]
BODY = "The NMDA receptor is blocked, and rewiring follows [00:09:01]. Storms come and go [00:07:00]."

editor = shared(make_user)


@shared
def episode():
    return make_episode("a-talk", duration_seconds=DURATION, chapters=CHAPTERS, youtube_id="abcdefghijk")


@shared
def article(editor, episode):
    return make_published("talk", by=editor, episode=episode, lead="", sections=(SectionContent("Uses", BODY),))


@pytest.fixture
def client(editor):
    return logged_in(editor)


def panel_of(client, article):
    return client.get(change_url(article)).context["reading"].panel


def test_a_claim_about_another_chapter_has_its_start_as_a_suggestion(client, article):
    page = client.get(change_url(article))

    wrong, right = claims_in(page.context["reading"].panel)
    assert [(one.label, one.chapter) for one in wrong.suggestions] == [
        ("56:40", "Receptors and rewiring"),
        ("18:20", "The receptor"),
    ]
    assert {one.excerpt for one in wrong.suggestions} == {"(start of a chapter with this title, not from a transcript)"}
    assert right.suggestions == ()
    assert "<summary>Chapters that may fit better</summary>" in page.content.decode()
    assert "No speech at this timestamp" not in page.content.decode()


def test_the_suggestion_is_applied_without_scripts(client, article):
    page = client.get(change_url(article))
    action = claims_in(page.context["reading"].panel)[0].suggestions[0].action

    answer = client.post(change_url(article), sent_back(page) | {"_evidence": action})

    assert "rewiring follows [00:56:40]." in answer.content.decode()


def test_the_issue_offers_the_best_chapter_as_its_repair(client, article):
    page = client.get(change_url(article))
    (issue,) = flags_in(page.context["reading"].panel)
    assert (issue.repair, issue.edit.written, issue.edit.replacement) == ("Move to 56:40", "[00:09:01]", "[00:56:40]")
    assert ">Move to 56:40</button>" in page.text

    answer = client.post(change_url(article), sent_back(page) | {"_evidence": f"repair:{issue.id}:{issue.key}"})

    assert "rewiring follows [00:56:40]." in answer.text
    assert [flag.flag.code for flag in flags_in(answer.context["reading"].panel)] == ["chapter-start"]


def test_a_mark_of_several_moments_has_no_repair(client, editor, episode):
    body = "The NMDA receptor is blocked, and rewiring follows [00:09:01, 00:10:01]."
    article = make_published("both", by=editor, episode=episode, lead="", sections=(SectionContent("Uses", body),))

    assert [issue.edit for issue in flags_in(panel_of(client, article))] == [None, None]


def test_a_transcript_replaces_the_suggestions_and_the_issue(client, article, episode):
    assert [flag.flag.code for flag in flags_in(panel_of(client, article))] == ["chapter-topic"]
    assert list(LintIssue.objects.values_list("code", flat=True)) == ["chapter-topic"]

    import_transcript(episode, as_vtt(), "talk.vtt")

    panel = panel_of(client, article)
    assert flags_in(panel) == []
    assert [one for claim in claims_in(panel) for one in claim.suggestions if "title" in one.excerpt] == []
    assert not LintIssue.objects.exists()
