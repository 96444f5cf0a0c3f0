"""Issues of all citations of a recording in the evidence panel, and the page that corrects them at once."""

from collections import Counter
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml.html import fromstring

from articles import workflow
from articles.core.timestamps import format_timestamp
from articles.derived import source_issues
from articles.importing.transcripts.transcript import import_transcript
from articles.models import Dismissal, DraftVersion, Revision
from articles.workflow.content import SectionContent, content_of
from tests.admin.editor.screen.addresses import change_url, sent_back
from tests.support.databases.shared import shared
from tests.support.factories import make_change, make_draft, make_episode, make_moderator, make_published, make_user
from tests.support.samples import shifted, talk
from tests.support.samples.cited import HERE
from tests.support.scenarios.evidence_panel import claims_in, flags_in

pytestmark = pytest.mark.django_db


def late(second):
    return second + 3600


@shared
def editor():
    return make_user(first_name="Ines", last_name="Alba")


moderator = shared(make_moderator)


@shared
def episode():
    episode = make_episode("a-talk", duration_seconds=talk.DURATION)
    import_transcript(episode, talk.as_vtt(), "talk.vtt")
    episode.refresh_from_db()
    return episode


@shared
def draft(editor, episode):
    return make_draft("talk", by=editor, episode=episode, lead="", sections=shifted.sections(late))


def panel_of(client, draft):
    return client.get(change_url(draft.article, draft)).context["reading"].panel


def page_of(draft, episode):
    return reverse("admin:articles_revision_timestamps", args=[draft.pk, episode.pk])


def press(client, draft, **pressed):
    page = client.get(change_url(draft.article, draft))
    return client.post(change_url(draft.article), sent_back(page, **pressed))


# In the panel -------------------------------------------------------------------------------------


def test_one_issue_takes_the_place_of_the_flags_it_explains(editor_client, draft):
    panel = panel_of(editor_client, draft)

    [issue] = panel.source_issues
    assert issue.text == "9 of 9 timestamps are too late by 1 hour."
    assert [item.moment for item in issue.items] == [
        *("1:06:50", "1:08:10", "1:08:44", "1:19:10", "1:25:05", "1:28:36"),
        *("[01:56:01]", "[01:57:16]", "[02:31:01]"),
    ]
    assert panel.issue_count == 1 + len(flags_in(panel))
    assert [flag.flag.code for flag in flags_in(panel) if flag.flag.code == "past-end"] == []
    assert [claim.is_flagged for claim in claims_in(panel)] == [False] * 6
    assert len([item for item in panel.items if getattr(item, "explained_by", "")]) == 9
    assert "9 timestamps, not counted on their own" in editor_client.get(change_url(draft.article, draft)).text


def test_a_right_text_shows_none(editor_client, editor, episode):
    draft = make_draft("right", by=editor, episode=episode, lead="", sections=shifted.sections())

    assert panel_of(editor_client, draft).source_issues == []


def test_a_dismissed_issue_gives_the_flags_back_until_it_is_reopened(editor_client, draft):
    [issue] = panel_of(editor_client, draft).source_issues
    press(
        editor_client,
        draft,
        _evidence=f"dismiss:{issue.id}:{issue.key}:other",
        **{f"evidence_note-{issue.id}": "Another edition"},
    )

    panel = panel_of(editor_client, draft)
    dismissal = Dismissal.objects.get()
    assert (dismissal.code, dismissal.subject) == (source_issues.CODE, issue.found.subject)
    assert [claim.is_flagged for claim in claims_in(panel)] == [True] * 6
    assert panel.source_issues[0].dismissal == dismissal

    press(editor_client, draft, _evidence=f"undismiss:{dismissal.pk}")

    assert [claim.is_flagged for claim in claims_in(panel_of(editor_client, draft))] == [False] * 6


