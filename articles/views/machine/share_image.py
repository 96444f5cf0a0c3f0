"""The image shown when someone shares a link to an article."""

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import ngettext

from articles.core.recordings import share_image as drawing
from articles.core.recordings import timeline
from articles.derived.reviews import review_states
from articles.models import Article
from articles.views.base import published_or_redirect
from articles.views.http import public_view, respond


def _article_for_list(slug):
    return Article.objects.for_list().with_page_version().filter(slug=slug).first()


@public_view
@published_or_redirect(_article_for_list)
def picture(request, article):
    response = respond(drawing.draw(*_parts(article.published_revision)), "image/png")
    response.made_from = article.pk, article.page_version  # drawing takes as long as serving a hundred pages
    return response


def _parts(revision):
    """Return the title, kicker, facts and timeline for `drawing.draw`."""
    episodes = list(dict.fromkeys(source.episode for source in revision.source_set.all()))
    default = episodes[0] if episodes else None
    count = revision.citation_count
    facts = [ngettext("%(count)s citation", "%(count)s citations", count) % {"count": intcomma(count)}] if count else []
    facts += review_states.facts_of(review_states.states_of([revision.pk])[revision.pk], revision.notice)
    strip = None
    if default is not None:
        facts.append(" · ".join(dict.fromkeys(episode.show.title for episode in episodes)))
        if default.length_seconds:
            cited = revision.citation_set.filter(episode=default).values_list("anchor", "start_seconds")
            chapters = [(chapter.start_seconds, chapter.title, chapter.is_sponsor) for chapter in default.chapters]
            strip = timeline.lay_out(default.length_seconds, chapters, list(cited))
    return revision.title, settings.SITE_NAME, " · ".join(facts), strip
