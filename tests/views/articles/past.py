"""An article with a past: published, changed and reverted, with texts that nobody may see."""

from dataclasses import replace

from django.utils import timezone

from articles import workflow
from articles.models import Article, Comment, CorrectionRequest
from articles.workflow.content import SectionContent, content_of
from tests.support.factories import make_change, make_episode, make_published, make_user

SECRET = "Zephyrine"  # only in unpublished texts; no public page may contain it
BODIES = ["It takes 5 hours [00:06:31].", "It takes 6 hours [00:06:31].", "It takes 7 hours <b>or</b> more [00:08:44]."]
HISTORY, PAST = "/articles/sleep/history/", "/articles/sleep/revisions/{}/"


def section(body):
    return (SectionContent("Waste", body),)


def make_past(people, count=3, **kwargs):
    """Return an article that was published `count` times, as revisions 1 to `count`."""
    episode = make_episode(chapters=[(0, "Opening"), (500, "Night")], youtube_id="abcdefghijk")
    article = make_published("sleep", episode=episode, sections=section(BODIES[0]), **people, **kwargs)
    for number in range(1, count):
        publish_change(article, people, f"Correction no. {number}.", sections=section(BODIES[number]))
        article = Article.objects.get()
    return article


def publish_change(article, people, note, **changes):
    body = content_of(article.published_revision).sections[0]
    sections = (replace(body, body=changes.pop("sections")[0].body),)
    revision = make_change(article, by=people["by"], sections=sections, **changes)
    workflow.approve(revision, by=people["moderator"])
    return workflow.publish(revision, by=people["moderator"], public_note=note)


def make_secrets(article, people):
    """Add everything that must stay private: a draft, submitted and rejected revisions, comments, a correction request."""
    published = article.published_revision
    hidden = {"edit_summary": f"{SECRET} summary", "title": f"{SECRET} title"}
    waiting = make_change(article, by=make_user("second"), **hidden, lead=f"{SECRET} lead")
    rejected = make_change(article, by=make_user("third"), **hidden, sections=section(f"{SECRET} body"))
    workflow.reject(rejected, by=people["moderator"], comment=f"{SECRET} reason")
    draft = workflow.start_draft(
        article, replace(content_of(published), lead=f"{SECRET} draft"), by=make_user("fourth"), base=published
    )
    now = timezone.now()
    for revision in (published, waiting):
        Comment.objects.create(revision=revision, text=f"{SECRET} comment", at=now, by_name=SECRET)
    CorrectionRequest.objects.create(
        article=article, revision=published, text=f"{SECRET} challenge", at=now, sender=SECRET
    )
    return [waiting, rejected, draft]
