import re

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from articles import workflow
from articles.admin.evidence.edits import index_in, insertion, retimed
from articles.core.recordings.transcripts import Cue, search
from articles.importing.transcripts.transcript import import_transcript
from articles.models import Check, Confirmation, Dismissal, Exemption, LogEntry, Revision
from articles.workflow.content import SectionContent, SourceContent
from tests.admin.editor.screen.addresses import change_url, sent_back
from tests.support.databases.shared import shared
from tests.support.factories import make_content, make_draft, make_episode, make_published, make_user
from tests.support.samples import talk
from tests.support.scenarios.evidence_panel import claims_in, flags_in

pytestmark = pytest.mark.django_db

BLOCKS = "First of all it is an antagonist: it blocks the NMDA receptor [00:09:01]."
RAISES = "Against expectation that blockade raises neuroplasticity, and mood improves with it."
TRIED = "It has been tried in bipolar depression, in obsessive compulsive disorder and for anxiety [00:28:36]."
GROWN = "Its use in clinics has grown a lot over the last decade [00:06:31]."
SECTIONS = (
    SectionContent("How it works", f"{BLOCKS} {RAISES}"),
    SectionContent("Uses", f"{TRIED}\n\n{GROWN}"),
)
BODY = "id_sections-0-body"


@shared
def editor():
    return make_user(first_name="Ines", last_name="Alba")


@shared
def episode():
    chapters = [(0, "Opening"), (381, "Where it is given"), (1100, "The receptor"), (3400, "Rewiring")]
    episode = make_episode("a-talk", duration_seconds=talk.DURATION, chapters=chapters, youtube_id="abcdefghijk")
    import_transcript(episode, talk.as_vtt(), "talk.vtt")
    return episode


@shared
def article(editor, episode):
    return make_published("talk", by=editor, episode=episode, lead="", sections=SECTIONS)


def panel_of(response):
    return response.context["reading"].panel


def claim_of(response, start):
    return next(one for one in claims_in(panel_of(response)) if one.text.startswith(start))


def sentence_of(response, start):
    found = [one for group in panel_of(response).groups for one in group.uncited if one.text.startswith(start)]
    return found[0]


def press(client, page, action, article=None, **changes):
    """Send the form of `page` as it is, with `changes`, by the button with this value."""
    address = change_url(article) if article else reverse("admin:articles_article_add")
    return client.post(address, sent_back(page, **changes) | {"_evidence": action})


def body_of(page, index=0):
    return page.context["form"].sections.forms[index]["body"].value()


# What is shown ------------------------------------------------------------------------------------


