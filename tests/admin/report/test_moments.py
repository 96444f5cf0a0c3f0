"""The moments to which a citation may be moved, as the report, “Needs fixing” and the editor's panel offer them."""

import re

import pytest

from articles.admin.evidence import suggestions
from articles.importing import import_transcript
from articles.models import Check
from tests.admin.editor.screen.addresses import change_url
from tests.support.databases.shared import shared
from tests.support.factories import make_episode, make_moderator, make_user
from tests.support.samples.cited import ELSEWHERE, HERE, make_cited, make_talk
from tests.support.scenarios.evidence_panel import claims_in

pytestmark = pytest.mark.django_db

SEALS = "Harbour seals hunt herring in winter for hours [00:40:00]."
NOTE = "None of these is likely. The closest moments:"
editor, moderator = shared(make_user), shared(make_moderator)


@shared
def article(editor, moderator):
    return make_cited(episode=make_talk(), by=editor, moderator=moderator, bodies=[HERE, ELSEWHERE, SEALS])


@pytest.mark.parametrize(("verdict", "is_unlikely"), [("not found", True), ("said elsewhere", False)])
def test_moments_of_which_none_is_likely_say_so(editor_client, article, verdict, is_unlikely):
    citation = article.published_revision.citation_set.get(verdict=verdict)

    pages = [f"/admin/evidence/?verdict={verdict.replace(' ', '+')}", f"/admin/evidence/problem/?at={citation.pk}"]

    assert [editor_client.get(page).text.count(NOTE) for page in pages] == [is_unlikely] * 2
    panel = editor_client.get(change_url(article)).context["reading"].panel
    [claim] = [claim for claim in claims_in(panel) if claim.claim_key == citation.claim_key]
    assert claim.suggestions
    assert (claim.suggestions_note == NOTE, claim.has_likely_suggestions) == (is_unlikely, not is_unlikely)


def test_a_moment_has_the_same_words_everywhere_though_one_cue_is_a_whole_paragraph(editor_client, editor, moderator):
    episode = make_episode("paragraphs", duration_seconds=4000)
    cues = [f"{at // 60:02}:{at % 60:02}.000 --> {at // 60 + 1:02}:{at % 60:02}.000" for at in range(0, 3540, 60)]
    said = "We talk about boats and weather for a while. " * 4
    texts = [
        f"{said}{said}It blocks the NMDA receptor. {said}" if number == 20 else said for number in range(len(cues))
    ]
    vtt = "WEBVTT\n\n" + "\n\n".join(f"{cue}\n{text}" for cue, text in zip(cues, texts, strict=True))
    import_transcript(episode, vtt, "paragraphs.vtt")
    episode.refresh_from_db()
    article = make_cited("boats", episode=episode, by=editor, moderator=moderator, bodies=[ELSEWHERE])
    [check] = Check.objects.all()
    start = check.candidates[0][0]
    assert start > 20 * 60 + suggestions.BEFORE_SECONDS  # the cue began long before

    [claim] = claims_in(editor_client.get(change_url(article)).context["reading"].panel)
    page = editor_client.get("/admin/evidence/").text

    [in_report] = re.findall(rf'name="to" value="{start}">.*?class="report__said" dir="auto">([^<]+)<', page)
    assert in_report == claim.suggestions[0].excerpt
    assert in_report.startswith("It blocks the NMDA receptor. We talk")
    assert check.where_excerpt.startswith("It blocks the NMDA receptor. We talk")


def test_moments_in_advertisements_come_last():
    episode = make_episode(
        "talk", duration_seconds=4000, chapters=[(0, "Boats"), (600, "Sponsor: Ropes"), (900, "Tides")]
    )
    episode.chapter_set.filter(start_seconds=600).update(is_sponsor=True)
    episode.refresh_from_db()
    candidates = [[700, 775, 0.9], [60, 135, 0.8], [950, 1025, 0.7]]

    assert [start for start, _, _ in suggestions.likely(candidates, 300, episode)] == [60, 950, 700]
