"""The rows of the citation report: confirm, dismiss, move, and open the editor at a claim."""

from dataclasses import replace

import pytest
from django.utils import timezone
from lxml.html import fromstring

from articles import workflow
from articles.admin.report import choices, queries
from articles.models import Article, Citation, Comment, Confirmation, Dismissal, LintIssue, LogEntry, Revision
from articles.workflow.content import SectionContent, content_of
from tests.support.clients import logged_in
from tests.support.databases.shared import shared
from tests.support.factories import make_draft, make_episode, make_moderator, make_user
from tests.support.samples.cited import HERE, make_cited, make_talk

pytestmark = pytest.mark.django_db

REPORT, DECIDE = "/admin/evidence/", "/admin/evidence/decide/"
MOVED = "It blocks the NMDA receptor [00:13:00]."

editor, moderator = shared(make_user), shared(make_moderator)


@shared
def article(editor, moderator):
    return make_cited(episode=make_talk(youtube_id="abcdefghijk"), by=editor, moderator=moderator)


@pytest.fixture
def other():
    return make_user("other")


@pytest.fixture
def client(other):
    return logged_in(other)


def citation_at(article, position):
    return article.published_revision.citation_set.select_related("finding").get(position=position)


def press(client, citation, act, **values):
    """Send a row's form; return the address of the redirect and the message shown in the row there."""
    sent = {"citation": citation.pk, "key": citation.claim_key, "act": act, "query": "", "next": "", **values}
    response = client.post(DECIDE, sent)
    page = fromstring(client.get(response.headers["Location"]).text)
    return response.headers["Location"], [part.text_content() for part in page.find_class("report__message")]


def bodies(revision):
    return [section.body for section in revision.section_set.all()]


def own_draft(user):
    return Revision.objects.get(status="draft", author=user)


def test_a_citation_is_confirmed_in_its_row(client, article, other):
    citation = citation_at(article, 2)

    address, messages = press(client, citation, "confirm", query="verdict=said+elsewhere")

    assert address == f"{REPORT}?verdict=said+elsewhere#row-{citation.pk}"
    assert messages == ["Confirmed at 09:01. Valid until the claim or its timestamp changes."]
    confirmation = Confirmation.objects.get()
    assert (confirmation.by, confirmation.claim, confirmation.start_seconds) == (other, citation.claim, 541)
    assert confirmation.section_key == citation.section.key


def test_an_issue_is_dismissed_with_a_reason(client, article, other):
    citation = citation_at(article, 3)

    _, messages = press(client, citation, "dismiss", reason="other", note="He draws it.")

    assert messages == ["Issue dismissed until this text changes."]
    dismissal = Dismissal.objects.get()
    assert (dismissal.by, dismissal.code, dismissal.reason) == (other, "not found", "other")
    assert (dismissal.subject, dismissal.note) == (citation.claim_key, "He draws it.")


def test_what_a_rule_flags_is_dismissed_in_the_row_which_stays_open(client, article, other):
    citation, second = citation_at(article, 3), citation_at(article, 2)
    LintIssue.objects.all().delete()
    LintIssue.objects.create(
        revision=article.published_revision, citation=citation, code="sponsor", subject="digest", text="[00:40:00]"
    )
    issues = fromstring(client.get(REPORT).text).get_element_by_id(f"issue-{citation.pk}")
    assert issues.value_options == ["", "sponsor:digest"]

    address, messages = press(
        client, citation, "dismiss", issue="sponsor:digest", reason="other", note="He means it.", next=second.pk
    )

    assert address == f"{REPORT}#row-{citation.pk}"
    assert messages == ["Issue dismissed until this text changes."]
    dismissal = Dismissal.objects.get()
    assert (dismissal.by, dismissal.code, dismissal.subject) == (other, "sponsor", "digest")
    assert dismissal.text == "[00:40:00]"
    page = fromstring(client.get(REPORT).text)
    assert page.xpath(f"//*[@id='row-{citation.pk}']//input[@name='issue']/@value") == [""]
    assert press(client, citation, "dismiss", issue="sponsor:other", reason="other", note="No.")[1] == [
        "This claim has no issue to dismiss. You typed: “No.”"
    ]


def test_a_row_that_leaves_the_list_leads_to_the_next(client, article):
    first, second = citation_at(article, 3), citation_at(article, 2)

    address, messages = press(
        client, first, "dismiss", reason="paraphrase", query="state=nobody&after=60_1", next=second.pk
    )

    assert address == f"{REPORT}?state=nobody&after=60_1#row-{second.pk}"
    assert messages == ["Issue dismissed until this text changes."]


