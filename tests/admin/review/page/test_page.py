"""The review page: changes, issues, log and recordings of a revision, and how many queries that takes."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import workflow
from articles.admin.review.context.issues import issues_of
from articles.core.revisions.diff import Run
from articles.importing import import_transcript
from articles.models import Cue, Dismissal, Episode, LogEntry, Revision, Source
from articles.views.diff import runs_to_show
from articles.workflow.content import SectionContent
from tests.support.clients import logged_in
from tests.support.factories import make_change, make_content, make_draft, make_episode, make_published
from tests.support.scenarios.reviewing import page_of, sections_of

pytestmark = pytest.mark.django_db


# Content ------------------------------------------------------------------------------------------


def test_review_page_shows_changes_riskiest_first_with_both_timestamps(change, moderator):
    response = logged_in(moderator).get(page_of(change))

    shown = response.context["shown"]
    assert [(entry.tags, entry.where) for entry in shown.changes] == [
        ([("timestamp changed", True)], "Why we sleep"),
        ([("wording", False)], "What helps"),
    ]
    [(before, after)] = shown.changes[0].moments
    assert (before.label, before.chapter, before.href) == (
        "06:31",
        "Opening",
        "https://www.youtube.com/watch?v=abcdefghijk&t=391s",
    )
    assert (after.label, after.chapter, after.href) == (
        "11:31",
        "The second hour",
        "https://www.youtube.com/watch?v=abcdefghijk&t=691s",
    )
    assert shown.tally == [("timestamp changed", 1), ("wording", 1)]
    assert "Said more exactly." in response.text


def test_review_page_marks_additions_and_removals_in_words_and_escapes_them(change, moderator):
    text = logged_in(moderator).get(page_of(change)).text

    assert '<del><span class="visually-hidden">removed: </span>[00:06:31]</del>' in text
    assert '<ins><span class="visually-hidden">added: </span>[00:11:31]</ins>' in text
    assert "&lt;b&gt;" in text
    assert "<b>hours</b>" not in text


def test_review_page_folds_unchanged_sections(change, moderator):
    sections = logged_in(moderator).get(page_of(change)).context["shown"].sections

    assert [type(entry).__name__ for entry in sections] == ["Fold", "ShownSection", "Fold", "ShownSection"]
    assert [entry.heading[0].text for entry in sections[2].sections] == ["Two processes"]


def test_review_page_of_a_new_article_lists_its_claims(editor, moderator):
    episode = make_episode(chapters=[(0, "Opening")])
    draft = workflow.submit(make_draft(by=editor, episode=episode), by=editor)

    response = logged_in(moderator).get(page_of(draft))

    [citation] = response.context["citations"]
    assert (citation.claim, citation.moment.label, citation.moment.chapter) == (
        "The brain clears waste at night.",
        "06:31",
        "Opening",
    )
    assert response.context["shown"] is None
    assert "New article: 1 citation to check" in response.text


UNSAFE = "Take 50 mg daily. ![](/media/uploads/a.webp)"


def test_review_page_lists_all_issues_that_the_editor_lists_worst_first(editor, moderator):
    sections = (SectionContent("Why we sleep", f"At night.\n\nIt clears [00:06:71].\n\n{UNSAFE}"),)
    draft = workflow.submit(make_draft(by=editor, episode=make_episode(), sections=sections), by=editor)
    client = logged_in(moderator)

    page = client.get(page_of(draft))

    dose, mark, alt = page.context["issues"].new
    assert (dose.issue.code, mark.issue.code, alt.issue.code) == ("uncited-dose", "malformed", "missing-alt")
    assert (mark.place, mark.issue.line, mark.issue.column) == ("Why we sleep", 3, 11)
    assert mark.message == "Seconds go from 00 to 59; “00:06:71” has 71."
    assert "Uncited dose or percentage" in page.text
    assert "1 invalid timestamp" in client.get(reverse("admin:articles_revision_changelist")).text
    editors = logged_in(editor).get(reverse("admin:articles_article_change", args=[draft.article_id]))
    assert "3 issues" in " ".join(editors.text.split())


def test_issues_of_the_published_text_come_last_and_dismissed_ones_not_at_all(editor, moderator):
    sections = (SectionContent("Part", f"Said [00:00:10]. {UNSAFE}"),)
    article = make_published(by=editor, moderator=moderator, episode=make_episode(), sections=sections)
    published = article.published_revision
    change = make_change(article, by=editor, sections=sections_of(article, Part=f"Said [00:06:71]. {UNSAFE}"))
    [dose] = published.lintissue_set.filter(code="uncited-dose")

    issues = issues_of(change)
    assert [found.issue.code for found in issues.new] == ["malformed"]
    assert [found.issue.code for found in issues.earlier] == ["uncited-dose", "missing-alt"]
    assert "2 issues that the published text has, too" in logged_in(moderator).get(page_of(change)).text
    assert issues_of(published).earlier == []

    Dismissal.objects.create(article=article, code=dose.code, subject=dose.subject, by=editor, at=timezone.now())
    assert [found.issue.code for found in issues_of(change).earlier] == ["missing-alt"]


def test_review_page_shows_the_log(change, moderator):
    workflow.request_changes(change, by=moderator, comment="Which study says so?")

    text = logged_in(moderator).get(page_of(change)).text

    assert "<b>moderator</b> requested changes: " in text
    assert "Which study says so?" in text


def test_reading_the_review_page_changes_nothing(change, moderator):
    client = logged_in(moderator)
    before = Revision.objects.values().get(pk=change.pk), LogEntry.objects.count()

    client.get(page_of(change))
    client.get(reverse("admin:articles_revision_preview", args=[change.pk]))
    refused = client.get(reverse("admin:articles_revision_decide", args=[change.pk]))

    assert refused.status_code == 405
    assert client.post(page_of(change)).status_code == 405
    assert (Revision.objects.values().get(pk=change.pk), LogEntry.objects.count()) == before


def test_the_page_says_whose_transcripts_publishing_makes_public(editor, moderator):
    """An editor can permit that alone for a recording that nothing relies on yet."""
    known, new, closed = (make_episode(slug, title=f"Talk {slug}") for slug in ("known", "new", "closed"))
    for episode in (known, new, closed):
        import_transcript(episode, b"00:00:04 Let us talk.")
    Episode.objects.filter(pk__in=[known.pk, new.pk]).update(allows_transcript=True)
    make_published("other", by=editor, moderator=moderator, episode=known)
    draft = make_draft("fresh", by=editor, episode=known)
    Source.objects.bulk_create(
        Source(revision=draft, episode=episode, key=key, position=position)
        for position, (key, episode) in enumerate([("e2", new), ("e3", closed)], 1)
    )
    Revision.objects.filter(pk=draft.pk).update(status="submitted", submitted_at=timezone.now())
    client = logged_in(moderator)

    told = re.findall(
        r'Publishing also makes the whole transcript of <a href="(.*?)">(.*?)</a>', client.get(page_of(draft)).text
    )

    assert told == [(reverse("admin:articles_episode_transcript", args=[new.pk]), "Talk new")]
    make_published("third", by=editor, moderator=moderator, episode=new)
    assert "Publishing also makes" not in client.get(page_of(draft)).text


@pytest.mark.parametrize("count", [1, 3])
def test_review_page_queries(editor, moderator, django_assert_num_queries, count):
    episode = make_episode(chapters=[(60 * number, f"Part {number}") for number in range(count)])
    sections = tuple(SectionContent(f"Part {n}", f"Said [00:0{n}:10].") for n in range(count))
    article = make_published(by=editor, moderator=moderator, episode=episode, sections=sections)
    bodies = {f"Part_{n}": f"Said [00:0{n}:40] and [00:0{n}:71]." for n in range(count)}
    change = make_change(article, by=editor, sections=sections_of(article, **bodies))
    client = logged_in(moderator)

    # Seven load the citation statuses: the rows, and three for the confirmations and dismissals of each text. Four look
    # for an issue of all citations of a recording, because a mark of the text is invalid.
    with django_assert_num_queries(41):
        client.get(page_of(change))


@pytest.mark.parametrize("count", [1, 3])
def test_review_page_of_a_new_article_queries(editor, moderator, django_assert_num_queries, count):
    sections = tuple(SectionContent(f"Part {n}", f"Said [00:0{n}:10].") for n in range(count))
    draft = workflow.submit(make_draft(by=editor, episode=make_episode(), sections=sections), by=editor)
    client = logged_in(moderator)

    # Three of them load confirmations and dismissals.
    with django_assert_num_queries(33):
        client.get(page_of(draft))


# Runs ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("runs", "shown"),
    [
        (
            [Run("equal", "a "), Run("insert", " b ")],
            [("equal", "a "), ("equal", " "), ("insert", "b"), ("equal", " ")],
        ),
        ([Run("insert", "\n\n")], [("insert", "¶"), ("equal", "\n\n")]),
        ([Run("delete", "\n\n")], [("delete", "¶")]),
        ([Run("delete", " ")], [("delete", " ")]),
        ([Run("delete", "x"), Run("insert", "y")], [("delete", "x"), ("insert", "y")]),
    ],
)
def test_runs_to_show_keep_white_space_outside_the_marks(runs, shown):
    assert [(run.op, run.text) for run in runs_to_show(runs)] == shown


def test_the_page_of_a_revision_without_sections_or_sources_opens(editor, moderator):
    draft = workflow.create_article(make_content(sections=(), lead="Only a lead."), by=editor)
    workflow.submit(draft, by=editor)

    assert logged_in(moderator).get(page_of(draft)).status_code == 200


def test_the_page_shows_what_a_writer_corrected_in_the_transcript_before_submitting(editor, moderator):
    episode = make_episode("corrected")
    said = "At night the train leaves its place."
    import_transcript(episode, f"00:06:31 {said}\n00:06:40 Yes.\n00:50:00 Good bye.".encode(), "words.txt")
    episode.refresh_from_db()
    for second, text in ((391, "At night the brain cleans."), (3000, "Bye.")):
        cue = Cue.objects.get(episode=episode, start_seconds=second)
        workflow.correct_cue(episode, cue.pk, speaker="", text=text, expected=("", cue.text), by=editor)
    draft = make_draft("corrected-text", by=editor, episode=episode, lead="The brain cleans at night [00:06:31].")
    workflow.submit(draft, by=editor)

    response = logged_in(moderator).get(page_of(draft))

    shown = [change.before["cue"]["text"] for change, _ in response.context["recording_changes"]]
    assert shown == [said]  # not the one at a moment that the text doesn't cite
    assert said in re.sub("</?(?:del|ins)>", "", response.content.decode())  # what differs is marked
