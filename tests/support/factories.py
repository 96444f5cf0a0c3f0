"""Factories: plain functions that make real rows, with fixed texts by default."""

from dataclasses import replace

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models.signals import pre_delete

from articles import workflow
from articles.models import Chapter, Episode, Show
from articles.workflow.content import Content, SectionContent, SourceContent, content_of
from articles.workflow.content.recordings import store_digests
from articles.workflow.governance import ranks
from articles.workflow.governance.permissions import ensure_groups
from articles.workflow.history.rows import record_new
from tests.support.scenarios import published_rows

PASSWORD = "a long test password"


@transaction.atomic
def make_user(username="editor", *, groups=("Editors",), **kwargs):
    """Write the rows of an account in these groups; Django's functions make the same ones, more slowly."""
    values = {"email": f"{username}@example.org", "password": make_password(PASSWORD), "is_staff": True} | kwargs
    user = User(username=username, **values)
    User.objects.bulk_create([user])
    rows = Group.objects.filter(name__in=groups)
    if len(rows) < len(groups):  # a transactional test has emptied the tables
        ensure_groups()
        rows = rows.all()
    member = User.groups.through
    member.objects.bulk_create([member(user=user, group=group) for group in rows])
    record_new(user)
    return user


def make_moderator(username="moderator"):
    return make_user(username, groups=("Moderators",))


def delete_as_before(account):
    """Delete an account with a history, as earlier versions did."""
    pre_delete.disconnect(dispatch_uid="keep_history", sender=User)
    try:
        account.delete()
    finally:
        pre_delete.connect(ranks.keep_history, sender=User, dispatch_uid="keep_history")


def make_episode(slug="on-sleep", *, handle="night-talks", duration_seconds=3600, chapters=(), **kwargs):
    show, _ = Show.objects.get_or_create(handle=handle, defaults={"title": handle.replace("-", " ").title()})
    kwargs = {"title": slug.replace("-", " ").capitalize(), "youtube_id": ""} | kwargs
    episode = Episode.objects.create(show=show, slug=slug, duration_seconds=duration_seconds, **kwargs)
    for start_seconds, title in chapters:
        Chapter.objects.create(episode=episode, start_seconds=start_seconds, title=title)
    store_digests(Episode.objects.filter(pk=episode.pk))
    episode.refresh_from_db(fields=["recording_digest"])
    return episode


def make_content(slug="sleep", *, episode=None, **kwargs):
    """Make a text with one claim, cited if there is an `episode`."""
    mark = " [00:06:31]" if episode else ""
    values = {
        "title": "Sleep",
        "slug": slug,
        "lead": "What a night of sleep does.",
        "sections": (SectionContent("Why we sleep", f"The brain clears waste at night{mark}."),),
        "sources": (SourceContent(episode),) if episode else (),
    }
    return Content(**(values | kwargs))


def make_draft(slug="sleep", *, by=None, **kwargs):
    return workflow.create_article(make_content(slug, **kwargs), by=by or make_user())


def make_published(slug="sleep", *, by=None, moderator=None, **kwargs):
    """Write the rows of a published article; `publish_by_workflow` makes the same ones, more slowly."""
    content = make_content(slug, **kwargs)
    return published_rows.write(content, by=by or make_user(), moderator=moderator or _moderator())


def publish_by_workflow(slug="sleep", *, by=None, moderator=None, **kwargs):
    """Write, submit, approve and publish an article, for tests of just that."""
    draft = make_draft(slug, by=by, **kwargs)
    workflow.submit(draft, by=draft.author)
    moderator = moderator or _moderator()
    workflow.approve(draft, by=moderator)
    return workflow.publish(draft, by=moderator).article


def _moderator():
    return User.objects.filter(username="moderator").first() or make_moderator()


def make_change(article, *, by, **changes):
    """Submit a revision of a published article with `changes` to its content."""
    published = article.published_revision
    changes = {"edit_summary": "Said more exactly."} | changes
    draft = workflow.start_draft(article, replace(content_of(published), **changes), by=by, base=published)
    return workflow.submit(draft, by=by)


def published(count, people, **kwargs):
    """Publish `count` articles, "sleep-0" and up, citing one episode; `people` are their author and moderator."""
    episode = make_episode()
    return [make_published(f"sleep-{n}", title=f"Sleep {n}", episode=episode, **people, **kwargs) for n in range(count)]