@pytest.mark.parametrize("moment", [late, lambda second: second + 600])
def test_the_number_of_queries_doesnt_depend_on_it(
    editor_client, editor, episode, moment, django_assert_max_num_queries
):
    right = make_draft("right", by=editor, episode=episode, lead="", sections=shifted.sections())
    wrong = make_draft("wrong", by=editor, episode=episode, lead="", sections=shifted.sections(moment))
    with django_assert_max_num_queries(200) as queries:
        editor_client.get(change_url(right.article, right))
    before = len(queries)

    with django_assert_max_num_queries(before + 2):  # the checks of what lies past the end
        editor_client.get(change_url(wrong.article, wrong))


# The page -----------------------------------------------------------------------------------------


def test_the_button_saves_the_draft_and_shows_the_changes(editor_client, draft, episode):
    response = press(editor_client, draft, title="Another title", _timestamps=str(episode.pk))

    draft.refresh_from_db()
    assert draft.title == "Another title"
    assert response.url == page_of(draft, episode)
    page = editor_client.get(response.url)
    changes = page.context["changes"]
    assert "every citation of this recording that isn’t said at its current timestamp" in page.text
    assert [(change.before_label, change.after_label) for change in changes][:2] == [
        ("1:06:50", "06:50"),
        ("1:08:10", "08:10"),
    ]
    assert [change.is_good for change in changes] == [True] * 9
    assert "recreational drug" in changes[0].after.excerpt


def test_marks_that_would_meet_in_one_second_are_not_ticked_and_say_why(editor_client, editor, episode):
    sections = shifted.sections(late)
    first = sections[0].body.split(". ")[0] if ". " in sections[0].body else sections[0].body
    twin = f"{first.split(' [')[0].rstrip('.')}, as everyone knows [01:06:50]."
    sections = (replace(sections[0], body=f"{sections[0].body} {twin}"), *sections[1:])
    draft = make_draft("twins", by=editor, episode=episode, lead="", sections=sections)

    page = editor_client.get(page_of(draft, episode))

    changes = page.context["changes"]
    met = [change for change in changes if change.after_label == "06:50"]
    assert [change.same_moment for change in met] == [1, 1]
    assert [change.is_ticked for change in changes if change.is_good and change not in met] == [True] * 8
    assert not any(change.is_ticked for change in met)
    assert (
        page.text.count("1 other claim is cited at 06:50, too, or would be. Listen, and tick what is said there.") == 2
    )
    assert page.text.count(" checked>") == 8


def test_the_numbers_of_the_list_add_up(editor_client, editor, episode):
    sections = shifted.sections(late)
    first = sections[0].body.split(" [")[0].rstrip(".")
    more = f"{first}, as everyone knows [01:06:50]. {HERE} Harbour seals hunt herring in winter [01:02:00]."
    sections = (replace(sections[0], body=f"{sections[0].body} {more}"), *sections[1:])
    draft = make_draft("numbers", by=editor, episode=episode, lead="", sections=sections)

    page = editor_client.get(page_of(draft, episode))

    assert page.context["found"].in_words == "10 of 12 timestamps are too late by 1 hour."
    assert " ".join(page.context["sentences"]) in page.text
    assert " ".join(page.context["sentences"]) == (
        "The list has every citation of this recording that isn’t said at its current timestamp: 11 of 12. The "
        "correction explains 10 of them; for the other 1 it is only a guess. The other 1 stays as it is. Of the 11 "
        "listed, 10 are said at their new timestamps, as far as the check can tell. 3 of these would be at the same "
        "second as other claims, so they aren’t ticked. 7 are ticked."
    )


def test_an_issue_of_another_recording_covers_what_is_said_there_by_chance(editor_client, editor, episode):
    sections = shifted.foreign_sections()
    sections = (replace(sections[0], body=f"{sections[0].body} {HERE}"), *sections[1:])
    draft = make_draft("foreign", by=editor, episode=episode, lead="", sections=sections)

    panel = panel_of(editor_client, draft)

    [issue] = panel.source_issues
    assert issue.is_foreign
    by_chance = claims_in(panel)[-1]
    assert by_chance.status.verdict == "said here"
    assert {claim.explained_by for claim in claims_in(panel)} == {issue.id}
    assert by_chance.id not in {item.id for item in issue.items}


