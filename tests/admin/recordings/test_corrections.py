"""Correcting a transcript on its page: in place, with history, undo, refusals that keep what was typed, and leftovers."""

import html
import re

import pytest
from django.urls import reverse

from articles import workflow
from articles.admin.recordings.corrections.forms import token_of
from articles.core.recordings import transcripts
from articles.importing import import_transcript
from articles.models import Cue, Episode, RecordingChange
from articles.workflow.recordings import cue_history, decisions
from tests.support.clients import logged_in
from tests.support.factories import make_episode, make_moderator, make_published, make_user

pytestmark = pytest.mark.django_db

WORDS = """00:00:04 Ann: Let us talk about the see for a while.
00:06:31 At night the brain clears its waste, and that is why we sleep.
00:40:00 Bob: Thank you all for listening to this.
"""
SAID = "Let us talk about the <sea> for a while."


@pytest.fixture
def editor(client):
    user = make_user()
    client.force_login(user)
    return user


@pytest.fixture
def episode():
    episode = make_episode()
    import_transcript(episode, WORDS.encode(), "words.txt")
    return Episode.objects.get(pk=episode.pk)


def body(response):
    return html.unescape(re.sub(r"\s+", " ", response.content.decode()))


def page_of(episode):
    return reverse("admin:articles_episode_transcript", args=[episode.pk])


def cue_at(episode, second=4):
    return Cue.objects.get(episode=episode, start_seconds=second)


def address(cue):
    return reverse("admin:articles_episode_cue", args=[cue.episode_id, cue.pk])


def values(cue, text=SAID, **others):
    return {"text": text, "speaker": cue.speaker, "loaded_as": token_of(cue), "start": cue.start_seconds, **others}


def test_a_cue_is_corrected_in_place(client, editor, episode):
    cue = cue_at(episode)

    asked = client.get(page_of(episode), {"correct": cue.pk})
    answer = client.post(address(cue), values(cue, reason="Misheard."), follow=True)

    assert f'id="id_cue_{cue.pk}_text"' in body(asked)
    assert answer.redirect_chain == [(f"{page_of(episode)}?at=4#cue-{cue.pk}", 302)]
    text = body(answer)
    assert "Transcript corrected." in text
    assert f'id="cue-{cue.pk}"> <p class="cue-said__message" role="status">Transcript corrected.</p> <p' in text
    assert f'<p dir="auto"><time datetime="PT4S">00:04</time> <b>Ann:</b> {SAID}</p>' in text
    assert '<span class="tag">corrected</span> by <b>writer</b>' in text.replace(editor.username, "writer")
    assert "<del><b>Ann:</b> Let us talk about the see for a while.</del>" in text
    assert f"<ins><b>Ann:</b> {SAID}</ins>" in text
    assert "Misheard." in text
    assert "&lt;sea&gt;" in answer.content.decode()


def test_a_correction_is_undone(client, editor, episode):
    cue = cue_at(episode)
    client.post(address(cue), values(cue))
    cue.refresh_from_db()

    text = body(client.post(address(cue), {"act": "undo", "loaded_as": token_of(cue)}, follow=True))

    assert cue_at(episode).text == "Let us talk about the see for a while."
    assert '<span class="tag">correction undone</span>' in text
    stale = body(client.post(address(cue), {"act": "undo", "loaded_as": "x"}, follow=True))
    assert "The transcript has changed meanwhile, so nothing was undone." in stale


def test_a_stale_form_is_refused_and_keeps_what_was_typed(client, editor, episode):
    cue = cue_at(episode)
    said = {"speaker": "Ann", "text": "Let us talk about C.", "expected": ("Ann", cue.text)}
    workflow.correct_cue(episode, cue.pk, **said, by=make_user("other"))

    refused = client.post(address(cue), values(cue))

    assert refused.status_code == 409
    assert "so nothing was changed. It now says: “Let us talk about C.”" in body(refused)
    assert f">\n{html.escape(SAID)}</textarea>" in refused.content.decode()
    assert cue_at(episode).text == "Let us talk about C."
    shown = token_of(cue_at(episode))
    assert f'value="{shown}"' in refused.content.decode()
    assert client.post(address(cue), values(cue, loaded_as=shown)).status_code == 302
    assert cue_at(episode).text == SAID


