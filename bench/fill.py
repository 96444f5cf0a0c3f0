"""Fills the configured database with N published articles of nine sections and citations: `python bench/fill.py N`."""

import sys

import django

django.setup()

from django.contrib.auth.models import Group, User
from django.db import transaction
from django.utils import timezone

from articles import workflow
from articles.models import Article, Chapter, Citation, Episode, Rendering, Revision, Section, Show
from articles.workflow.content import Content, SectionContent, SourceContent
from articles.workflow.governance.permissions import ensure_groups

ARTICLES_PER_EPISODE = 5
SENTENCE = "While we sleep, the brain clears away what the day has left behind, and memories settle"


def article_text(episode):
    sections = tuple(
        SectionContent(f"What happens in part {i}", f"{SENTENCE}. {SENTENCE} [00:{i:02}:31]. {SENTENCE}.\n\n{SENTENCE}.", level)
        for i, level in enumerate((1, 2, 2, 1, 2, 1, 2, 2, 1), 1)
    )  # fmt: skip
    return Content("Sleep", "sleep-1", f"{SENTENCE}.", sources=(SourceContent(episode),), sections=sections)


def copies(rows, **changes):
    for row in rows:
        row.pk, row._state.adding = None, True
        for name, value in changes.items():
            setattr(row, name, value)
        yield row


def main(count):
    ensure_groups()
    admin = User.objects.create_superuser("bench", password=None)
    admin.groups.set(Group.objects.filter(name="Administrators"))
    show = Show.objects.create(handle="night-talks", title="Night Talks")
    episodes = Episode.objects.bulk_create(
        Episode(show=show, title=f"On sleep {n}", slug=f"on-sleep-{n}", duration_seconds=6000, youtube_id=f"{n:011}")
        for n in range(1 + count // ARTICLES_PER_EPISODE)
    )
    episode = episodes[0]
    Chapter.objects.bulk_create(
        Chapter(episode=episode, start_seconds=i * 300, title=f"Part {i} of the talk") for i in range(20)
    )
    draft = workflow.create_article(article_text(episode), by=admin, received_as="bench", received_digest="0" * 64)
    workflow.publish_received(draft, by=admin)
    first = Article.objects.get()
    for start in range(2, count + 1, 500):
        numbers = range(start, min(start + 500, count + 1))
        with transaction.atomic():
            articles = Article.objects.bulk_create(
                Article(
                    slug=f"sleep-{n}", received_as=f"bench/{n}", created_by_name="bench", last_saved_at=timezone.now()
                )
                for n in numbers
            )
            revision = first.published_revision
            revisions = []
            for article in articles:
                copy = Revision.objects.get(pk=revision.pk)
                revisions += copies([copy], article=article, slug=article.slug, status=Revision.Status.DRAFT)
            revisions = Revision.objects.bulk_create(revisions)
            section_rows = list(Section.objects.filter(revision=revision))
            citation_rows = list(Citation.objects.filter(revision=revision))
            rendering = Rendering.objects.get(revision=revision)
            sections, citations, renderings = [], [], []
            for number, new in zip(numbers, revisions, strict=True):
                values = {f.attname: getattr(rendering, f.attname) for f in Rendering._meta.fields}
                renderings.append(Rendering(**values | {"revision_id": new.pk}))
                for rows, model, copied in ((section_rows, Section, sections), (citation_rows, Citation, citations)):
                    for row in rows:
                        values = {f.attname: getattr(row, f.attname) for f in model._meta.fields if f.name != "id"}
                        values["revision_id"] = new.pk
                        if model is Citation:  # of an episode and claims that few other articles cite
                            values["section_id"] = None
                            values["episode_id"] = episodes[number // ARTICLES_PER_EPISODE].pk
                            values["claim_key"] = f"{row.claim_key[:50]}{number}"
                        copied.append(model(**values))
            Section.objects.bulk_create(sections)
            Citation.objects.bulk_create(citations)
            Rendering.objects.bulk_create(renderings)
            Revision.objects.filter(pk__in=[new.pk for new in revisions]).update(status=revision.status)
            for article, new in zip(articles, revisions, strict=True):
                article.published_revision = new
                article.published_at = article.first_published_at = timezone.now()
            Article.objects.bulk_update(articles, ["published_revision", "published_at", "first_published_at"])


if __name__ == "__main__":
    main(int(sys.argv[1]))