@pytest.mark.parametrize(("query", "is_at_next"), [("", True), ("sort=moment", False)])
def test_a_judged_row_that_goes_to_the_end_leads_to_the_next(client, article, query, is_at_next):
    first, second = citation_at(article, 3), citation_at(article, 2)

    address, messages = press(client, first, "confirm", query=query, next=second.pk)

    assert address.endswith(f"#row-{second.pk if is_at_next else first.pk}")
    assert messages == ["Confirmed at 40:00. Valid until the claim or its timestamp changes."]


def test_the_message_of_a_row_that_is_on_another_page_is_shown_above_all(client, article, monkeypatch):
    monkeypatch.setattr(queries.page, "__defaults__", (None, 1))
    citation = citation_at(article, 3)

    client.post(DECIDE, {"citation": citation.pk, "key": citation.claim_key, "act": "confirm", "query": "", "next": ""})

    [message] = client.get(REPORT).context["messages"]
    assert str(message) == "Confirmed at 40:00. Valid until the claim or its timestamp changes."


@pytest.mark.parametrize(
    "values", [{"to": "780"}, {"time": "13:00"}, {"time": " 00:13:00 "}, {"time": "[00:13:00]"}, {"time": "13m"}]
)
def test_a_citation_moves_in_a_new_draft_and_the_published_text_stays(client, article, other, values):
    before = bodies(article.published_revision)

    _, messages = press(client, citation_at(article, 2), "retime", **values)

    draft = own_draft(other)
    [message] = messages
    assert message == (
        "Now [00:13:00] in your draft, revision 2. Automatic check: Better match at 19:06. Submit the draft so that readers "
        "get the change."
    )
    assert bodies(draft) == [before[0], MOVED, before[2]]
    assert (draft.base, draft.target, draft.edit_summary) == (
        article.published_revision,
        article.published_revision,
        "Timestamps corrected",
    )
    article.refresh_from_db()
    assert bodies(article.published_revision) == before
    assert Citation.objects.filter(is_public=True, start_seconds=541).exists()


def test_a_citation_moves_in_the_draft_that_one_already_has(client, article, other):
    content = content_of(article.published_revision)
    sections = (SectionContent("New", "Before all others."), *content.sections)
    draft = make_draft_of(article, other, content, sections)

    press(client, citation_at(article, 2), "retime", to="780")
    press(client, citation_at(article, 3), "retime", time="0:50")

    assert own_draft(other).pk == draft.pk
    assert bodies(draft) == ["Before all others.", HERE, MOVED, "Harbour seals hunt herring in winter [00:00:50]."]
    assert own_draft(other).edit_summary == "Mine"


def actions_of(client, citation):
    """Return what the row of a citation offers, as lines of text."""
    row = fromstring(client.get(REPORT).text).get_element_by_id(f"row-{citation.pk}")
    [actions] = row.find_class("report__actions")
    return [" ".join(part.text_content().split()) for part in actions.xpath("./p | ./form//button | ./details/summary")]


def test_a_row_says_where_ones_draft_has_the_citation_before_it_offers_to_confirm(client, article, other):
    citation = citation_at(article, 2)
    assert actions_of(client, citation)[0] == "Confirm at 09:01"

    press(client, citation, "retime", to="780")

    assert actions_of(client, citation)[:2] == [
        "In your draft: 13:00. Automatic check: Better match at 19:06. Your draft, revision 2",
        "Confirm at 09:01, as published",
    ]
    assert actions_of(client, citation_at(article, 3))[:2] == ["Your draft, revision 2", "Confirm at 40:00"]


def test_what_was_moved_in_ones_draft_is_moved_again(client, article, other):
    press(client, citation_at(article, 2), "retime", to="780")

    _, messages = press(client, citation_at(article, 2), "retime", time="19:04")

    [message] = messages
    assert message == (
        "Now [00:19:04] in your draft, revision 2. Automatic check: Matches transcript. Submit the draft so that readers get "
        "the change."
    )
    assert bodies(own_draft(other))[1] == "It blocks the NMDA receptor [00:19:04]."


def make_draft_of(article, by, content, sections):
    values = vars(content) | {"sections": sections, "edit_summary": "Mine"}
    return workflow.start_draft(article, type(content)(**values), by=by, base=article.published_revision)


def test_the_draft_of_somebody_else_is_left_alone(client, article, other):
    third = make_user("third")
    content = content_of(article.published_revision)
    theirs = make_draft_of(article, third, content, content.sections)

    press(client, citation_at(article, 2), "retime", to="780")

    assert MOVED not in bodies(theirs)
    assert MOVED in bodies(own_draft(other))