def test_a_form_from_before_another_import_keeps_what_was_typed(client, editor, episode):
    cue = cue_at(episode)
    import_transcript(episode, WORDS.replace("the see", "see").encode(), "words.txt")

    refused = client.post(address(cue), values(cue))

    assert refused.status_code == 409
    assert "It now says: “Let us talk about see for a while.”" in body(refused)
    assert html.escape(SAID) in refused.content.decode()
    workflow.remove_transcript(episode)
    gone = body(client.post(address(cue), values(cue), follow=True))
    assert f"Not changed, because there is no transcript any longer. You entered: “{SAID}”" in gone


@pytest.mark.parametrize("wrong", [{"text": ""}, {"text": "word " * 500}, {"speaker": "A" * 201}])
def test_what_is_no_cue_is_refused_in_the_form(client, editor, episode, wrong):
    cue = cue_at(episode)

    refused = client.post(address(cue), values(cue) | wrong)

    assert (refused.status_code, 'class="errorlist"' in body(refused)) == (400, True)
    assert cue_at(episode).text == cue.text


def test_who_may_not_import_may_not_correct(client, episode):
    client.force_login(make_user("reader", groups=(), is_active=True))
    cue = cue_at(episode)

    assert client.post(address(cue), values(cue)).status_code == 403
    assert client.post(reverse("admin:articles_episode_correction", args=[episode.pk, 1])).status_code == 403
    assert client.get(address(cue)).status_code == 405
    assert cue_at(episode).text == cue.text


def test_what_became_of_a_correction_stands_at_its_cue_and_else_at_the_top(client, editor, episode):
    cue = cue_at(episode)
    told = "Transcript corrected."

    there = body(client.post(address(cue), values(cue), follow=True))
    client.post(address(cue), values(cue_at(episode), "Something else."))
    elsewhere = body(client.get(page_of(episode), {"q": "brain"}))

    assert f'id="cue-{cue.pk}"> <p class="cue-said__message" role="status">{told}' in there
    assert there.count(told) == elsewhere.count(told) == 1


def test_what_readers_would_see_waits_and_is_decided_on_its_page(client, editor, episode):
    make_published(by=editor, episode=episode)
    cue = cue_at(episode, 391)

    waiting = body(client.post(address(cue), values(cue, "A train leaves its place at six, they say."), follow=True))
    change = RecordingChange.objects.waiting().get()
    moderator = make_moderator("second")
    client.force_login(moderator)
    compared = body(client.get(reverse("admin:articles_recordingchange_change", args=[change.pk])))
    decisions.accept(change, by=moderator)

    assert "Not changed yet: your change waits for a moderator’s decision." in waiting
    assert "transcript correction" in waiting
    assert "<del>00:06:31 At night the brain clears its waste, and that is why we sleep.</del>" in compared
    assert "<ins>00:06:31 A train leaves its place at six, they say.</ins>" in compared
    assert "reviewed by second" in body(client.get(page_of(episode)))


@pytest.mark.parametrize("form", transcripts.WRITERS)
def test_the_download_can_be_imported_again_after_corrections_and_with_names(client, editor, episode, form):
    cue = cue_at(episode)
    client.post(address(cue), values(cue, "Let us talk about the sea for a while."))
    Episode.objects.update(people="Ann Archer | voice: Ann")

    shown = body(client.get(page_of(episode)))
    file = client.get(reverse("admin:articles_episode_transcript_file", args=[episode.pk, form])).content
    result = import_transcript(Episode.objects.get(pk=episode.pk), file, f"words.{form}", by=editor)

    assert "Ann Archer:" in shown
    assert result.is_unchanged


