"""The evidence panel: what it shows of each claim, and to whom."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from articles.importing.transcripts.transcript import import_transcript
from articles.models import Check, LogEntry, Revision
from articles.workflow.content import SectionContent
from tests.admin.editor.screen.addresses import change_url, sent_back
from tests.admin.evidence.panel.reading import BLOCKS, GROWN, RAISES, SECTIONS, TRIED, panel_of
from tests.support.factories import make_draft, make_episode, make_published, make_user
from tests.support.scenarios.evidence_panel import claims_in, flags_in

pytestmark = pytest.mark.django_db


# What is shown ------------------------------------------------------------------------------------


def test_every_claim_shows_its_status_in_text_order(editor_client, article):
    page = editor_client.get(change_url(article))

    assert [(one.label, one.chapter, one.verdict, one.is_flagged) for one in claims_in(panel_of(page))] == [
        ("09:01", "Where it is given", "Better match at 19:04", True),
        ("28:36", "The receptor", "Matches transcript", False),
        ("06:31", "Where it is given", "Possible match at 08:08", True),
    ]
    first = claims_in(panel_of(page))[0]
    assert next((suggestion.number, suggestion.label, suggestion.chapter) for suggestion in first.suggestions) == (
        1,
        "19:04",
        "The receptor",
    )
    assert "NMDA receptor antagonist, meaning it blocks the NMDA" in first.suggestions[0].excerpt
    assert first.suggestions[0].edit.replacement == "[00:19:04]"
    assert [group.issue_count for group in panel_of(page).groups] == [0, 1, 1]
    assert page.context["reading"].to_do.startswith("1 thing required before submitting, 2 issues. ")
    assert [one.text for group in panel_of(page).groups for one in group.uncited] == [RAISES]
    html = page.content.decode()
    assert (
        html.index("Better match at 19:04") < html.index("Matches transcript") < html.index("Possible match at 08:08")
    )


def test_without_a_transcript_claims_are_not_checked(editor_client, editor):
    article = make_published("plain", by=editor, episode=make_episode(), sections=SECTIONS)

    page = editor_client.get(change_url(article))

    assert [one.verdict for one in claims_in(panel_of(page))] == ["Not checked: this episode has no transcript"] * 3
    assert "“<a href" in page.content.decode()
    assert "Find timestamp" not in page.content.decode()
    assert [episode.title for episode in panel_of(page).without_transcript] == ["On sleep"]


def test_viewer_reads_verdicts_but_no_transcript(client, article):
    viewer = make_user("viewer", groups=())
    viewer.user_permissions.add(Permission.objects.get(codename="view_article"))
    client.force_login(viewer)

    page = client.get(change_url(article))

    assert "Better match at 19:04" in page.content.decode()
    assert "NMDA receptor antagonist, meaning" not in page.content.decode()
    assert [one.suggestions for one in claims_in(panel_of(page))] == [(), (), ()]
    assert [one.excerpt for one in claims_in(panel_of(page))] == ["", "", ""]
    assert client.get(reverse("admin:articles_passages"), {"q": "receptor"}).status_code == 403
    assert client.post(reverse("admin:articles_evidence"), {}).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_panel_takes_a_constant_number_of_queries(editor_client, editor, episode, django_assert_num_queries, count):
    sections = tuple(SectionContent(f"S {number}", f"{BLOCKS} {TRIED} {RAISES}") for number in range(count))
    article = make_published("talk", by=editor, episode=episode, sections=sections)
    page = editor_client.get(change_url(article))

    with django_assert_num_queries(26):
        editor_client.get(change_url(article))
    with django_assert_num_queries(19):
        editor_client.post(reverse("admin:articles_check"), sent_back(page) | {"article": article.pk})


def test_a_link_beside_the_text_is_fixed_if_an_article_has_that_name(editor_client, article, editor):
    make_published("deep-sleep", by=editor)
    make_draft("naps", by=editor)
    body = "See [how](../Deep_Sleep.md#why), [naps](naps/), [more](gone.html) and [a|b](deep%20sleep/?x=1)."
    page = editor_client.get(change_url(article))

    answer = editor_client.post(reverse("admin:articles_check"), sent_back(page) | {"sections-0-body": body})

    assert [
        (flag.flag.text, flag.edit and flag.edit.replacement)
        for flag in flags_in(panel_of(answer))
        if flag.flag.code == "unread-link"
    ] == [
        ("[how](../Deep_Sleep.md#why)", "[[deep-sleep|how]]"),
        ("[naps](naps/)", None),
        ("[more](gone.html)", None),
        ("[a|b](deep%20sleep/?x=1)", "[[deep-sleep|a/b]]"),
    ]


def test_typing_writes_nothing_and_keeps_what_was_checked(editor_client, article):
    page = editor_client.get(change_url(article))
    checks, entries = Check.objects.count(), LogEntry.objects.count()
    changed = {"sections-0-body": "It blocks a receptor of another kind [00:19:10].", "article": article.pk}

    answer = editor_client.post(reverse("admin:articles_check"), sent_back(page) | changed)

    assert [one.label for one in claims_in(panel_of(answer))] == ["19:10", "28:36", "06:31"]
    assert (Check.objects.count(), LogEntry.objects.count()) == (checks, entries)
    assert Revision.objects.count() == 1


def test_words_of_claims_and_transcripts_are_escaped(editor_client, editor):
    episode = make_episode("hostile", chapters=[(0, "<b>Opening</b>")])
    cues = b"WEBVTT\n\n00:01.000 --> 00:09.000\nA hostile &lt;img src=x onerror=alert(1)&gt; receptor is blocked by this drug."
    import_transcript(episode, cues, "o.vtt")
    episode.refresh_from_db()
    lead = "The receptor is blocked by this <i>drug</i> [00:00:02]. A sentence with <script> in it."
    draft = make_draft("hostile", by=editor, episode=episode, lead=lead, sections=())

    html = editor_client.get(change_url(draft.article)).content.decode()
    part = editor_client.get(
        reverse("admin:articles_passages"), {"source": f"e1:{episode.reference}", "q": "receptor", "part": "1"}
    ).text

    assert "&lt;img src=x" in html
    assert "<img src=x" not in html + part
    assert "<b>Opening" not in html
    assert "with <script> in" not in html


def test_only_what_has_changed_is_sent_again(editor_client, article):
    data = sent_back(editor_client.get(change_url(article))) | {"article": article.pk}
    address = reverse("admin:articles_check")
    first = editor_client.post(address, data).text
    has = [f"{key}:{state}" for key, state in re.findall(r'data-keyed="(\S+)" .*data-known="(\w+)"', first)]

    answer = editor_client.post(address, data | {"evidence_has": has, "sections-1-body": GROWN}).text

    assert len(has) == 3
    assert re.findall(r'data-keyed="(\S+)" data-unchanged', answer) == ["evidence-lead", "evidence-sections-0"]
    assert BLOCKS.split(" [")[0] not in answer


def test_anonymous_and_forged_clicks_do_nothing(editor, article):
    address = reverse("admin:articles_evidence")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor)

    assert Client().post(address, {"_evidence": "search"}).status_code == 403
    assert Client().get(reverse("admin:articles_passages"), {"q": "drug"}).status_code == 403
    assert strict.post(address, {"_evidence": "search"}).status_code == 403