def test_only_the_chosen_marks_are_rewritten(editor_client, draft, episode):
    before = content_of(draft)
    page = editor_client.get(page_of(draft, episode))
    chosen = [change.id for change in page.context["changes"] if change.before_label != "1:08:10"]

    response = editor_client.post(page_of(draft, episode), {"loaded": draft.version, "change": chosen})

    assert response.url == change_url(draft.article, draft)
    draft.refresh_from_db()
    expected = shifted.sections(lambda second: late(second) if second == 490 else second)
    after = content_of(draft)
    assert [section.body for section in after.sections] == [section.body for section in expected]
    assert [section.key for section in after.sections] == [section.key for section in before.sections]
    assert DraftVersion.objects.filter(revision=draft).count() == 2
    assert draft.problem_count == 0


@pytest.mark.parametrize("is_saved_since", [False, True])
def test_a_correction_can_be_undone_unless_the_draft_has_been_saved_since(
    editor_client, editor, draft, episode, is_saved_since
):
    before = content_of(draft)
    changes = editor_client.get(page_of(draft, episode)).context["changes"]
    chosen = {"loaded": draft.version, "change": [change.id for change in changes]}
    shown = fromstring(editor_client.post(page_of(draft, episode), chosen, follow=True).text)
    [undo] = shown.xpath("//*[@class='messagelist']//form")
    [button] = undo.xpath(".//button")
    draft = Revision.objects.get(pk=draft.pk)
    if is_saved_since:
        workflow.save_draft(draft, replace(content_of(draft), title="Later"), by=editor, version=draft.version)
    corrected = content_of(Revision.objects.get(pk=draft.pk))

    response = editor_client.post(
        undo.get("action"), {**dict(undo.form_values()), button.get("name"): button.get("value")}
    )

    assert button.text == "Undo"
    assert response.status_code == (409 if is_saved_since else 302)
    assert content_of(Revision.objects.get(pk=draft.pk)) == (corrected if is_saved_since else before)


def test_everything_but_the_marks_stays_byte_for_byte(editor_client, editor, episode):
    odd = "🙂\u00a0Tab\there…  two  spaces \\[1\\] "
    body = f"{odd}{shifted.sections(late)[0].body}\n\n> quoted [e1 01:25:05–01:25:20, 01:28:36]  \nend"
    sections = (SectionContent("Odd", body), shifted.sections(late)[1])
    draft = make_draft("odd", by=editor, episode=episode, lead=f"Lead {odd}", sections=sections)
    page = editor_client.get(page_of(draft, episode))

    chosen = [change.id for change in page.context["changes"]]
    editor_client.post(page_of(draft, episode), {"loaded": draft.version, "change": chosen})

    after = content_of(type(draft).objects.get(pk=draft.pk))
    right = shifted.sections()
    assert after.lead == f"Lead {odd}"
    assert after.sections[0].body == (f"{odd}{right[0].body}\n\n> quoted [e1 00:25:05-00:25:20, 00:28:36]  \nend")
    assert after.sections[1].body == right[1].body


def test_a_draft_that_has_changed_meanwhile_is_left_alone(editor_client, editor, draft, episode):
    page = editor_client.get(page_of(draft, episode))
    chosen = [change.id for change in page.context["changes"]]
    loaded = draft.version
    saved = workflow.save_draft(draft, content_of(draft), by=editor, version=loaded)

    response = editor_client.post(page_of(draft, episode), {"loaded": loaded, "change": chosen})

    assert response.status_code == 409
    assert "The draft has changed since this list was made" in response.content.decode()
    assert content_of(saved).sections == content_of(type(draft).objects.get(pk=draft.pk)).sections