@pytest.fixture
def leftover(episode):
    cue = cue_at(episode)
    said = {"speaker": "Ann", "text": SAID, "expected": ("Ann", cue.text)}
    change = workflow.correct_cue(episode, cue.pk, **said, by=make_user("other"))
    import_transcript(episode, b"00:00:30 Let us talk about the see.\n00:41:00 Good bye.", "new.txt", is_confirmed=True)
    return change


def test_what_no_longer_fits_is_listed_and_applied_to_another_cue(client, editor, episode, leftover):
    listed = body(client.get(page_of(episode)))
    there = cue_at(episode, 30)
    where = reverse("admin:articles_episode_correction", args=[episode.pk, leftover.pk])
    given = {"cue": f"{there.pk}-{token_of(there)}", "text": SAID, "speaker": "Ann"}

    stale = client.post(where, given | {"cue": f"{there.pk}-x", "text": "Mine."})
    answer = body(client.post(where, given, follow=True))
    again = body(client.post(where, given, follow=True))

    assert "Corrections that no longer fit" in listed
    assert f'value="{there.pk}-{token_of(there)}" id=' in listed
    assert (stale.status_code, "Mine." in body(stale)) == (400, True)
    assert "Transcript corrected." in answer
    assert "Corrections that no longer fit" not in answer
    assert cue_at(episode, 30).text == SAID
    assert f"Someone has already dealt with this correction. Nothing was changed. You typed: “{SAID}”" in again
    assert len(cue_history.histories_of(episode)[cue_at(episode, 30).correction_id].changes) == 2


def test_what_no_longer_fits_is_discarded_and_stays_on_record(client, editor, episode, leftover):
    where = reverse("admin:articles_episode_correction", args=[episode.pk, leftover.pk])

    answer = body(client.post(where, {"act": "discard", "reason": "Cut."}, follow=True))

    assert "Correction discarded. It stays in the list of recording changes." in answer
    assert "Corrections that no longer fit" not in answer
    row = RecordingChange.objects.latest("pk")
    assert (row.reason, row.before["cue"]["text"], row.after) == ("Cut.", SAID, {"cue": None})
    page = body(client.get(reverse("admin:articles_recordingchange_change", args=[row.pk])))
    assert f"<del>00:00:04 Ann: {SAID}</del>" in page
    assert client.post(reverse("admin:articles_episode_correction", args=[episode.pk, 10**6])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_as_many_queries_for_many_corrections(client, editor, count, django_assert_num_queries):
    episode = make_episode()
    lines = "\n".join(f"00:0{at}:00 Wave {at} breaks." for at in range(6))
    import_transcript(episode, lines.encode())
    for cue in list(Cue.objects.all())[: 2 * count]:
        said = {"speaker": "", "text": f"{cue.text} Again.", "expected": ("", cue.text)}
        workflow.correct_cue(Episode.objects.get(pk=episode.pk), cue.pk, **said, at_once=True)
    kept = "\n".join(lines.splitlines()[:count])
    import_transcript(episode, f"{kept}\n00:09:00 It ends.".encode(), is_confirmed=True)
    assert len(cue_history.unplaced(episode)) == count

    with django_assert_num_queries(19):
        client.get(page_of(episode))


def test_a_proposed_correction_can_be_heard_and_read_where_it_is_decided(client, editor, episode):
    cue = cue_at(episode)
    moderator = make_moderator()
    make_published(by=editor, moderator=moderator, episode=episode)
    client.post(address(cue), values(cue))
    change = RecordingChange.objects.latest("pk")

    page = body(logged_in(moderator).get(reverse("admin:articles_recordingchange_change", args=[change.pk])))

    href = html.escape(episode.link_at(4))
    assert f'<a class="citation" href="{href}" rel="noopener"><time datetime="PT4S">00:04' in page
    assert f'<a href="{page_of(episode)}?at=4#there">Transcript around 00:04</a>' in page
    assert "data-listen=" in page
