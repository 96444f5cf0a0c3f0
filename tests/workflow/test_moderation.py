"""What moderators can do with a text beside approving it as it is."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from articles import workflow
from articles.core.merge import Written
from articles.models import Article, LogEntry, Notice, Revision, Section, Source, Watch
from articles.workflow import audit_log, changes, notifications
from articles.workflow.content import SectionContent, content_of
from tests.support.factories import make_draft, make_episode, make_moderator, make_published, make_user

pytestmark = pytest.mark.django_db

SECTIONS = (
    SectionContent("Waste", "The brain clears waste at night. It takes 8 hours [00:06:31]."),
    SectionContent("Memory", "Memory settles. It may help learning [00:08:44]."),
)


def make_pair():
    """A published article and a moderator."""
    return make_published(sections=SECTIONS, episode=make_episode()), make_moderator("second-moderator")


def edited(revision, **bodies):
    """The revision's content with other bodies, by heading."""
    content = content_of(revision)
    sections = tuple(
        SectionContent(s.heading, bodies.get(s.heading.lower(), s.body), s.level, s.key) for s in content.sections
    )
    return type(content)(**{**content.__dict__, "sections": sections, "edit_summary": "Clearer."})


def submitted(article, name, **bodies):
    base = article.published_revision
    author = make_user(name)
    draft = workflow.start_draft(article, edited(base, **bodies), by=author, base=base)
    return workflow.submit(draft, by=author)


def bodies(revision):
    return {section.heading: section.body for section in revision.section_set.all()}


# Behind -------------------------------------------------------------------------------------------


def test_a_draft_that_is_behind_is_brought_up_to_date_in_place():
    article, moderator = make_pair()
    base = article.published_revision
    first = submitted(article, "first", waste="The brain clears waste at night. It takes 7 hours [00:06:31].")
    second = make_user("second")
    draft = workflow.start_draft(
        article, edited(base, memory="Memory settles. It helps learning [00:08:44]."), by=second, base=base
    )
    workflow.approve(first, by=moderator)
    workflow.publish(first, by=moderator)
    draft = Revision.objects.get(pk=draft.pk)
    assert draft.is_outdated is True

    result = workflow.rebase(draft, by=second)

    assert result.pk == draft.pk
    assert bodies(result) == {
        "Waste": "The brain clears waste at night. It takes 7 hours [00:06:31].",
        "Memory": "Memory settles. It helps learning [00:08:44].",
    }
    assert Revision.objects.get(pk=draft.pk).is_outdated is False


def test_a_submitted_revision_that_is_behind_is_replaced_by_the_merge():
    article, moderator = make_pair()
    first = submitted(article, "first", waste="Other words [00:06:31].")
    second = submitted(article, "second", memory="Other words, too [00:08:44].")
    workflow.approve(first, by=moderator)
    workflow.publish(first, by=moderator)
    second = Revision.objects.get(pk=second.pk)

    merged = workflow.rebase(second, by=moderator)

    assert Revision.objects.get(pk=second.pk).status == "withdrawn"
    assert bodies(second) == {"Waste": SECTIONS[0].body, "Memory": "Other words, too [00:08:44]."}
    assert (merged.status, merged.author_name, merged.number) == ("submitted", "second", 4)
    assert bodies(merged) == {"Waste": "Other words [00:06:31].", "Memory": "Other words, too [00:08:44]."}
    assert [c.user_name for c in merged.contributor_set.all()] == ["second"]
    workflow.approve(merged, by=moderator)
    workflow.publish(merged, by=moderator)
    assert Article.objects.get().published_revision == merged


