"""The admin's pages about changes to recordings: what waits, who decides, and how to find a change again."""

import html

import pytest
from django.urls import reverse, reverse_lazy
from lxml.html import fromstring

from articles import workflow
from articles.admin.recordings.changes import effects
from articles.importing import import_transcript
from articles.models import Cue, Transcript
from articles.workflow.content import SectionContent
from articles.workflow.recordings import decisions
from tests.support.clients import logged_in
from tests.support.factories import make_episode, make_moderator, make_published, make_user

pytestmark = pytest.mark.django_db

CHANGES = reverse_lazy("admin:articles_recordingchange_changelist")
BY_MODERATOR = "so your changes wait for a moderator’s decision."
BY_ANOTHER = "so your changes wait for another moderator’s decision."


@pytest.fixture
def moderator():
    return make_moderator()


@pytest.fixture
def editor():
    return make_user()


@pytest.fixture
def episode(editor, moderator):
    episode = make_episode()
    make_published(by=editor, moderator=moderator, episode=episode)
    return episode


def propose(episode, by, title="Renamed"):
    episode.title = title
    return workflow.save_episode(episode, ["title"], by=by)


def shown(user, address):
    return html.unescape(logged_in(user).get(address).text)


def page_of(change):
    return reverse("admin:articles_recordingchange_change", args=[change.pk])


def test_every_form_for_a_recording_says_who_decides(episode, editor, moderator):
    author = make_moderator("author")
    make_published("dreams", by=author, moderator=moderator, episode=episode)
    import_transcript(episode, b"00:00:04 Let us talk.", is_confirmed=True)
    forms = [
        reverse("admin:articles_episode_change", args=[episode.pk]),
        reverse("admin:articles_show_change", args=[episode.show_id]),
        reverse("admin:articles_episode_transcript", args=[episode.pk]),
        reverse("admin:articles_episode_transcript_remove", args=[episode.pk]),
    ]

    notes = {
        user.get_username(): {
            (BY_MODERATOR in page, BY_ANOTHER in page) for page in (shown(user, form) for form in forms)
        }
        for user in (editor, author, moderator)
    }

    assert notes == {
        editor.get_username(): {(True, False)},
        author.get_username(): {(False, True)},
        moderator.get_username(): {(False, False)},
    }


def test_a_waiting_change_says_who_decides(episode, editor, moderator):
    change = propose(episode, editor)
    author = make_moderator("author")
    make_published("dreams", by=author, moderator=moderator, episode=episode)
    own = propose(make_episode_again(episode), author, "Renamed again")

    assert "A moderator decides on this change." in shown(editor, page_of(change))
    assert "another moderator has to accept it. If there is none, ask an administrator" in shown(author, page_of(own))
    assert "has to accept it" not in shown(moderator, page_of(own))
    decisions.accept(change, by=moderator)
    assert "A moderator decides on this change." not in shown(editor, page_of(change))


def make_episode_again(episode):
    return type(episode).objects.get(pk=episode.pk)


def test_changes_are_found_by_what_readers_see_of_them_and_by_citations(episode, editor, moderator):
    visible = propose(episode, editor)
    uncited = make_episode("other-episode", youtube_id="")
    uncited.guid = "https://feed.example/1"
    hidden = workflow.save_episode(uncited, ["guid"], by=editor)
    client = logged_in(moderator)

    def found(query):
        return [row.pk for row in client.get(f"{CHANGES}?{query}").context["cl"].queryset]

    assert found("visible=yes") == found("cited=yes") == [visible.pk]
    assert found("visible=no") == found("cited=no") == [hidden.pk]
    assert "1 result." in client.get(f"{CHANGES}?q=other-episode").text


def test_a_transcript_says_who_reviewed_it_and_what_waits(episode, editor, moderator):
    address = reverse("admin:articles_episode_transcript", args=[episode.pk])
    proposed = import_transcript(episode, b"00:00:04 Let us talk.", by=editor, is_confirmed=True).change

    assert page_of(proposed) in shown(editor, address)
    decisions.accept(proposed, by=moderator)

    page = " ".join(shown(editor, address).split())
    assert page_of(proposed) not in page
    assert f"reviewed by {moderator.get_username()} <time" in page
    import_transcript(episode, b"00:00:04 Let us talk again.", by=moderator, is_confirmed=True)
    assert "not reviewed by anyone else" in shown(editor, address)
    assert Transcript.objects.current().get(episode=episode).reviewed_by is None


def test_a_moderator_reads_what_is_wrong_with_a_proposed_transcript(episode, editor, moderator):
    """Whoever proposed it has confirmed it; whoever decides wouldn't know of it otherwise."""
    proposed = import_transcript(episode, b"50:00:00 Let us talk.\n50:00:04 And so on.", by=editor, is_confirmed=True)

    page = shown(moderator, page_of(proposed.change))

    assert proposed.change.is_waiting
    assert [problem.reason for problem in proposed.problems if f"Issue: {problem.reason}" not in page] == []
    assert "Issue: The first cue is only at 3000 min. Do the times count from the start" in page


NIGHT = "At night the brain clears its waste, and that is why we sleep."
DAY = "At night the train leaves its place, and that is why we sleep."


@pytest.fixture
def correction(editor):
    """Return a function that makes a correction wait which changes what is shown of so many citations."""

    def make(texts, claims):
        episode = make_episode(duration_seconds=3000, allows_excerpts=True)
        import_transcript(
            episode, f"00:00:04 Let us talk.\n00:06:31 {NIGHT}\n00:09:00 Thank you.".encode(), "words.txt"
        )
        episode.refresh_from_db()
        said = [
            f"The brain clears waste number {n} [00:06:31]. And so it rests [0{n + 1}:50:00]." for n in range(claims)
        ]
        section = SectionContent("Why", "\n\n".join(said))
        for number in range(texts):
            make_published(f"sleep-{number}", title="Sleep", by=editor, episode=episode, lead="", sections=[section])
        cue = Cue.objects.get(episode=episode, start_seconds=391)
        expected = cue.speaker, cue.text
        return workflow.correct_cue(episode, cue.pk, speaker="", text=DAY, expected=expected, by=make_user("other"))

    return make


@pytest.mark.parametrize(("texts", "claims"), [(1, 1), (1, 3), (3, 3)])
def test_a_correction_takes_as_many_queries_for_many_citations(
    moderator, correction, texts, claims, django_assert_num_queries
):
    change = correction(texts, claims)
    client = logged_in(moderator)

    with django_assert_num_queries(25):
        effects = client.get(page_of(change)).context["effects"]

    assert effects.found.count + effects.kept.count == texts * claims


def test_a_correction_shows_what_differs_and_how_many_citations_it_does_not_list(moderator, correction, monkeypatch):
    monkeypatch.setattr(effects, "SHOWN", 2)

    page = fromstring(logged_in(moderator).get(page_of(correction(1, 3))).text)

    [before, after] = page.find_class("recording-change__line")
    assert [before.text_content(), after.text_content()] == [f"00:06:31 {NIGHT}", f"00:06:31 {DAY}"]
    assert [run.text for run in before.iter("del")] == ["brain clears", "waste"]
    assert [run.text for run in after.iter("ins")] == ["train leaves", "place"]
    [rows] = page.find_class("effects")
    assert [" ".join(row.text_content().split()) for row in rows] == [
        "06:31 The brain clears waste number 0. from Matches transcript → to Not found in transcript",
        "06:31 The brain clears waste number 1. from Matches transcript → to Not found in transcript",
        "… and 1 more citation",
    ]