def test_every_claim_shows_its_status_in_text_order(editor_client, article):
    page = editor_client.get(change_url(article))

    assert [(one.label, one.chapter, one.verdict, one.is_flagged) for one in claims_in(panel_of(page))] == [
        ("09:01", "Where it is given", "Better match at 19:04", True),
        ("28:36", "The receptor", "Matches transcript", False),
        ("06:31", "Where it is given", "Possible match at 08:00", True),
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
        html.index("Better match at 19:04") < html.index("Matches transcript") < html.index("Possible match at 08:00")
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


# The text, without scripts ------------------------------------------------------------------------


def test_citation_is_retimed_in_the_posted_text_and_nothing_is_saved(editor_client, article):
    page = editor_client.get(change_url(article))
    unsaved = f"Typed before. {BLOCKS}"
    typed = editor_client.post(
        reverse("admin:articles_check"), sent_back(page, **{"sections-0-body": unsaved}) | {"article": article.pk}
    )

    answer = press(
        editor_client, page, claim_of(typed, "First").suggestions[0].action, article, **{"sections-0-body": unsaved}
    )

    assert body_of(answer) == unsaved.replace("[00:09:01]", "[00:19:04]")
    assert answer.context["outcome"].message == "[00:09:01] is now [00:19:04]."
    assert "Done, but not saved yet." in answer.content.decode()
    assert "data-unsaved" in answer.content.decode()
    assert claim_of(answer, "First").verdict == "Matches transcript"
    assert Revision.objects.count() == 1


@pytest.mark.parametrize(
    ("mark", "index", "expected"),
    [
        ("[00:06:31]", 0, "[00:19:10]"),
        ("[06:31]", 0, "[00:19:10]"),
        ("[e2 00:06:31]", 0, "[e2 00:19:10]"),
        ("[00:06:31-00:07:10]", 0, "[00:19:10-00:19:49]"),
        ("[00:06:31, 00:08:44]", 1, "[00:06:31, 00:19:10]"),
        ("[e2 00:06:31-00:06:40, 00:08:44]", 0, "[e2 00:19:10-00:19:19, 00:08:44]"),
        ("[00:06:31-00:40:00]", 0, "[00:19:10-00:20:00]"),
    ],
)
def test_only_the_chosen_moment_of_a_mark_is_changed(mark, index, expected):
    changed = retimed(mark, index, 1150, duration_seconds=1200)

    assert changed == expected


def test_equal_moments_of_one_mark_are_distinguished():
    assert [index_in("[00:01:00, 00:01:00]", 60, None), index_in("[00:01:00, 00:01:00]", 60, None, [0])] == [0, 1]


def test_mark_is_inserted_after_a_space():
    edit = insertion("id_lead", "A claim. More.", 7, "[00:19:10]", "There.")

    assert edit.apply("A claim. More.") == "A claim [00:19:10]. More."


def test_timestamp_of_an_uncited_sentence_is_found_and_inserted(editor_client, article):
    page = editor_client.get(change_url(article))
    digest = sentence_of(page, "Against").digest

    found = press(editor_client, page, f"find:{digest}", article)
    suggestion = sentence_of(found, "Against").suggestions[0]
    answer = press(editor_client, found, suggestion.action, article, evidence_find=digest)

    assert found.context["outcome"].message == f"{len(sentence_of(found, 'Against').suggestions)} timestamps found."
    assert f'name="evidence_find" value="{digest}"' in found.content.decode()
    assert suggestion.label == "57:12"
    assert body_of(answer) == f"{BLOCKS} {RAISES.removesuffix('.')} [00:57:12]."
    assert claim_of(answer, "Against").verdict == "Matches transcript"
    assert [one for group in panel_of(answer).groups for one in group.uncited] == []


def test_search_result_is_inserted_at_the_end_of_a_text(editor_client, article):
    page = editor_client.get(change_url(article))

    found = press(editor_client, page, "search", article, evidence_q="private life")
    result = found.context["outcome"].results.passages[0]
    answer = press(editor_client, found, result.action, article, evidence_into=BODY)

    assert found.context["outcome"].message == "1 result for “private life”."
    assert "their private life, their relationships." in result.text
    assert body_of(answer) == f"{BLOCKS} {RAISES.removesuffix('.')} {result.mark}."


def test_issue_is_repaired_dismissed_and_reopened(editor_client, editor, episode):
    late = (SectionContent("Late", "Too late [07:54:00]. It always helps."),)
    draft = make_draft("late", by=editor, episode=episode, sections=late)
    page = editor_client.get(change_url(draft.article))
    flags = {one.flag.code: one for one in flags_in(panel_of(page))}
    late, absolute = flags["past-end"], flags["absolute-words"]

    repaired = press(editor_client, page, f"repair:{late.id}:{late.key}", draft.article)
    dismissed = press(editor_client, page, f"dismiss:{absolute.id}:{absolute.key}:paraphrase", draft.article)

    assert "Too late [00:07:54]." in body_of(repaired)
    dismissal = Dismissal.objects.get()
    assert (dismissal.code, dismissal.subject, dismissal.by_name) == (
        "absolute-words",
        absolute.flag.subject,
        "Ines Alba",
    )
    assert "absolute-words" not in {one.flag.code for one in flags_in(panel_of(dismissed))}
    assert "1 dismissed" in dismissed.content.decode()
    assert (
        f'Dismissed by Ines Alba on <time datetime="{dismissal.at.astimezone(timezone.get_current_timezone()).isoformat(timespec="seconds")}">'
        in (dismissed.content.decode())
    )

    raised = press(editor_client, dismissed, f"undismiss:{dismissal.pk}", draft.article)

    assert "absolute-words" in {one.flag.code for one in flags_in(panel_of(raised))}


def test_dismissal_stays_while_the_text_does(editor_client, editor, episode):
    draft = make_draft("late", by=editor, episode=episode, sections=(SectionContent("Late", "It always helps."),))
    page = editor_client.get(change_url(draft.article))
    flag = flags_in(panel_of(page))[0]
    press(
        editor_client,
        page,
        f"dismiss:{flag.id}:{flag.key}:other",
        draft.article,
        **{f"evidence_note-{flag.id}": "A quotation."},
    )

    def codes(body):
        answer = editor_client.post(
            reverse("admin:articles_check"),
            sent_back(page, **{"sections-0-body": body}) | {"article": draft.article.pk},
        )
        return [one.flag.code for one in flags_in(panel_of(answer)) if one.flag.code == flag.flag.code]

    assert Dismissal.objects.get().note == "A quotation."
    assert codes("Words before. It always helps.") == []
    assert codes("It always helps everybody.") == [flag.flag.code]


def test_switched_off_checks_flag_nothing(editor_client, editor, episode, settings):
    settings.INSPECTION_OFF = ["past-end"]
    draft = make_draft("late", by=editor, episode=episode, sections=(SectionContent("Late", "Late [07:54:00]."),))

    page = editor_client.get(change_url(draft.article))

    assert [one.flag.code for one in flags_in(panel_of(page))] == []


# Confirming, dismissing, exempting ----------------------------------------------------------------


@pytest.fixture
def alone(settings):
    """A site run by one person, who is allowed to confirm their own claims."""
    settings.FOUR_EYES = False


@pytest.mark.usefixtures("alone")
def test_confirmation_stays_while_others_change_and_lapses_when_the_sentence_does(editor_client, article):
    page = editor_client.get(change_url(article))
    claim = claim_of(page, "First")

    answer = press(editor_client, page, f"confirm:{claim.id}:{claim.key}", article)

    heard = Confirmation.objects.get()
    assert (heard.by_name, heard.start_seconds, heard.claim) == ("Ines Alba", 541, claim.text)
    assert "Confirmed by Ines Alba on" in answer.content.decode()
    assert not claim_of(answer, "First").is_flagged

    def status_and_html(body):
        page = press(editor_client, answer, "search", article, **{"sections-0-body": body, "evidence_q": "x"})
        return claim_of(page, "First").status, page.content.decode()

    elsewhere, _ = status_and_html(f"{BLOCKS} Another second sentence.")
    here, html = status_and_html(BLOCKS.replace("First of all it", "First it"))
    assert (elsewhere.confirmation, elsewhere.lapsed) == (heard, None)
    assert (here.confirmation, here.lapsed) == (None, heard)
    assert "; the sentence has changed since." in html


@pytest.mark.usefixtures("alone")
def test_confirmation_lapses_when_the_citation_is_retimed_and_can_be_withdrawn(editor_client, article):
    page = editor_client.get(change_url(article))
    claim = claim_of(page, "First")
    heard = press(editor_client, page, f"confirm:{claim.id}:{claim.key}", article)

    retimed = press(editor_client, heard, claim.suggestions[0].action, article)
    taken_back = press(editor_client, heard, f"unconfirm:{Confirmation.objects.get().pk}", article)

    assert "; the timestamp has changed since." in retimed.content.decode()
    assert claim_of(taken_back, "First").status.confirmation is None
    assert taken_back.context["outcome"].message == "Confirmation withdrawn. This claim is no longer confirmed."
    assert Confirmation.objects.get().withdrawn_by_name == "Ines Alba"


def test_verdict_is_dismissed_with_a_reason(editor_client, article):
    page = editor_client.get(change_url(article))
    claim = claim_of(page, "First")
    action = f"dismiss:{claim.id}:{claim.key}"

    refused = press(editor_client, page, f"{action}:other", article)
    answer = press(editor_client, page, f"{action}:on_screen", article)

    assert refused.context["outcome"].message == "Briefly describe the other reason."
    dismissal = Dismissal.objects.get()
    assert (dismissal.code, dismissal.subject, dismissal.reason) == ("said elsewhere", claim.claim_key, "on_screen")
    assert "shown on screen, not said" in answer.content.decode()
    assert [group.issue_count for group in panel_of(answer).groups] == [0, 0, 1]


def test_action_on_a_changed_text_is_refused(editor_client, article):
    page = editor_client.get(change_url(article))
    claim = claim_of(page, "First")
    other = BLOCKS.replace("First of all", "At first")

    answers = [
        press(editor_client, page, action, article, **{"sections-0-body": other})
        for action in (
            f"confirm:{claim.id}:{claim.key}",
            claim.suggestions[0].action,
            f"dismiss:{claim.id}:{claim.key}:heard",
        )
    ]

    changed = "The text has changed in the meantime. Nothing was changed; check this place again."
    assert [answer.context["outcome"].message for answer in answers] == [changed] * 3
    assert [body_of(answer) for answer in answers] == [other] * 3
    assert not Confirmation.objects.exists()
    assert not Dismissal.objects.exists()


@pytest.mark.parametrize(
    "action",
    [
        "",
        "x",
        "confirm",
        "confirm:1",
        "unconfirm:x",
        "retime:a:b:c:d:e",
        "insert:a:b",
        "append:x",
        "undismiss:99",
        "exempt:x",
    ],
)
def test_any_button_is_answered(editor_client, article, action):
    page = editor_client.get(change_url(article))

    answer = press(editor_client, page, action, article)

    assert answer.status_code == 200
    assert answer.context["outcome"].is_refused
    assert body_of(answer) == SECTIONS[0].body


@pytest.mark.usefixtures("alone")
def test_judgement_of_another_article_is_not_withdrawn(editor_client, editor, article, episode):
    other = make_draft("other", by=editor, episode=episode, sections=SECTIONS)
    claim = "A claim of the other."
    said = workflow.confirm_citation(
        other.article, by=editor, episode=episode, start_seconds=1, end_seconds=None, claim=claim
    )
    page = editor_client.get(change_url(article))

    press(editor_client, page, f"unconfirm:{said.pk}", article)

    said.refresh_from_db()
    assert said.withdrawn_at is None


def test_new_article_has_to_be_saved_first(editor_client, episode):
    page = editor_client.get(reverse("admin:articles_article_add"))
    typed = {"title": "New", "episode": episode.reference, "lead": BLOCKS}
    answer = editor_client.post(reverse("admin:articles_check"), sent_back(page, **typed))
    claim = claim_of(answer, "First")

    confirmed = press(editor_client, page, f"confirm:{claim.id}:{claim.key}", **typed)
    changed = press(editor_client, page, claim.suggestions[0].action, **typed)

    assert confirmed.context["outcome"].message == (
        "Save the draft first. Confirmations, dismissals, exemptions and comments belong to a saved article."
    )
    assert changed.context["form"].text["lead"].value() == BLOCKS.replace("00:09:01", "00:19:04")


def test_lead_is_exempt_with_a_reason(editor_client, editor, episode, settings):
    settings.COVERAGE_POLICY, settings.COVERAGE_TARGET = "warn", 1.0
    draft = make_draft("talk", by=editor, episode=episode, lead="What it is about.", sections=SECTIONS)
    page = editor_client.get(change_url(draft.article))

    answer = press(
        editor_client, page, "exempt:card-lead", draft.article, **{"evidence_exempt-card-lead": "It sums up."}
    )
    back = press(editor_client, answer, f"unexempt:{Exemption.objects.get().pk}", draft.article)

    assert Exemption.objects.get().reason == "It sums up."
    uncited = [panel_of(response).coverage_verdict.message for response in (page, answer, back)]
    assert ["2 sentences are uncited" in message for message in uncited] == [True, False, True]
    assert "1 sentence is uncited" in uncited[1]
    assert "Exempt: It sums up. (Ines Alba" in answer.content.decode()
    # Cited, uncited and exempt sentences are all that there are.
    readings = [response.context["reading"] for response in (page, answer, back)]
    assert [(read.cited_sentence_count, read.panel.exempt_count, read.sentence_count) for read in readings] == [
        (3, 0, 5),
        (3, 1, 5),
        (3, 0, 5),
    ]
    shown = [
        "3 of 5 sentences cited, 1 exempt</label>" in response.content.decode() for response in (page, answer, back)
    ]
    assert shown == [False, True, False]


@pytest.mark.parametrize(("policy", "is_missing"), [("off", False), ("warn", False), ("block", True)])
def test_blocking_coverage_is_shown_before_submitting(editor_client, article, settings, policy, is_missing):
    settings.COVERAGE_POLICY, settings.COVERAGE_TARGET = policy, 0.9

    page = editor_client.get(change_url(article))

    message = "of the text is cited (target 90 %)"
    assert any(message in sentence for sentence in page.context["reading"].missing) is is_missing
    assert (message in page.content.decode()) is (policy != "off")


# By script, and permissions -----------------------------------------------------------------------


@pytest.mark.usefixtures("alone")
def test_script_gets_the_parts_and_what_was_done(editor_client, article):
    page = editor_client.get(change_url(article))
    claim = claim_of(page, "First")
    data = sent_back(page) | {"article": article.pk}
    address = reverse("admin:articles_evidence")

    done = editor_client.post(address, data | {"_evidence": f"confirm:{claim.id}:{claim.key}"})
    refused = editor_client.post(address, data | {"_evidence": f"confirm:{claim.id}:{claim.key}"})

    assert done.status_code == 200
    assert f'data-outcome data-anchor="{claim.id}">Confirmed at 09:01.' in done.text
    assert refused.status_code == 422
    assert "data-outcome data-refused" in refused.text
    assert Confirmation.objects.count() == 1


def test_click_in_an_ended_session_keeps_the_text_and_asks_to_save(editor_client, article):
    page = editor_client.get(change_url(article))
    claim = claim_of(page, "First")
    editor_client.logout()

    kept = press(editor_client, page, f"confirm:{claim.id}:{claim.key}", article, **{"sections-0-body": "Typed."})

    assert kept.status_code == 403
    assert ("sections-0-body", "Typed.") in kept.context["fields"]
    assert "_evidence" not in dict(kept.context["fields"])
    assert not Confirmation.objects.exists()


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


def test_cues_around_a_moment_are_shown(editor_client, episode):
    asked = {"source": f"e1:{episode.reference}", "at": "1152"}

    page = editor_client.get(reverse("admin:articles_passages"), asked)
    part = editor_client.get(reverse("admin:articles_passages"), asked | {"part": "1"})

    there = [one.label for one in part.context["around"] if one.is_there]
    assert there == ["19:12"]
    assert "meaning it blocks the NMDA receptor." in part.text
    assert part.text.lstrip().startswith("<ol")
    assert "transcript around 19:12" in page.text


def test_search_is_in_all_sources_and_cites_by_key(editor_client, episode):
    other = make_episode("another-talk", handle="day-talks")
    import_transcript(other, b"WEBVTT\n\n00:01.000 --> 00:09.000\nA private life is a quiet one.", "o.vtt")
    asked = {"source": [f"e1:{episode.reference}", f"e2:{other.reference}"], "q": '"private life"', "part": "1"}

    answer = editor_client.get(reverse("admin:articles_passages"), asked)
    # More sources than fit into a URL are sent in the body.
    posted = editor_client.post(reverse("admin:articles_passages"), asked)

    assert [one.mark for one in answer.context["results"].passages] == ["[00:08:16]", "[e2 00:00:01]"]
    assert posted.text == answer.text
    assert editor_client.get(reverse("admin:articles_passages"), {"q": "x", "source": "e1:no/where"}).status_code == 200
    assert editor_client.get(reverse("admin:articles_passages"), {"part": "1"}).status_code == 400


def test_second_source_is_cited_by_its_key(editor_client, editor, episode):
    first = make_episode("no-words")
    sources = (SourceContent(first, "e1"), SourceContent(episode, "e2"))
    draft = make_draft(
        "two", by=editor, lead=BLOCKS.replace("[", "[e2 "), sections=(SectionContent("S", RAISES),), sources=sources
    )
    page = editor_client.get(change_url(draft.article))

    found = press(editor_client, page, f"find:{sentence_of(page, 'Against').digest}", draft.article)

    assert claim_of(page, "First").suggestions[0].mark == "[e2 00:19:04]"
    assert sentence_of(found, "Against").suggestions[0].mark == "[e2 00:57:12]"


# The search itself --------------------------------------------------------------------------------

CUES = [
    Cue(0.0, 4.0, "", "Sleep is not a luxury, it is"),
    Cue(4.0, 8.0, "", "a need. Caf\u00e9s close late."),
    Cue(100.0, 104.0, "", "Deep sleep comes first."),
    Cue(140.0, 144.0, "", "Sleeping late is a luxury."),
]


@pytest.mark.parametrize(
    ("query", "starts"),
    [
        ("sleep", [0, 100, 140]),
        ("SLEEP luxury", [0, 140]),
        ('"it is a need"', [0]),
        ("“deep sleep”", [100]),
        ('"sleep deep"', []),
        ("cafes", [4]),
        ("sleep nowhere", []),
        ("", []),
        ("… ?!", []),
    ],
)
def test_words_and_phrases_are_found_across_cues(query, starts):
    assert [int(one.start_seconds) for one in search(CUES, query)] == starts


@given(st.text(), st.lists(st.tuples(st.floats(0, 9000), st.floats(0, 90), st.text()), max_size=9))
def test_search_takes_any_query_and_any_cues(query, written):
    cues = sorted(
        (Cue(start, start + length, "", text) for start, length, text in written), key=lambda cue: cue.start_seconds
    )

    found = search(cues, query)

    assert found == sorted(found, key=lambda one: one.start_seconds)
    assert all(one.excerpt for one in found)


def test_search_stops_at_its_limit_and_cuts_at_words():
    cues = [Cue(60.0 * number, 60.0 * number + 9, "", "something long is said about " * 9) for number in range(9)]

    found = search(cues, "something", 3)

    assert [one.start_seconds for one in found] == [0.0, 60.0, 120.0]
    assert found[1].excerpt.startswith("… ")
    assert found[1].excerpt.endswith(" …")
    assert len(found[1].excerpt) < 220


def test_published_text_of_new_sections_is_read(editor_client, editor, episode):
    content = make_content("new", episode=episode, lead=GROWN, sections=())
    draft = workflow.create_article(content, by=editor)

    page = editor_client.get(change_url(draft.article))

    assert [one.place.field for one in claims_in(panel_of(page))] == ["id_lead"]