def test_a_clash_is_shown_and_never_resolved_silently():
    article, moderator = make_pair()
    first = submitted(article, "first", waste="It takes 7 hours [00:06:31].")
    second = submitted(article, "second", waste="It takes 9 hours [00:06:31].")
    workflow.approve(first, by=moderator)
    workflow.publish(first, by=moderator)
    second = Revision.objects.get(pk=second.pk)

    with pytest.raises(workflow.Clashes) as caught:
        workflow.rebase(second, by=moderator)

    clashes = caught.value.merge.clashes
    assert "It takes 9 hours [00:06:31]." in clashes[0].ours
    assert "It takes 7 hours [00:06:31]." in clashes[0].theirs
    assert Revision.objects.get(pk=second.pk).status == "submitted"

    chosen = {clash.id: Written("It takes 7 to 9 hours [00:06:31].") for clash in clashes[:1]}
    chosen |= {clash.id: "ours" for clash in clashes[1:]}
    merged = workflow.rebase(second, by=moderator, choices=chosen)

    assert "It takes 7 to 9 hours [00:06:31]." in bodies(merged)["Waste"]
    with pytest.raises(workflow.NotAllowed):  # who chose has written a part of it
        workflow.approve(merged, by=moderator)


# In part ------------------------------------------------------------------------------------------


def test_a_part_is_published_and_the_rest_goes_back_as_a_draft():
    article, moderator = make_pair()
    proposed = submitted(
        article,
        "author",
        waste="The brain clears waste at night. It takes 7 hours [00:06:31].",
        memory="Memory settles. It helps learning [00:08:44].",
    )
    found = changes.compare(proposed.target, proposed).changes
    [hours] = [change.id for change in found if "number or unit changed" in change.kinds]

    part, remainder = workflow.accept_in_part(proposed, [hours], by=moderator, comment="“May” was right.")

    assert bodies(part) == {
        "Waste": "The brain clears waste at night. It takes 7 hours [00:06:31].",
        "Memory": SECTIONS[1].body,
    }
    assert Article.objects.get().published_revision == part
    assert (part.author_name, part.review_set.get().by_name) == ("author", "second-moderator")
    remainder = Revision.objects.get(pk=remainder.pk)
    assert (remainder.status, remainder.author_name, remainder.is_outdated) == ("draft", "author", False)
    assert bodies(remainder) == bodies(proposed)
    workflow.save_draft(remainder, content_of(remainder), by=remainder.author, version=remainder.version)
    assert Revision.objects.get(pk=proposed.pk).status == "changes_requested"
    assert proposed.review_set.get().comment == "“May” was right."


def test_a_part_of_a_change_that_is_not_there_is_refused():
    article, moderator = make_pair()
    proposed = submitted(article, "author", waste="Other words [00:06:31].")

    with pytest.raises(workflow.InvalidTransition, match="No such change"):
        workflow.accept_in_part(proposed, ["nothing"], by=moderator, comment="Why.")

    assert Revision.objects.get(pk=proposed.pk).status == "submitted"


# Four eyes ----------------------------------------------------------------------------------------


def test_an_override_is_marked_and_waits_for_a_look_afterwards():
    draft = make_draft(by=make_user("root", is_superuser=True))
    workflow.submit(draft, by=draft.author)

    workflow.approve(draft, by=draft.author, override_reason="A wrong dose was public.")
    workflow.publish(draft, by=draft.author)

    review = draft.review_set.get()
    assert (review.is_override, review.comment) == (True, "A wrong dose was public.")
    assert list(Revision.objects.awaiting_review()) == [draft]
    with pytest.raises(workflow.NotAllowed):
        workflow.confirm(draft, by=draft.author)
    workflow.confirm(draft, by=make_moderator())
    assert not Revision.objects.awaiting_review().exists()


def test_one_person_can_run_a_site_where_the_rule_is_off(settings):
    settings.FOUR_EYES = False
    owner = make_user("owner", groups=("Editors", "Moderators"))
    draft = make_draft(by=owner)
    workflow.submit(draft, by=owner)

    workflow.approve(draft, by=owner)

    assert Revision.objects.get().status == "approved"


# Times --------------------------------------------------------------------------------------------


def scheduled(moderator, **kwargs):
    draft = make_draft(episode=make_episode())
    workflow.submit(draft, by=draft.author)
    workflow.approve(draft, by=moderator)
    return workflow.schedule(draft, by=moderator, **kwargs)


