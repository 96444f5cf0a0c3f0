"""What a new article begins with, as its address says: a title, the chapters of an episode, or the headings of a template.

Nothing is saved before the editor saves. Of an episode the text has only headings; what is said there is shown next to it
(`admin/evidence/notes.py`).
"""

from dataclasses import replace

from django.conf import settings
from django.http import Http404
from django.utils.translation import gettext

from articles.admin.shared.helpers import found_or_404
from articles.core.markdown import wiki_slug
from articles.core.parsing.numbers import whole_number
from articles.core.recordings.stretches import key_of, stretches
from articles.core.timestamps import Malformed, find_marks
from articles.models import Article, Episode, Section
from articles.workflow.content import Content, SectionContent, SourceContent

from .skeletons import SKELETONS

LONGEST = 200  # characters of a title and of a slug
SECTIONS_MAX = 40  # that an article begins with; of an episode with more chapters, some have to be chosen
HEADING_MAX = Section._meta.get_field("heading").max_length


class TooManyChapters(Exception):
    """An article can't begin with so many chapters: `episode` is the one whose chapters are to be chosen."""

    def __init__(self, episode):
        super().__init__()
        self.episode = episode


def initial_content(user, query):
    """Return the `Content` of a new article for `user`; `query` is the QueryDict of the editor's address.

    `title` and `slug` are filled in. `episode` (primary key) gives the source and a section for each chapter, or for each
    `chapter` named by its start in seconds; `template` a built-in skeleton; `like` the headings of an article (primary
    key). Raises `TooManyChapters`, and Http404 for what doesn't exist or mustn't be read.
    """
    title, slug = (query.get(name, "").strip() for name in ("title", "slug"))
    slug = wiki_slug(slug)[:LONGEST].strip("-")
    # Its language is written down, because the site's may change.
    content = Content(title=title[:LONGEST], slug=slug, language=settings.LANGUAGE_CODE)
    if "episode" in query:
        episodes = Episode.objects.select_related("show")
        episode = found_or_404(episodes, query["episode"], gettext("Episode not found."))
        return replace(
            content, sources=(SourceContent(episode),), sections=_chapters(episode, query.getlist("chapter"))
        )
    if "template" in query:
        skeleton = SKELETONS.get(query["template"])
        if skeleton is None:
            raise Http404(gettext("This template doesn’t exist."))
        return replace(content, sections=tuple(SectionContent(str(heading)) for heading in skeleton.headings))
    if "like" in query:
        return replace(content, sections=_headings_of(user, query["like"]))
    return content


def stretches_of(episode):
    """Return the `Stretch` values that an article about `episode` can begin with."""
    chapters = [(chapter.start_seconds, chapter.title, chapter.is_sponsor) for chapter in episode.chapters]
    return stretches(chapters, episode.length_seconds)


def _chapters(episode, chosen):
    starts = {whole_number(start) for start in chosen}
    parts = [part for part in stretches_of(episode) if not chosen or part.start_seconds in starts]
    if len(parts) > SECTIONS_MAX:
        raise TooManyChapters(episode)
    return tuple(SectionContent(_without_marks(part.title), key=key_of(episode.pk, part)) for part in parts)


def _headings_of(user, pk):
    """Return the sections of the article's published text, else of the newest that `user` may read, without their text."""
    article = found_or_404(Article.objects.visible_to(user), pk, gettext("Article not found."))
    revisions = article.revision_set.visible_to(user).order_by("-number")
    revision = revisions.filter(pk=article.published_revision_id).first() or revisions.first()
    if revision is None:
        raise Http404(gettext("Article not found."))
    rows = revision.section_set.order_by("position").values_list("heading", "level")
    return tuple(SectionContent(_without_marks(heading), level=level) for heading, level in rows)


def _without_marks(heading):
    """Return a heading without timestamps, which would cite something else here."""
    for mark in reversed([mark for mark in find_marks(heading) if not isinstance(mark, Malformed)]):
        heading = heading[: mark.start] + heading[mark.end :]
    return " ".join(heading.split())[:HEADING_MAX]