def test_a_change_that_was_never_listed_is_refused(editor_client, draft, episode):
    response = editor_client.post(page_of(draft, episode), {"loaded": draft.version, "change": ["1-b-0-0-5"]})

    assert response.status_code == 409


def test_choosing_nothing_says_so(editor_client, draft, episode):
    response = editor_client.post(page_of(draft, episode), {"loaded": draft.version})

    assert response.status_code == 400
    assert "Choose at least one timestamp to change." in response.content.decode()


def test_without_a_common_reading_each_moves_to_its_best_match(editor_client, editor, episode):
    scattered = {second: 6200 + 97 * at * at for at, second in enumerate(shifted.CLAIMS)}
    draft = make_draft("scattered", by=editor, episode=episode, lead="", sections=shifted.sections(scattered.get))

    page = editor_client.get(page_of(draft, episode))

    assert page.context["found"].kind == "past the end"
    assert [
        abs(change.seconds - second) <= 30
        for change, second in zip(page.context["changes"], shifted.CLAIMS, strict=True)
    ]


def test_the_page_says_if_there_is_nothing_to_correct(editor_client, editor, episode):
    draft = make_draft("right", by=editor, episode=episode, lead="", sections=shifted.sections())

    assert "Nothing to correct" in editor_client.get(page_of(draft, episode)).content.decode()


def test_the_recording_that_fits_is_named_and_cited_instead(editor_client, editor, episode):
    other = make_episode("history", duration_seconds=4000)
    lines = [f"{format_timestamp(300 * (at + 1))} {claim}" for at, claim in enumerate(shifted.OTHERS)]
    import_transcript(other, "\n".join([*lines, "01:06:00 Thank you for listening."]).encode(), "history.txt")
    draft = make_draft("foreign", by=editor, episode=episode, lead="", sections=shifted.foreign_sections())

    page = editor_client.get(page_of(draft, episode))

    fit = page.context["fitting"]
    assert page.context["changes"] == []
    assert "Cite this episode instead" in page.text
    assert (fit.episode, fit.said, fit.there, fit.of) == (other, 11, 11, 11)
    refused = editor_client.post(page_of(draft, episode), {"loaded": draft.version, "cite": episode.pk})
    assert refused.status_code == 409
    response = editor_client.post(page_of(draft, episode), {"loaded": draft.version, "cite": other.pk})
    assert response.url == change_url(draft.article, draft)
    after = content_of(type(draft).objects.get(pk=draft.pk))
    assert [(source.key, source.episode) for source in after.sources] == [("e1", other)]
    assert after.sections[0].body == shifted.foreign_sections()[0].body
    assert panel_of(editor_client, draft).source_issues == []


def test_each_question_about_the_recording_that_fits_is_asked_once(editor_client, editor, episode):
    claims = [*shifted.OTHERS[:7], *shifted.OTHERS[:7]]
    cited = " ".join(f"{claim[:-1]} [00:{5 * at + 5:02}:00]." for at, claim in enumerate(claims[:11]))
    cited += "".join(f" {claim[:-1]} [01:{5 * at:02}:00]." for at, claim in enumerate(claims[11:]))
    sections = (SectionContent("Science", cited),)
    draft = make_draft("foreign", by=editor, episode=episode, lead="", sections=sections)

    with CaptureQueriesContext(connection) as captured:
        page = editor_client.get(page_of(draft, episode))

    assert page.context["found"].kind == "other recording"
    asked = Counter(query["sql"] for query in captured.captured_queries)
    assert [sql for sql, number in asked.items() if number > 1] == []


def test_no_recording_is_named_if_none_fits(editor_client, editor, episode):
    draft = make_draft("foreign", by=editor, episode=episode, lead="", sections=shifted.foreign_sections())

    page = editor_client.get(page_of(draft, episode))

    assert page.context["fitting"] is None
    assert "No transcript on this site fits the claims." in page.text
    assert f'<a href="{change_url(draft.article, draft)}">Back to the revision</a>' in page.text