def test_what_ones_draft_no_longer_has_is_not_moved(client, article, other):
    content = content_of(article.published_revision)
    draft = make_draft_of(article, other, content, content.sections[:1])

    _, messages = press(client, citation_at(article, 2), "retime", to="780")

    assert messages == ["Your draft of this article no longer has this citation. Open the draft to see why."]
    assert bodies(draft) == [HERE]


def test_the_right_one_of_equal_citations_moves(client, editor, moderator, other):
    twice = "Seals bark [00:40:00]. Seals bark [00:40:00, 00:41:00]."
    article = make_cited("seals", episode=make_talk(), by=editor, moderator=moderator, bodies=[twice])
    second = article.published_revision.citation_set.filter(start_seconds=2400).order_by("position")[1]

    press(client, second, "retime", to="60")

    assert bodies(own_draft(other)) == ["Seals bark [00:40:00]. Seals bark [00:01:00, 00:41:00]."]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "Enter the timestamp at which it is said, such as 12:31."),
        ({"time": "soon"}, "“soon” isn’t a timestamp. Write it like 12:31 or 1:02:31."),
        ({"time": "99:00:00"}, "99:00:00 is after the end of the episode at 1:42:41."),
        ({"time": "9:01"}, "The citation is already at 09:01."),
        ({"to": "²"}, "“²” isn’t a timestamp. Write it like 12:31 or 1:02:31."),
        ({"to": "-5"}, "“-5” isn’t a timestamp. Write it like 12:31 or 1:02:31."),
    ],
)
def test_a_moment_that_makes_no_sense_is_refused(client, article, values, message):
    _, messages = press(client, citation_at(article, 2), "retime", **values)

    assert messages == [message]
    assert not Revision.objects.filter(status="draft").exists()


@pytest.mark.parametrize("written", ["soon", "99:99:99", '"><b 1:2', "99:00:00"])
def test_a_refused_timestamp_stays_in_its_open_field_with_the_reason(client, article, written):
    citation = citation_at(article, 2)

    location, (reason,) = press(client, citation, "retime", time=written)

    assert location == f"{REPORT}#time-{citation.pk}"
    press_again = {"citation": citation.pk, "key": citation.claim_key, "act": "retime", "time": written}
    page = fromstring(client.post(DECIDE, press_again, follow=True).text)
    field = page.get_element_by_id(f"time-{citation.pk}")
    assert (field.get("value"), field.get("aria-invalid")) == (written, "true")
    assert page.get_element_by_id(field.get("aria-describedby")).text_content() == reason
    assert [box.get("open") for box in field.iterancestors("details")] == [""]
    assert len(page.xpath("//*[@aria-invalid]")) == 1


def test_a_refused_timestamp_of_a_row_that_has_left_the_list_is_in_no_other_field(client, article):
    citation, following = citation_at(article, 2), citation_at(article, 3)

    location, _ = press(client, citation, "retime", time="soon", query="verdict=not+found", next=following.pk)

    assert location.endswith(f"#row-{following.pk}")
    assert "aria-invalid" not in client.get(location).text


@pytest.mark.parametrize("act", ["confirm", "dismiss", "retime"])
def test_nothing_is_done_if_the_published_text_has_changed(client, article, act):
    citation = citation_at(article, 2)
    citation.claim_key = "0" * 64

    _, messages = press(client, citation, act, to="780", reason="paraphrase", note="A joke.")

    assert messages == [
        "The published text has changed in the meantime. Nothing was changed; look again. You typed: “A joke.”"
    ]
    assert not Confirmation.objects.exists()
    assert not Dismissal.objects.exists()
    assert not Revision.objects.filter(status="draft").exists()


def test_an_unknown_action_and_a_matching_citation_are_refused(client, article):
    citation = citation_at(article, 1)

    assert press(client, citation, "guess")[1] == ["This button no longer works. Nothing was changed; reload the page."]
    assert press(client, citation, "dismiss", reason="paraphrase")[1] == ["This claim has no issue to dismiss."]