def test_a_scheduled_revision_goes_out_and_comes_down_at_its_time(client):
    moderator = make_moderator()
    now = timezone.now()
    draft = scheduled(moderator, publish_at=now + timedelta(hours=1), take_down_at=now + timedelta(hours=2))

    assert workflow.publish_due(now) == ([], [], [])
    assert client.get("/articles/sleep/").status_code == 404
    published, _, _ = workflow.publish_due(now + timedelta(hours=1))
    assert published == [draft]
    assert client.get("/articles/sleep/").status_code == 200
    assert workflow.publish_due(now + timedelta(hours=1)) == ([], [], [])
    _, taken_down, _ = workflow.publish_due(now + timedelta(hours=2))
    assert taken_down == [draft.article]
    assert client.get("/articles/sleep/").status_code == 404
    assert [e.by_name for e in LogEntry.objects.filter(action__in=["published", "unpublished"])] == ["moderator"] * 2


def test_a_scheduled_revision_whose_base_was_published_over_does_not_go_out():
    article, moderator = make_pair()
    first = submitted(article, "first", waste="First [00:06:31].")
    second = submitted(article, "second", waste="Second [00:06:31].")
    for revision in (first, second):
        workflow.approve(revision, by=moderator)
    workflow.schedule(second, by=moderator, publish_at=timezone.now() + timedelta(hours=1))
    workflow.publish(first, by=moderator)

    published, _, refused = workflow.publish_due(timezone.now() + timedelta(hours=2))

    assert published == []
    assert [revision for revision, _ in refused] == [second]
    assert Article.objects.get().published_revision == first
    told = Notice.objects.filter(kind="not_published").values_list("user__username", flat=True)
    assert set(told) == {"second", "second-moderator"}
    assert workflow.publish_due(timezone.now() + timedelta(hours=2)) == ([], [], [])


@pytest.mark.parametrize("minutes", [0, -5])
def test_a_time_that_has_passed_is_refused(minutes):
    with pytest.raises(workflow.InvalidTransition, match="has passed"):
        scheduled(make_moderator(), publish_at=timezone.now() + timedelta(minutes=minutes))


def test_a_schedule_can_be_taken_back():
    moderator = make_moderator()
    draft = scheduled(moderator, publish_at=timezone.now() + timedelta(hours=1))

    workflow.unschedule(draft, by=moderator)

    assert workflow.publish_due(timezone.now() + timedelta(hours=2)) == ([], [], [])
    with pytest.raises(workflow.InvalidTransition, match="not scheduled any more"):
        workflow.unschedule(draft, by=moderator)


# Protection ---------------------------------------------------------------------------------------


def test_a_protected_article_is_the_moderators_to_edit():
    article, moderator = make_pair()
    editor = make_user("third")
    base = article.published_revision
    workflow.protect(article, by=moderator, reason="Too many hands.")
    article.refresh_from_db()

    with pytest.raises(workflow.NotAllowed, match="This article is protected"):
        workflow.start_draft(article, edited(base), by=editor, base=base)
    workflow.release(article, by=moderator)
    article.refresh_from_db()
    assert workflow.start_draft(article, edited(base), by=editor, base=base)


# The record ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda r: Revision.objects.filter(pk=r.pk).update(title="Other"),
        lambda r: Revision.objects.filter(pk=r.pk).update(status="draft"),
        lambda r: Revision.objects.filter(pk=r.pk).update(digest="0" * 64),
        lambda r: Revision.objects.filter(pk=r.pk).delete(),
        lambda r: r.section_set.update(body="Other"),
        lambda r: r.section_set.first().delete(),
        lambda r: Section.objects.create(revision=r, position=9, level=1, heading="More", anchor="more"),
        lambda r: r.source_set.update(key="other"),
        lambda r: Source.objects.filter(revision=r).delete(),
        lambda r: _sql("UPDATE articles_section SET body = 'x' WHERE revision_id = %s", r.pk),
        lambda r: _sql("DELETE FROM articles_section WHERE revision_id = %s", r.pk),
        lambda r: _sql("UPDATE articles_logentry SET note = 'x'"),
        lambda r: _sql("DELETE FROM articles_logentry"),
        lambda r: _sql("UPDATE articles_review SET comment = 'x'"),
        lambda r: _sql("DELETE FROM articles_review"),
    ],
)
def test_what_was_submitted_is_refused_to_change_in_every_way(change):
    revision = make_published(episode=make_episode()).published_revision

    with pytest.raises(IntegrityError), transaction.atomic():
        change(revision)

    assert audit_log.verify(revision.article) is None


