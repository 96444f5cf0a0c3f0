"""A received text is shown as what becomes of it before it is saved, and then saved as an import does."""

import pytest

from articles import workflow
from articles.core.formats import FormatError
from articles.importing import Outcome
from articles.importing.articles.received import import_received, preview_received, read_received
from articles.models import Article, Episode, LogEntry, Revision, Show
from tests.support.factories import make_episode, make_published

pytestmark = pytest.mark.django_db

TIDES = (
    "Title: Tides\n\nThe sea rises [00:01:02].\n\n# Moon\n\nIt pulls \\[00:02:03\\].\n\n### Pull\n\nHard [00:99:00].\n"
)


def test_a_pasted_text_is_named_after_its_title():
    article = read_received(TIDES)

    assert (article.title, article.name) == ("Tides", "tides")
    assert read_received(TIDES, title="Neap tides").name == "neap-tides"
    assert read_received("Words only.", title="Tides").name == "tides"
    assert read_received(TIDES, file_name="moon.md").name == "tides"


@pytest.mark.parametrize(
    ("text", "name", "reason"),
    [
        ("", "", "the file is empty"),
        ("Words only, without any heading, that go on and on and end.", "", "the text has no title"),
        ("{", "talk.json", "invalid JSON"),
        ("---\ntitle: Show\n---\n\n### [Tides](https://youtu.be/abcdefghijk)\n- [[tides]]\n", "", "a show’s list"),
    ],
)
def test_what_cannot_be_read_says_why(text, name, reason):
    with pytest.raises(FormatError, match=reason):
        read_received(text, file_name=name)


def test_the_preview_saves_nothing_and_says_what_becomes_of_it(editor):
    episode = make_episode()
    before = _rows()

    imported = preview_received(read_received(TIDES, episode=episode), by=editor)

    parts, episodes = imported.revision.derived
    assert imported.outcome == Outcome.CREATED
    assert [(part.section.heading, part.section.level) for part in parts[1:]] == [("Moon", 1), ("Pull", 2)]
    assert [citation.start_seconds for part in parts for citation in part.body.citations] == [62, 123]
    assert list(episodes.values()) == [episode]
    assert [(problem.line, problem.code) for problem in imported.problems] == [(7, "escaped"), (11, "time-broken")]
    assert _rows() == before == (0, 0, 0, 1, 1)


def test_it_becomes_a_draft_and_the_same_text_again_changes_nothing(editor):
    article = read_received(TIDES, episode=make_episode())

    draft = import_received(article, by=editor).revision

    assert (draft.title, draft.slug, draft.status, draft.author) == ("Tides", "tides", "draft", editor)
    assert draft.citation_count == 2
    assert Article.objects.get().published_revision is None
    before = _rows()
    assert preview_received(article, by=editor).outcome == Outcome.UNCHANGED
    assert import_received(article, by=editor).outcome == Outcome.UNCHANGED
    assert _rows() == before


def test_a_newer_text_replaces_the_untouched_draft(editor):
    episode = make_episode()
    import_received(read_received(TIDES, episode=episode), by=editor)
    newer = read_received(TIDES.replace("rises", "rises and falls"), episode=episode)

    assert preview_received(newer, by=editor).outcome == Outcome.CHANGED
    assert Revision.objects.get().lead == "The sea rises [00:01:02]."
    import_received(newer, by=editor)
    assert Revision.objects.get().lead == "The sea rises and falls [00:01:02]."


def test_another_article_keeps_its_slug(people):
    make_published("tides", title="Tides", by=people["by"], moderator=people["moderator"])

    imported = preview_received(read_received(TIDES), by=people["by"])

    assert imported.revision.slug == "tides-2"
    assert "slug" in {problem.code for problem in imported.problems}


def test_a_recording_that_the_text_names_is_added_only_when_it_is_saved(editor):
    article = read_received(f"From: harbour\nVideo: abcdefghijk\n{TIDES}")

    preview_received(article, by=editor)
    assert (Show.objects.count(), Episode.objects.count()) == (0, 0)

    draft = import_received(article, by=editor).revision
    assert draft.source_set.get().episode.reference == "harbour/abcdefghijk"


LINKED = "The pump fails [06:31](https://youtu.be/abcdefghijk?t=391) often."


@pytest.mark.parametrize("heading", ["Title: Pumps\n\n", "---\ntitle: Pumps\nvideoId: zzzzzzzzzzz\n---\n\n"])
def test_a_time_linked_to_the_chosen_recording_is_a_citation(editor, heading):
    article = read_received(f"{heading}{LINKED}", episode=make_episode(youtube_id="abcdefghijk"))

    imported = preview_received(article, by=editor)

    assert imported.revision.lead == "The pump fails [00:06:31] often."
    assert [problem.code for problem in imported.problems] == ["linked"]


@pytest.mark.parametrize("youtube_id", ["zzzzzzzzzzz", ""])
@pytest.mark.parametrize("heading", ["From: harbour\nTitle: Pumps\nVideo: ", "---\ntitle: Pumps\nvideoId: "])
def test_a_time_linked_to_another_recording_than_the_chosen_one_is_a_link(editor, heading, youtube_id):
    text = f"{heading}abcdefghijk\n{'---' if heading[0] == '-' else ''}\n\n{LINKED}"
    article = read_received(text, episode=make_episode(youtube_id=youtube_id))

    imported = preview_received(article, by=editor)

    assert imported.revision.lead == LINKED
    assert imported.revision.citation_count == 0
    assert [problem.code for problem in imported.problems] == ["unread-citation"]


def test_whoever_may_not_write_may_not_receive(moderator):
    moderator.groups.clear()
    article = read_received(TIDES)

    for act in (preview_received, import_received):
        with pytest.raises(workflow.NotAllowed):
            act(article, by=type(moderator).objects.get(pk=moderator.pk))


def _rows():
    return tuple(model.objects.count() for model in (Article, Revision, LogEntry, Show, Episode))