@pytest.mark.parametrize("is_published", [False, True])
def test_nothing_is_saved_if_no_recording_fits(editor_client, editor, moderator, episode, is_published):
    foreign = {"by": editor, "episode": episode, "lead": "", "sections": shifted.foreign_sections()}
    if is_published:
        text = make_published("foreign", moderator=moderator, **foreign).published_revision
    else:
        text = make_draft("foreign", **foreign)
    before = list(Revision.objects.values_list("pk", "version"))

    response = press(editor_client, text, title="Another title", _timestamps=str(episode.pk))

    assert response.status_code == 200
    page = fromstring(response.text)
    field = page.get_element_by_id("id_episode")
    assert field.get("aria-invalid") == "true"
    assert response.context["form"].text.errors.keys() == {"episode"}
    [reason] = response.context["form"].text.errors["episode"]
    assert reason == (
        "No transcript on this site fits the claims, so nothing was saved. Choose the recording that the article is "
        "about, or import its transcript."
    )
    assert page.get_element_by_id("id_title").text_content().strip() == "Another title"
    assert [button.text for button in page.xpath("//button[@name='_timestamps']")] == ["Find the recording that fits"]
    assert page.xpath("//*[contains(@class, 'source-issue')]//a[@href='#id_episode']/text()") == [
        "Choose the recording"
    ]
    assert list(Revision.objects.values_list("pk", "version")) == before


def test_nothing_is_saved_if_the_typed_text_needs_no_correction(editor_client, draft, episode):
    right = dict(zip(("sections-0-body", "sections-1-body"), (one.body for one in shifted.sections()), strict=True))

    response = press(editor_client, draft, _timestamps=str(episode.pk), **right)

    assert response.context["form"].text.non_field_errors() == ["No correction was found, so nothing was saved."]
    assert Revision.objects.get(pk=draft.pk).version == draft.version


def test_the_draft_is_saved_if_a_recording_fits(editor_client, editor, episode):
    other = make_episode("history", duration_seconds=4000)
    lines = [f"{format_timestamp(300 * (at + 1))} {claim}" for at, claim in enumerate(shifted.OTHERS)]
    import_transcript(other, "\n".join([*lines, "01:06:00 Thank you for listening."]).encode(), "history.txt")
    draft = make_draft("foreign", by=editor, episode=episode, lead="", sections=shifted.foreign_sections())

    response = press(editor_client, draft, title="Another title", _timestamps=str(episode.pk))

    assert response.url == page_of(draft, episode)
    draft.refresh_from_db()
    assert draft.title == "Another title"


def test_a_new_article_says_once_that_someone_else_has_to_confirm_its_claims(editor_client, draft):
    page = editor_client.get(change_url(draft.article, draft))

    checked = editor_client.post(reverse("admin:articles_check"), sent_back(page, article="")).text

    assert checked.count("Someone else has to confirm claims that you helped to write.") == 1
    assert "You helped to write" not in checked
    assert page.text.count("You helped to write the text that this claim first stood in") > 1


# On the review page -------------------------------------------------------------------------------


def test_a_reviewer_sees_one_issue_and_no_flag_that_it_explains(client, moderator, editor, episode):
    article = make_published("reviewed", by=editor, moderator=moderator, episode=episode, lead="", sections=())
    changed = make_change(article, by=editor, sections=shifted.sections(lambda second: second + 600))
    client.force_login(moderator)

    response = client.get(reverse("admin:articles_revision_change", args=[changed.pk]))

    [found] = response.context["issues"].of_sources
    assert found.kind == "shifted"
    assert found.in_words in response.text
    assert response.context["counts"].flagged == 0
    assert dict(response.context["counts"].verdicts)["said elsewhere"] > 0
