"""Who is notified of what, by notice and by mail."""

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from articles import workflow
from articles.models import LogEntry, Notice, Watch
from articles.workflow.history import audit_log
from articles.workflow.notifications import deliver, set_frequency
from articles.workflow.recordings import save_episode
from tests.support.factories import delete_as_before, make_draft, make_moderator, make_user
from tests.support.scenarios.moderation import make_pair, submitted

pytestmark = pytest.mark.django_db


def told(user):
    return [(notice.kind, notice.text) for notice in Notice.objects.filter(user=user).order_by("pk")]


def test_people_are_notified_of_what_concerns_them():
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


def test_the_actor_is_never_notified():
    both = make_user("both", groups=("Editors", "Moderators"))
    draft = make_draft(by=both)

    workflow.submit(draft, by=both)

    assert told(both) == []


def test_watchers_are_notified():
    article, moderator = make_pair()
    watcher = make_user("watcher")
    Watch.objects.create(user=watcher, article=article)

    revision = submitted(article, "first", waste="First [00:06:31].")
    workflow.approve(revision, by=moderator)
    workflow.publish(revision, by=moderator)

    assert [kind for kind, _ in told(watcher)] == ["submitted", "decided", "published"]


def test_mail_is_sent_after_the_commit(settings, django_capture_on_commit_callbacks):
    settings.EMAIL_IS_ON = True
    make_moderator()
    draft = make_draft()

    with django_capture_on_commit_callbacks(execute=True):
        workflow.submit(draft, by=draft.author)
        assert mail.outbox == []

    assert [(m.to, m.subject) for m in mail.outbox] == [
        (["moderator@example.org"], "Said at: editor submitted “Sleep” (revision 1) for review.")
    ]
    assert Notice.objects.get().mail == "sent"


def test_a_slow_mail_server_holds_up_no_request(settings, django_capture_on_commit_callbacks):
    settings.EMAIL_IS_ON = True
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    make_moderator()
    draft = make_draft()

    with django_capture_on_commit_callbacks(execute=True):
        workflow.submit(draft, by=draft.author)

    notice, message = Notice.objects.get(), DBTaskResult.objects.get()
    assert (mail.outbox, notice.mail) == ([], "waiting")
    assert message.args_kwargs == {"args": [[notice.pk]], "kwargs": {}}
    assert message.status == "READY"

    message.task.call(*message.args_kwargs["args"])  # as a worker does

    assert len(mail.outbox) == 1


def test_mail_that_is_off_asks_for_no_worker(settings, django_capture_on_commit_callbacks):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    make_moderator()

    with django_capture_on_commit_callbacks(execute=True):
        draft = make_draft()
        workflow.submit(draft, by=draft.author)

    assert not DBTaskResult.objects.exists()


def test_a_long_text_is_shortened_visibly():
    moderator = make_moderator()
    draft = make_draft()
    workflow.submit(draft, by=draft.author)

    workflow.request_changes(draft, by=moderator, comment="Cite it. " * 100)

    text = Notice.objects.get(kind="decided").text
    assert (len(text), text[-4:]) == (500, "it.…")


@pytest.mark.parametrize("is_deleted", [False, True])
def test_a_name_can_be_suppressed_and_the_record_stays_intact(is_deleted, client):
    article, _ = make_pair()
    reviewer = article.published_revision.review_set.get().by
    root = make_user("root", is_superuser=True)
    if is_deleted:
        delete_as_before(reviewer)
    assert "by moderator" in client.get("/articles/sleep/").content.decode()

    call_command("suppress_name", "moderator", by="root", verbosity=0)

    assert {entry.by_name for entry in LogEntry.objects.all()} == {"editor", "name withheld"}
    assert "moderator" not in client.get("/articles/sleep/").content.decode()
    assert audit_log.verify(article) is None
    with pytest.raises(CommandError, match="No record has the name “nobody”"):
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


# Whoever may no longer read what isn't public -----------------------------------------------------


def test_whoever_may_no_longer_read_drafts_hears_nothing_of_them(client):
    """Watches and authorships outlast a rank; notices quote titles, changes and remarks of texts that aren't public."""
    article, moderator = make_pair()
    author, watcher = make_user("former-author"), make_user("former-watcher")
    Watch.objects.create(user=watcher, article=article)
    draft = make_draft("naps", by=author, title="A secret title")
    workflow.submit(draft, by=author)
    for former in (author, watcher):
        former.groups.clear()

    submitted(article, "first", waste="First [00:06:31].")
    workflow.request_changes(draft, by=moderator, comment="Cite it.")
    episode = article.published_revision.source_set.get().episode
    episode.title = "Another title"
    save_episode(episode, ["title"], by=make_moderator("third"))

    assert (told(watcher), told(author)) == ([], [])


def test_they_no_longer_read_the_notices_they_have_and_get_no_mail_of_them(settings, client):
    settings.EMAIL_IS_ON = True
    make_moderator()
    watcher = make_user("former-watcher")
    draft = make_draft(title="A secret title")
    Watch.objects.create(user=watcher, article=draft.article)
    set_frequency(watcher, "daily")
    workflow.submit(draft, by=draft.author)
    assert [kind for kind, _ in told(watcher)] == ["submitted"]

    watcher.groups.clear()
    client.force_login(watcher)
    Notice.objects.update(mail_due_at=None)
    deliver(Notice.objects.filter(user=watcher))

    assert "A secret title" not in client.get(reverse("admin:inbox")).text
    assert mail.outbox == []
    assert Notice.objects.get(user=watcher).mail == "none"
