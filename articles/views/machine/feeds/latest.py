"""The feed of the latest articles: of all, or those of a show or topic."""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.encoding import iri_to_uri
from django.utils.html import escape
from django.utils.translation import gettext as _

from articles.core.language import sentences
from articles.derived.reviews import review_states
from articles.models import Article, Source
from articles.views import serializers
from articles.views.http import origin
from articles.workflow.history import audit_log, chain

from .formats import FORMS

COUNT = 30  # entries: enough for a reader that polls once a day, and the feed stays below 30 KB
# Characters that XML 1.0 doesn't allow, not even escaped (section 2.2).
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Articles(Feed):
    """The latest articles of the whole site, a show or a topic; an article keeps its entry when its text changes."""

    language = settings.LANGUAGE_CODE
    item_guid_is_permalink = False

    def __init__(self, request, form, *, show=None, topic=None):
        self.feed_type = FORMS[form]
        self.origin, self.path = origin(request), iri_to_uri(request.path)
        self.show, self.topic = show, topic

    def title(self):
        if self.topic:
            return feed_title(_("articles on %(topic)s") % {"topic": self.topic.title})
        if self.show:
            return feed_title(_("articles based on %(show)s") % {"show": self.show.title})
        return feed_title(_("articles"))

    def description(self):
        if self.topic and self.topic.description:
            return clean(self.topic.description)
        if self.show:
            return clean(_("What was said in %(show)s, and when.") % {"show": self.show.title})
        return _("What was said, and when it was said.")

    def subtitle(self):
        return self.description()  # Atom's name for the description

    def link(self):
        part = self.topic or self.show
        return self.origin + (part.get_absolute_url() if part else reverse("home"))

    def feed_url(self):
        return self.origin + self.path

    def feed_guid(self):
        return self.feed_url()

    def author_name(self):
        return clean(settings.SITE_NAME) or urlsplit(self.origin).netloc

    def author_link(self):
        return self.origin + reverse("home")

    def items(self):
        articles = Article.objects.for_list().prefetch_related("topics")
        if self.topic is not None:
            articles = articles.filter(topics=self.topic)
        if self.show is not None:
            citing = Source.objects.filter(revision=OuterRef("published_revision"), episode__show=self.show)
            articles = articles.filter(Exists(citing))
        articles = list(articles[:COUNT])
        review_states.set_states(article.published_revision for article in articles)
        newest = audit_log.last_publications(articles)
        self._heads = chain.heads_at(newest.items())
        self._entry_of = newest
        return articles

    def _record(self, article_key, entry_number):
        """What an item states about its place in the record of changes."""
        return serializers.head(self._heads.get((article_key, entry_number)))

    def item_title(self, article):
        return clean(article.published_revision.title)

    def item_description(self, article):
        lead = escape(clean(article.published_revision.rendering.lead_text))
        read = (
            f'<p><a href="{escape(self.item_link(article))}">{escape(_("Read the article with its citations"))}</a></p>'
        )
        language = article.published_revision.language
        marks = f' lang="{escape(language)}" dir="auto"' if language else ""
        facts = f"<p>{escape(self._facts(article))}</p>"
        return "\n".join([*([f"<p{marks}>{lead}</p>"] if lead else []), facts, read])

    def _facts(self, article):
        """Return what is to be known of a text before reading it, as sentences."""
        revision = article.published_revision
        return sentences.join(review_states.facts_of(revision.review_state, revision.notice))

    def item_link(self, article):
        return self.origin + article.get_absolute_url()

    def item_guid(self, article):
        return tag_uri(self.origin, article.first_published_at, f"article/{article.pk}")

    def item_pubdate(self, article):
        return article.first_published_at

    def item_updateddate(self, article):
        review = article.published_revision.review_state.review
        return max(article.published_at, review.at) if review else article.published_at

    def item_categories(self, article):
        topics = [topic.title for topic in article.topics.all()]
        shows = [source.episode.show.title for source in article.published_revision.source_set.all()]
        return [clean(name) for name in dict.fromkeys([*topics, *shows])]

    def item_extra_kwargs(self, article):
        revision = article.published_revision
        return {
            "summary": sentences.join([clean(revision.rendering.lead_text), self._facts(article)]),
            "language": revision.language,
            "review_and_notice": serializers.review_and_notice(revision),
            "record": self._record(article.pk, self._entry_of.get(article.pk)),
        }


def feed_title(what):
    return clean(f"{settings.SITE_NAME}: {what}" if settings.SITE_NAME else f"{what[0].upper()}{what[1:]}")


def tag_uri(root, moment, name):
    """Return a tag URI (RFC 4151), which stays the same when the title or slug changes."""
    return f"tag:{urlsplit(root).hostname},{moment:%Y-%m-%d}:{name}"


def clean(text):
    return _NO_XML.sub("\ufffd", text)
