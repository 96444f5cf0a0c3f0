"""Every registered action of the admin: refused without the permission, refused in the wrong state, done."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from articles import workflow
from articles.admin.editor import evidence_actions
from articles.admin.editor import views as editor_views
from articles.admin.queue import bulk_actions
from articles.admin.review.actions import ACTIONS, Situation
from articles.admin.review.actions.available import AvailableActions
from articles.admin.review.decision.form import DecisionForm
from articles.importing.transcripts.transcript import import_transcript
from articles.models import Comment, Confirmation, Dismissal, Exemption, LogEntry, Revision
from articles.workflow.collaboration import comments, margin, suggested_edits
from articles.workflow.content import SectionContent, SourceContent, content_of
from articles.workflow.recordings import review_digest
from tests.admin.editor.screen.addresses import sent_back
from tests.support.clients import messages_of
from tests.support.databases.shared import shared
from tests.support.factories import (
    make_change,
    make_content,
    make_draft,
    make_episode,
    make_moderator,
    make_published,
    make_user,
)
from tests.support.samples import talk
from tests.support.scenarios.evidence_panel import claims_in, flags_in

pytestmark = pytest.mark.django_db

WORDS = {"comment": "Look again.", "reason": "A wrong dose was public.", "publish_at": "2100-01-31T09:00"}


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


def state_of(revision):
    revision = Revision.objects.select_related("article").get(pk=revision.pk)
    is_public = revision.article.published_revision_id == revision.pk
    return revision.status, is_public, revision.publish_at is not None, LogEntry.objects.count()


# The review page ----------------------------------------------------------------------------------


@shared
def moderator():
    return make_moderator()


@shared
def change(moderator):
    """A submitted revision of a published article, written by a user with all permissions."""
    article = make_published(by=make_user(), moderator=moderator)
    return make_change(article, by=make_user("root", is_superuser=True), title="Sleep and dreams")


def decide(user, revision, name, typed=WORDS):
    words = {"act": name, "digest": review_digest(revision)} | typed
    return logged_in(user).post(reverse("admin:articles_revision_decide", args=[revision.pk]), words)


def prepare(name, revision, moderator):
    """Put the submitted revision into a state in which the action is available."""
    author = revision.author
    if name == "review_whole":
        draft = workflow.create_article(make_content("naps"), by=author, received_digest="a" * 64)
        workflow.publish_received(draft, by=author)
        return Revision.objects.get(pk=draft.pk)
    if name in {"publish", "schedule", "unschedule", "unpublish"}:
        workflow.approve(revision, by=moderator)
    if name == "approve_again":
        content = replace(content_of(revision), sources=(SourceContent(make_episode()),))
        workflow.withdraw(revision, by=author)
        draft = workflow.start_draft(revision.article, content, by=author, base=revision)
        revision = workflow.approve(workflow.submit(draft, by=author), by=moderator)
        episode = revision.source_set.get().episode
        episode.title = "Retitled"
        workflow.save_episode(episode, ["title"], by=moderator)
    if name == "unschedule":
        form = DecisionForm(WORDS)
        assert form.is_valid()
        workflow.schedule(revision, by=moderator, publish_at=form.cleaned_data["publish_at"])
    if name == "unpublish":
        workflow.publish(revision, by=moderator)
    if name == "confirm":
        workflow.publish(workflow.approve(revision, by=author, override_reason="Urgent."), by=author)
    return Revision.objects.get(pk=revision.pk)


DONE = {  # the status, whether it is public, whether it is scheduled
    "confirm": ("approved", True, False),
    "review_whole": ("received", True, False),
    "approve_and_publish": ("approved", True, False),
    "approve": ("approved", False, False),
    "approve_again": ("approved", False, False),
    "approve_for_later": ("approved", False, True),
    "override": ("approved", True, False),
    "request_changes": ("changes_requested", False, False),
    "reject": ("rejected", False, False),
    "withdraw": ("withdrawn", False, False),
    "unpublish": ("approved", False, False),
    "publish": ("approved", True, False),
    "schedule": ("approved", False, True),
    "unschedule": ("approved", False, False),
}
OF_THE_AUTHOR = {"override", "withdraw"}


def test_the_table_has_every_action():
    assert list(ACTIONS) == list(DONE)


@pytest.mark.parametrize("name", ACTIONS)
def test_review_action_is_refused_without_the_permission(name, change, moderator):
    revision = prepare(name, change, moderator)
    other = make_user("other")
    before = state_of(revision)

    response = decide(other, revision, name)

    assert not ACTIONS[name].is_open(Situation(revision, other))
    assert response.status_code == 403
    assert state_of(revision) == before


@pytest.mark.parametrize("name", ACTIONS)
def test_review_action_is_refused_in_the_wrong_state(name, change, moderator):
    revision = workflow.withdraw(change, by=change.author)
    user = change.author if name in OF_THE_AUTHOR else moderator
    before = state_of(revision)

    response = decide(user, revision, name)

    assert not ACTIONS[name].is_open(Situation(revision, user))
    assert response.status_code == 409
    assert response.context["form"]["comment"].value() == WORDS["comment"]
    assert state_of(revision) == before


@pytest.mark.parametrize("name", ACTIONS)
def test_review_action_is_offered_and_done(name, change, moderator):
    revision = prepare(name, change, moderator)
    action, user = ACTIONS[name], change.author if name in OF_THE_AUTHOR else moderator
    available = AvailableActions(revision, user)

    typed = {field: text for field, text in WORDS.items() if field in action.fields}
    response = decide(user, revision, name, typed)

    assert (
        action
        in {"": available.buttons, "later": [available.scheduling], "override": [available.override]}[action.panel]
    )
    assert set(action.fields) <= {*DecisionForm.base_fields, "accept"}
    assert (response.status_code, response.url) == (302, action.leads_to(revision) or "/admin/")
    assert state_of(revision)[:3] == DONE[name]


def test_an_unknown_review_action_is_not_found(change, moderator):
    assert decide(moderator, change, "shred").status_code == 404


# The queue ----------------------------------------------------------------------------------------

BULK_DONE = {
    "approve": ("approved", False, None),
    "approve_and_publish": ("approved", False, None),
    "request_changes": ("changes_requested", False, None),
    "urgent": ("submitted", True, None),
    "not_urgent": ("submitted", False, None),
    "due": ("submitted", False, "2100-01-31"),
    "assign": ("submitted", False, None),
    "take": ("submitted", False, None),
}


def decide_all(user, name, revision):
    words = {"act": name, "revision": [revision.pk], "comment": "Look again.", "due_on": "2100-01-31"}
    words |= {"confirmed": "1", "digest": f"{revision.pk}-{review_digest(revision)}"}  # as the page that asks sends
    return logged_in(user).post(reverse("admin:queue_bulk_decide"), words)


@pytest.mark.parametrize("name", bulk_actions.ACTIONS)
def test_bulk_action_is_refused_without_the_permission(name, change):
    before = state_of(change)

    assert decide_all(make_user("other"), name, change).status_code == 403
    assert state_of(change) == before


@pytest.mark.parametrize("name", bulk_actions.ACTIONS)
def test_bulk_action_skips_what_is_in_the_wrong_state(name, change, moderator):
    revision = workflow.withdraw(change, by=change.author)
    before = state_of(revision)

    (message,) = messages_of(decide_all(moderator, name, revision))

    assert "Skipped: 1" in message
    assert "withdrawn" in message
    assert state_of(revision) == before


@pytest.mark.parametrize("name", bulk_actions.ACTIONS)
def test_bulk_action_is_done(name, change, moderator):
    if name == "not_urgent":
        Revision.objects.filter(pk=change.pk).update(is_urgent=True)

    response = decide_all(moderator, name, change)

    found = Revision.objects.get(pk=change.pk)
    assert (response.status_code, response.url) == (302, "/admin/")
    assert (found.status, found.is_urgent, found.due_on and str(found.due_on)) == BULK_DONE[name]
    assert found.assigned_to == (moderator if name == "take" else None)


# The editor's buttons -----------------------------------------------------------------------------


def change_page(article):
    return reverse("admin:articles_article_change", args=[article.pk])


def reader():
    """A user who can view articles in the admin but not edit them."""
    user = make_user("reader", groups=())
    user.user_permissions.add(Permission.objects.get(codename="view_article"))
    return user


EDITOR_DONE = {
    "_evidence": (200, "draft"),
    "_restore": (200, "draft"),
    "_timestamps": (302, "draft"),
    "_accept": (200, "draft"),
    "_submit": (302, "submitted"),
    "_save": (302, "draft"),
}


@pytest.mark.parametrize("name", editor_views.ACTIONS)
def test_button_of_the_editor_is_refused_without_the_permission(name):
    article = make_published(by=make_user())
    page = logged_in(article.published_revision.author).get(change_page(article))

    response = logged_in(reader()).post(change_page(article), sent_back(page, lead="Mine.", **{name: ""}))

    assert response.status_code == 403
    assert Revision.objects.count() == 1


@pytest.mark.parametrize("name", editor_views.ACTIONS)
def test_button_of_the_editor_changes_nothing_once_the_draft_is_submitted(name):
    draft = make_draft(by=make_user(), episode=make_episode())
    client = logged_in(draft.author)
    page = client.get(change_page(draft.article))
    workflow.submit(draft, by=draft.author)
    before = state_of(draft)

    response = client.post(change_page(draft.article), sent_back(page, lead="Mine.", **{name: ""}))

    is_saving = name in {"_save", "_submit", "_timestamps"}
    assert response.status_code == (409 if is_saving else 200)
    assert bool(response.context["conflict"]) is is_saving
    assert response.context["form"].text["lead"].value() == "Mine."
    assert state_of(draft) == before


@pytest.mark.parametrize("name", editor_views.ACTIONS)
def test_button_of_the_editor_is_done(name):
    draft = make_draft(by=make_user(), episode=make_episode())
    client = logged_in(draft.author)
    page = client.get(change_page(draft.article))

    response = client.post(change_page(draft.article), sent_back(page, lead="Mine.", **{name: ""}))

    draft.refresh_from_db()
    assert (response.status_code, draft.status) == EDITOR_DONE[name]
    assert (draft.lead == "Mine.") is (response.status_code == 302)


# The evidence panel -------------------------------------------------------------------------------

BLOCKS = "First of all it is an antagonist: it blocks the NMDA receptor [00:09:01]."
RAISES = "Against expectation that blockade raises neuroplasticity, and mood improves with it."
BODY = "id_sections-0-body"


@shared
def article():
    episode = make_episode("a-talk", duration_seconds=talk.DURATION, youtube_id="abcdefghijk")
    import_transcript(episode, talk.as_vtt(), "talk.vtt")
    episode.refresh_from_db()
    sections = (SectionContent("How it works", f"{BLOCKS} {RAISES} It is is so."),)
    people = {"by": make_user("writer"), "moderator": make_moderator("reviewer")}
    return make_published("talk", episode=episode, lead="", sections=sections, **people)


@pytest.fixture
def writer(article, settings):
    settings.FOUR_EYES = False  # one person writes and confirms
    return logged_in(article.published_revision.author)


def claim_on(page):
    return claims_in(page.context["reading"].panel)[0]


def sentence_on(page):
    return page.context["reading"].panel.groups[-1].uncited[0]


MARGIN = {"reply", "resolve", "reopen", "dismiss_edit"}


def thread_on(revision, *, is_resolved):
    """A comment in the margin, which suggests an edit."""
    passage = margin.choose(margin.fields_of(content_of(revision)), BLOCKS[:24])
    thread = suggested_edits.suggest(revision, by=revision.author, passage=passage, replacement="It is")
    return comments.resolve(thread, by=revision.author) if is_resolved else thread


def button(name, writer, article):
    """(value, further fields) of a button on the page of `article`, after creating what it needs."""
    page = writer.get(change_page(article))
    claim, sentence, user = claim_on(page), sentence_on(page), article.published_revision.author
    if name == "retime":
        return claim.suggestions[0].action, {}
    if name == "insert":
        found = writer.post(change_page(article), sent_back(page, _evidence=f"find:{sentence.digest}"))
        return sentence_on(found).suggestions[0].action, {"evidence_find": sentence.digest}
    if name == "append":
        return "append:541:", {"evidence_into": BODY}
    if name == "repair":
        flag = next(one for one in flags_in(page.context["reading"].panel) if one.edit)
        return f"repair:{flag.id}:{flag.key}", {}
    if name == "find":
        return f"find:{sentence.digest}", {}
    if name == "search":
        return "search", {"evidence_q": "private life"}
    if name == "page":
        return "page:1", {}
    if name == "item":
        return f"item:{claim.id}", {}
    if name == "cursor":
        return f"cursor:{BODY}:0", {}
    if name == "citation":
        return f"citation:{claim.place.field}:{claim.start_seconds}:0", {}
    if name == "confirm":
        return f"confirm:{claim.id}:{claim.key}", {}
    if name == "dismiss":
        return f"dismiss:{claim.id}:{claim.key}:{Dismissal.Reason.choices[0][0]}", {}
    if name == "exempt":
        return "exempt:card-sections-0", {"evidence_exempt-card-sections-0": "An introduction."}
    if name == "comment":
        return "comment", {"evidence_quote": BLOCKS[:24], "evidence_remark": "Is it?"}
    if name == "threads":
        return "threads:all", {}
    if name in MARGIN:
        thread = thread_on(article.published_revision, is_resolved=name == "reopen")
        return f"{name}:{thread.pk}", {f"evidence_reply-{thread.pk}": "It is."} if name == "reply" else {}
    done = name.removeprefix("un")
    value, fields = button(done, writer, article)
    writer.post(change_page(article), sent_back(page, _evidence=value, **fields))
    model = {"confirm": Confirmation, "dismiss": Dismissal, "exempt": Exemption}[done]
    judgement = model.objects.active().get(by=user)
    return f"{name}:{judgement.pk}", {}


def everything(article):
    judgements = [model.objects.active().count() for model in (Confirmation, Dismissal, Exemption)]
    threads = Comment.objects.count(), Comment.objects.unresolved().count()
    return judgements, threads, LogEntry.objects.count(), Revision.objects.count()


@pytest.mark.parametrize("name", evidence_actions.ACTIONS)
def test_evidence_action_is_refused_without_the_permission(name, writer, article):
    value, fields = button(name, writer, article)
    data = sent_back(writer.get(change_page(article)), _evidence=value, article=article.pk, **fields)
    before = everything(article)
    other = logged_in(reader())

    by_script = other.post(reverse("admin:articles_evidence"), data)
    as_form = other.post(change_page(article), data)

    assert evidence_actions.ACTIONS[name].permission == "articles.change_revision"
    assert (by_script.status_code, as_form.status_code) == (403, 403)
    assert everything(article) == before


@pytest.mark.parametrize(
    "name", sorted({*evidence_actions.ACTIONS} - {"page", "cursor", "threads"})
)  # these show any text
def test_evidence_action_is_refused_if_the_text_has_changed(name, writer, article):
    value, fields = button(name, writer, article)
    page = writer.get(change_page(article))
    if name.startswith("un") or name in MARGIN - {"reply"}:  # withdrawn by someone else in the meantime
        writer.post(change_page(article), sent_back(page, _evidence=value))
    fields |= {"sections-0-body": "Something else.", "evidence_into": "", "evidence_q": ""}
    fields |= {"evidence_exempt-card-sections-0": "", "evidence_quote": ""} | dict.fromkeys(fields, "")
    before = everything(article)

    response = writer.post(
        reverse("admin:articles_evidence"), sent_back(page, _evidence=value, article=article.pk, **fields)
    )

    assert response.status_code == 422
    assert response.context["outcome"].is_refused
    assert everything(article) == before


@pytest.mark.parametrize("name", [name for name, action in evidence_actions.ACTIONS.items() if action.needs_article])
def test_evidence_action_stored_with_the_article_needs_a_saved_article(name, writer, article):
    value, fields = button(name, writer, article)
    data = sent_back(writer.get(change_page(article)), _evidence=value, **fields)
    before = everything(article)

    response = writer.post(reverse("admin:articles_article_add"), data)

    assert response.context["outcome"].message == str(evidence_actions.SAVE_FIRST)
    assert everything(article) == before


@pytest.mark.parametrize("name", evidence_actions.ACTIONS)
def test_evidence_action_is_done(name, writer, article):
    value, fields = button(name, writer, article)
    page = writer.get(change_page(article))

    response = writer.post(change_page(article), sent_back(page, _evidence=value, **fields))

    outcome, text = response.context["outcome"], response.context["form"].sections.forms[0]["body"].value()
    assert not outcome.is_refused
    assert outcome.message
    assert (text != f"{BLOCKS} {RAISES} It is is so.") is (name in {"retime", "insert", "append", "repair"})
    assert response.context["reading"] is outcome.reading
    assert response.context["reading"].parts[-1].body == text


def test_the_form_is_cleaned_once_in_a_request(writer, article, monkeypatch):
    from articles.admin.editor.forms.text import TextForm

    cleaned = []
    clean = TextForm.clean
    monkeypatch.setattr(TextForm, "clean", lambda form: cleaned.append(form) or clean(form))
    page = writer.get(change_page(article))
    value, _ = button("retime", writer, article)
    data = sent_back(page, article=article.pk, is_change="1")

    for address, changes in [
        (reverse("admin:articles_check"), {}),
        (reverse("admin:articles_evidence"), {"_evidence": value}),
        (change_page(article), {"_evidence": value}),
        (reverse("admin:articles_autosave"), {"title": "Saved by itself"}),
        (change_page(article), {"_save": "", "title": "Saved by hand"}),
    ]:
        cleaned.clear()
        writer.post(address, data | changes)
        assert len(cleaned) == 1, address