def test_who_wrote_the_claim_is_not_offered_to_confirm_it(article, editor, client):
    assert b"You helped to write the text" in logged_in(editor).get(REPORT).content
    page = client.get(REPORT).text
    assert "You helped to write the text" not in page
    assert page.count('value="confirm"') == 3
    assert press(logged_in(editor), citation_at(article, 2), "confirm")[1] == [
        "You helped to write the text that this claim first stood in, so someone else has to confirm it."
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_grow(client, editor, moderator, count, django_assert_num_queries):
    bodies = [f"It blocks the NMDA receptor number {number} [00:4{number}:00]." for number in range(count)]
    make_cited(episode=make_talk(), by=editor, moderator=moderator, bodies=bodies)
    client.get(REPORT)

    rows = client.get(REPORT).context["rows"]
    editor.has_perm("articles.change_revision")  # loads the permissions
    with django_assert_num_queries(5):
        assert len(choices.choices_of(rows, editor)) == count


def test_a_row_opens_the_editor_at_its_claim(client, article, other):
    citation = citation_at(article, 3)
    address = f"/admin/evidence/claim/{citation.pk}/"
    assert f'<a href="{address}"' in client.get(REPORT).text

    location = client.get(address).headers["Location"]

    path, _, anchor = location.partition("#")
    assert (
        path == f"/admin/articles/article/{article.pk}/change/?revision={article.published_revision_id}&evidence_page=1"
    )
    claim = fromstring(client.get(location).text).get_element_by_id(anchor)
    assert "Harbour seals hunt herring in winter." in claim.text_content()


def test_the_editor_opens_the_page_of_its_panel_that_has_the_claim(client, editor, moderator):
    many = " ".join(f"Seal number {number} barks at the harbour [00:{number % 60:02}:30]." for number in range(150))
    article = make_cited("seals", episode=make_talk(), by=editor, moderator=moderator, bodies=[many])
    citation = article.published_revision.citation_set.order_by("-position")[0]

    location = client.get(f"/admin/evidence/claim/{citation.pk}/").headers["Location"]

    path, _, anchor = location.partition("#")
    assert not path.endswith("evidence_page=1")
    claim = fromstring(client.get(location).text).get_element_by_id(anchor)
    assert "Seal number 149 barks" in claim.text_content()


def test_the_claim_is_opened_in_ones_own_draft(client, article, other):
    content = content_of(article.published_revision)
    draft = make_draft_of(article, other, content, content.sections)

    location = client.get(f"/admin/evidence/claim/{citation_at(article, 2).pk}/").headers["Location"]

    assert f"?revision={draft.pk}&" in location


def test_a_citation_that_is_not_public_cannot_be_opened(client, article, other):
    make_draft("dreams", by=other, episode=Article.objects.get().published_revision.source_set.get().episode)
    hidden = Citation.objects.filter(is_public=False).first()

    assert client.get(f"/admin/evidence/claim/{hidden.pk}/").status_code == 404


def test_without_a_transcript_the_moments_are_chapters_with_a_fitting_title(client, editor, moderator, other):
    chapters = [(0, "Opening"), (381, "Old storms"), (1100, "The receptor"), (3400, "Receptors and rewiring")]
    episode = make_episode("a-talk", duration_seconds=6161, chapters=chapters)
    body = "The NMDA receptor is blocked, and rewiring follows [00:09:01]."
    article = make_cited(
        "talk", episode=episode, by=editor, moderator=moderator, bodies=[body, "Storms come [00:07:00]."]
    )
    wrong = citation_at(article, 1)

    page = fromstring(client.get(f"{REPORT}?sort=article").text)
    row, right = (page.get_element_by_id(f"row-{citation_at(article, position).pk}") for position in (1, 2))

    assert [button.text for button in row.xpath(".//button[@name='to']")] == ["Move to 56:40", "Move to 18:20"]
    said = {part.text for part in row.find_class("report__said")}
    assert said == {"(start of a chapter with this title, not from a transcript)"}
    assert right.xpath(".//button[@name='to']") == []
    press(client, wrong, "retime", to="3400")
    assert "rewiring follows [00:56:40]." in bodies(own_draft(other))[0]


def undone(client, did, query=""):
    response = client.post("/admin/evidence/undo/", {"did": did, "query": query})
    page = fromstring(client.get(response.headers["Location"]).text)
    return response.headers["Location"], [part.text_content() for part in page.find_class("report__message")]


def done_in(client, citation, act, **values):
    """Press a button of a row; return what the form that undoes it says, and sends."""
    sent = {"citation": citation.pk, "key": citation.claim_key, "act": act, "query": "", "next": "", **values}
    page = fromstring(client.post(DECIDE, sent, follow=True).text)
    (form,) = page.xpath("//form[@data-undo]")
    return " ".join(form.find_class("quiet")[0].text_content().split()), form.fields["did"]


def test_each_decision_says_who_took_it_and_is_undone(client, article, other):
    citation = citation_at(article, 3)
    name = "other, for “Harbour seals hunt herring in winter.”"

    said, did = done_in(client, citation, "confirm")
    assert said == name
    address, messages = undone(client, did, "sort=risk")
    assert address == f"{REPORT}?sort=risk#row-{citation.pk}"
    assert messages == ["Undone. This citation is open again."]
    said, did = done_in(client, citation, "dismiss", reason="paraphrase")
    assert said == name
    undone(client, did)
    assert not Confirmation.objects.active().exists()
    assert not Dismissal.objects.active().exists()
    assert done_in(client, citation, "retime", to="60") == (name, f"retime-{citation.pk}-60")
    assert undone(client, f"retime-{citation.pk}-60")[1] == [
        "Undone. Your draft, revision 2, had no other change, so it was discarded."
    ]


def test_undoing_the_move_that_started_a_draft_discards_it(client, article, other):
    citation = citation_at(article, 3)
    did = done_in(client, citation, "retime", to="60")[1]
    draft = own_draft(other)

    undone(client, did)

    draft.refresh_from_db()
    assert draft.status == Revision.Status.DISCARDED
    assert ("discarded", other.pk) in LogEntry.objects.filter(revision=draft).values_list("action", "account")
    assert undone(client, did)[1] == ["Your draft no longer has this citation at that timestamp."]


@pytest.mark.parametrize("more", ["another move", "a save", "a comment", "a draft before", "a save with a change"])
def test_undoing_a_move_keeps_a_draft_that_has_more(client, article, other, more):
    citation = citation_at(article, 3)
    if more == "a draft before":
        content = content_of(article.published_revision)
        make_draft_of(article, other, content, content.sections)
    done = [done_in(client, citation, "retime", to="60")[1]]
    if more == "another move":
        press(client, citation_at(article, 2), "retime", to="780")
    draft = own_draft(other)
    if more.startswith("a save"):
        content = content_of(draft)
        title = "Another title" if "change" in more else content.title
        workflow.save_draft(draft, replace(content, title=title), by=other, version=draft.version)
    if more == "a comment":
        Comment.objects.create(revision=draft, text="Listen again.", at=timezone.now(), by=other)

    assert undone(client, done[0])[1] == ["Undone. It is [00:40:00] again in your draft."]

    assert own_draft(other).pk == draft.pk
    assert bodies(own_draft(other))[2] == bodies(article.published_revision)[2]


def test_what_a_rule_flags_is_undone_too_and_nothing_of_others(client, article, moderator):
    citation = citation_at(article, 3)
    LintIssue.objects.create(
        revision=article.published_revision, citation=citation, code="sponsor", subject="digest", text="[00:40:00]"
    )
    _, did = done_in(client, citation, "dismiss", issue="sponsor:digest", reason="paraphrase")

    assert undone(logged_in(moderator), did)[1] == ["This was already withdrawn."]
    assert Dismissal.objects.active().exists()
    assert undone(client, did)[1] == ["Undone. This citation is open again."]
    assert not Dismissal.objects.active().exists()
    assert undone(client, "guess")[0] == f"{REPORT}#report-list"


def test_undone_twice_leaves_what_was_decided_before(client, article):
    citation = citation_at(article, 3)
    LintIssue.objects.create(
        revision=article.published_revision, citation=citation, code="sponsor", subject="digest", text="[00:40:00]"
    )
    done_in(client, citation, "dismiss", issue="sponsor:digest", reason="other", note="read out by a guest")
    _, did = done_in(client, citation, "dismiss", reason="paraphrase")

    assert undone(client, did)[1] == ["Undone. This citation is open again."]
    for again in (did, f"dismiss-{citation.pk}", f"retime-{citation.pk}"):
        undone(client, again)
    assert undone(client, did)[1] == ["This was already withdrawn."]

    assert Dismissal.objects.active().get().code == "sponsor"


def test_the_undo_of_a_row_that_has_left_the_list_is_above_it(client, article):
    for position, act in ((1, "confirm"), (2, "confirm")):
        press(client, citation_at(article, position), act)
    sent = {"citation": citation_at(article, 3).pk, "key": citation_at(article, 3).claim_key, "act": "confirm"}

    page = fromstring(client.post(DECIDE, sent | {"query": "state=nobody"}, follow=True).text)

    assert page.find_class("report__row") == []
    assert [form.fields["did"] for form in page.xpath("//form[@data-undo]")] == [
        f"confirm-{sent['citation']}-{Confirmation.objects.latest('pk').pk}"
    ]


def test_the_report_links_to_what_needs_fixing(client, article):
    show = citation_at(article, 1).episode.show_id

    assert 'href="/admin/evidence/problem/"' in client.get(REPORT).text
    assert f'href="/admin/evidence/problem/?of_show={show}"' in client.get(f"{REPORT}?show={show}").text