def _sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_the_record_holds_through_everything(capsys):
    article, moderator = make_pair()
    first = submitted(article, "first", waste="First [00:06:31].")
    second = submitted(article, "second", memory="Second [00:06:31].")
    workflow.approve(first, by=moderator)
    workflow.publish(first, by=moderator)
    merged = workflow.rebase(Revision.objects.get(pk=second.pk), by=moderator)
    workflow.reject(merged, by=moderator, comment="No.")
    workflow.unpublish(Article.objects.get(), by=moderator, reason="Wrong.")
    moderator.delete()

    call_command("verify_history")

    assert capsys.readouterr().out == "The record of 1 article holds.\n"
    numbers = list(LogEntry.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


TAMPERING = {
    "revision 1: the content is not what was submitted": "UPDATE articles_section SET body = 'x'",
    "log entry 3: it is not what was recorded": "UPDATE articles_logentry SET note = 'x' WHERE number = 3",
    "log entry 2: it is missing: entry 3 stands there": "DELETE FROM articles_logentry WHERE number = 2",
    "log entry 5: 5 entries were recorded": "DELETE FROM articles_logentry WHERE number = 5",
}


@pytest.mark.parametrize(("place", "statement"), TAMPERING.items())
def test_tampering_is_named(place, statement, without_triggers, capsys):
    make_published(episode=make_episode())
    with without_triggers():
        _sql(statement)

    with pytest.raises(CommandError, match="The record of 1 of 1 articles does not hold"):
        call_command("verify_history")

    assert capsys.readouterr().err == f"sleep: {place}\n"


def test_an_erased_text_leaves_its_digest_and_its_reason():
    article, moderator = make_pair()
    rejected = submitted(article, "first", waste="Somebody’s private matter [00:06:31].")
    workflow.reject(rejected, by=moderator, comment="No.")
    digest = rejected.digest
    root = make_user("root", is_superuser=True)

    workflow.erase(rejected, by=root, reason="A court says so.")

    erased = Revision.objects.get(pk=rejected.pk)
    assert (erased.title, erased.digest, erased.erasure_reason) == ("Erased", digest, "A court says so.")
    assert bodies(erased) == {"Erased": ""}
    assert "private" not in erased.rendering.plain_text + erased.rendering.text_html
    assert audit_log.verify(article) is None


def test_what_is_public_is_not_erased():
    article, _ = make_pair()

    with pytest.raises(workflow.NotAllowed, match="This is the published text"):
        workflow.erase(article.published_revision, by=make_user("root", is_superuser=True), reason="x")


def test_history_tells_what_was_public_from_when_to_when():
    article, moderator = make_pair()
    first = article.published_revision
    second = submitted(article, "second", waste="Second [00:06:31].")
    workflow.approve(second, by=moderator)
    workflow.publish(second, by=moderator)
    workflow.unpublish(Article.objects.get(), by=moderator, reason="Wrong.")

    periods = audit_log.publications(article)

    assert [(revision, until is not None) for revision, _, until, _ in periods] == [(second, True), (first, True)]
    assert periods[1][2] == periods[0][1]


# Notices ------------------------------------------------------------------------------------------


def told(user):
    return [(notice.kind, notice.text) for notice in Notice.objects.filter(user=user).order_by("pk")]


def test_people_are_told_what_concerns_them():
    moderator, other = make_moderator(), make_moderator("other")
    gone = make_moderator("gone")
    gone.is_active = False
    gone.save()
    draft = make_draft()

    workflow.submit(draft, by=draft.author)
    workflow.request_changes(draft, by=moderator, comment="Cite it.")

    assert told(moderator) == told(other) == [("submitted", "editor submitted “Sleep” (revision 1) for review.")]
    assert told(draft.author) == [("decided", "moderator requested changes “Sleep” (revision 1): Cite it.")]
    assert told(gone) == []


def test_the_actor_is_never_told():
    both = make_user("both", groups=("Editors", "Moderators"))
    draft = make_draft(by=both)

    workflow.submit(draft, by=both)

    assert told(both) == []


def test_watchers_are_told():
    article, moderator = make_pair()
    watcher = make_user("watcher")
    Watch.objects.create(user=watcher, article=article)

    revision = submitted(article, "first", waste="First [00:06:31].")
    workflow.approve(revision, by=moderator)
    workflow.publish(revision, by=moderator)

    assert [kind for kind, _ in told(watcher)] == ["submitted", "decided", "published"]


def test_mail_goes_out_after_the_commit(settings, django_capture_on_commit_callbacks):
    settings.EMAIL_IS_ON = True
    make_moderator()
    draft = make_draft()

    with django_capture_on_commit_callbacks(execute=True):
        workflow.submit(draft, by=draft.author)
        assert mail.outbox == []

    assert [(m.to, m.body) for m in mail.outbox] == [
        (["moderator@example.org"], "editor submitted “Sleep” (revision 1) for review.")
    ]
    assert Notice.objects.get().mail == "sent"


def test_mail_that_fails_undoes_nothing_and_is_tried_again(
    settings, django_capture_on_commit_callbacks, monkeypatch, caplog
):
    settings.EMAIL_IS_ON = True
    make_moderator()
    draft = make_draft()

    def refuse(*args):
        raise ConnectionRefusedError("nobody listens")

    with monkeypatch.context() as broken:
        broken.setattr(notifications, "send_mail", refuse)
        with django_capture_on_commit_callbacks(execute=True):
            workflow.submit(draft, by=draft.author)
        notice = Notice.objects.get()
        assert (notice.mail, notice.mail_attempts, notice.mail_error) == ("waiting", 1, "nobody listens")
        assert Revision.objects.get().status == "submitted"

    call_command("deliver_notices", verbosity=0)

    assert len(mail.outbox) == 1
    assert Notice.objects.get().mail == "sent"


def test_mail_that_always_fails_is_given_up(settings, monkeypatch):
    settings.EMAIL_IS_ON = True
    make_moderator()
    draft = make_draft()
    workflow.submit(draft, by=draft.author)

    def refuse(*args):
        raise ConnectionRefusedError("nobody listens")

    monkeypatch.setattr(notifications, "send_mail", refuse)
    for _ in range(notifications.MAIL_ATTEMPTS + 2):
        call_command("deliver_notices", verbosity=0)

    notice = Notice.objects.get()
    assert (notice.mail, notice.mail_attempts) == ("failed", notifications.MAIL_ATTEMPTS)


@pytest.mark.parametrize("is_deleted", [False, True])
def test_a_name_can_be_suppressed_and_the_record_still_holds(is_deleted, client):
    article, _ = make_pair()
    reviewer = article.published_revision.review_set.get().by
    root = make_user("root", is_superuser=True)
    if is_deleted:
        reviewer.delete()
    assert "by moderator" in client.get("/articles/sleep/").content.decode()

    call_command("suppress_name", "moderator", by="root", verbosity=0)

    assert {entry.by_name for entry in LogEntry.objects.all()} == {"editor", "name withheld"}
    assert "moderator" not in client.get("/articles/sleep/").content.decode()
    assert audit_log.verify(article) is None
    with pytest.raises(CommandError, match="Nothing in the records carries the name “nobody”"):
        call_command("suppress_name", "nobody", by=root.username)


def test_a_writer_whose_name_is_suppressed_leaves_the_page_and_its_citation(client):
    make_pair()
    make_user("root", is_superuser=True)
    before = client.get("/articles/sleep/").content.decode()

    call_command("suppress_name", "editor", by="root", verbosity=0)

    after = client.get("/articles/sleep/").content.decode()
    assert "editor" in before
    assert "editor" not in after
    assert "editor" not in client.get("/articles/sleep.bib").content.decode()
    assert "name withheld" in after
