"""What the evidence panel's buttons do: retime, insert, repair, dismiss, confirm, exempt."""

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import workflow
from articles.admin.evidence.mark_edits import index_in, insertion, retimed
from articles.models import Confirmation, Dismissal, Exemption, Revision
from articles.workflow.content import SectionContent
from tests.admin.editor.screen.addresses import change_url, sent_back
from tests.admin.evidence.panel.reading import BLOCKS, RAISES, SECTIONS, claim_of, panel_of, press, sentence_of
from tests.support.factories import make_draft
from tests.support.scenarios.evidence_panel import flags_in

pytestmark = pytest.mark.django_db


BODY = "id_sections-0-body"


def body_of(page, index=0):
    return page.context["form"].sections.forms[index]["body"].value()


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
