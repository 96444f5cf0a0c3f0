"""The contents of the feeds: all articles, those of a show or topic, and corrections."""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.encoding import iri_to_uri
from django.utils.html import escape
from django.utils.http import http_date
from django.utils.translation import gettext as _

from articles.core.diff import kind_label
from articles.core.language import sentences
from articles.core.markdown import visible_links
from articles.derived.reviews import review_states
from articles.derived.reviews.reviewers import PUBLICATIONS
from articles.models import Article, LogEntry, Show, Source, Topic
from articles.views import serializers
from articles.views.http import one_named, origin, public_view
from articles.workflow.collaboration.follow_ups import public_answers
from articles.workflow.history import audit_log, chain

from .formats import FORMS

COUNT = 30  # entries: enough for a reader that polls once a day, and the feed stays below 30 KB

# Actions that update a feed's modification time, whether or not they have an entry of their own.
_MOVES = (
    *PUBLICATIONS,
    LogEntry.Action.CONFIRMED,
    LogEntry.Action.REVIEWED,
    LogEntry.Action.UNPUBLISHED,
    LogEntry.Action.ERASED,
    LogEntry.Action.FILED,
)
# Characters that XML 1.0 doesn't allow, not even escaped (section 2.2).
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Articles(Feed):
    """The latest articles of the whole site, a show or a topic; an article keeps its entry when its text changes."""

    language = settings.LANGUAGE_CODE
    item_guid_is_permalink = False

    def __init__(self, request, form, *, show=None, topic=None):
        self.feed_type = FORMS[form]
        self.origin, self.path = origin(request), iri_to_uri(request.path)
        self.show, self.topic = show, topic

    def title(self):
        if self.topic:
            return _feed_title(_("articles on %(topic)s") % {"topic": self.topic.title})
        if self.show:
            return _feed_title(_("articles based on %(show)s") % {"show": self.show.title})
        return _feed_title(_("articles"))

    def description(self):
        if self.topic and self.topic.description:
            return _clean(self.topic.description)
        if self.show:
            return _clean(_("What was said in %(show)s, and when.") % {"show": self.show.title})
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
        return _clean(settings.SITE_NAME) or urlsplit(self.origin).netloc

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
        return _clean(article.published_revision.title)

    def item_description(self, article):
        lead = escape(_clean(article.published_revision.rendering.lead_text))
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
        return _tag_uri(self.origin, article.first_published_at, f"article/{article.pk}")

    def item_pubdate(self, article):
        return article.first_published_at

    def item_updateddate(self, article):
        review = article.published_revision.review_state.review
        return max(article.published_at, review.at) if review else article.published_at

    def item_categories(self, article):
        topics = [topic.title for topic in article.topics.all()]
        shows = [source.episode.show.title for source in article.published_revision.source_set.all()]
        return [_clean(name) for name in dict.fromkeys([*topics, *shows])]

    def item_extra_kwargs(self, article):
        revision = article.published_revision
        return {
            "summary": sentences.join([_clean(revision.rendering.lead_text), self._facts(article)]),
            "language": revision.language,
            "standing": serializers.standing(revision),
            "record": self._record(article.pk, self._entry_of.get(article.pk)),
        }


class _Corrections(_Articles):
    """One entry for each time that a published article's text was replaced, with its public note and a link."""

    def title(self):
        return _feed_title(_("corrections"))

    def description(self):
        return _("Articles whose published text was changed, and why.")

    def items(self):
        entries = list(audit_log.replacements()[:COUNT])
        self._heads = chain.heads_at((entry.article_id, entry.number) for entry in entries)
        self._answers = public_answers([entry.revision_id for entry in entries])
        return entries

    def item_title(self, entry):
        title = entry.article.published_revision.title
        return _clean(_("%(title)s: revision %(number)s") % {"title": title, "number": entry.revision.number})

    def item_description(self, entry):
        page, replaced = escape(self.item_link(entry)), entry.replaced_number
        paragraphs = [escape(sentence) for sentence in self._sentences(entry)]
        if replaced not in {None, entry.revision.number} and entry.revision.erased_at is None:
            words = escape(_("Changes from revision %(number)s") % {"number": replaced})
            paragraphs.append(f'<a href="{page}#change-{replaced}">{words}</a>')
        paragraphs.append(f'<a href="{page}">{escape(_("Read this revision"))}</a>')
        return "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)

    def _sentences(self, entry):
        return _note_sentences(entry, self._answers.get(entry.revision_id))

    def item_link(self, entry):
        return self.origin + reverse("public_revision", args=[entry.article.slug, entry.revision.number])

    def item_guid(self, entry):
        return _tag_uri(self.origin, entry.at, f"article/{entry.article_id}/change/{entry.number}")

    def item_pubdate(self, entry):
        return entry.at

    def item_updateddate(self, entry):
        return entry.revision.erased_at or entry.at

    def item_categories(self, entry):
        return ()

    def item_extra_kwargs(self, entry):
        # The language of a public note isn't recorded.
        return {
            "summary": sentences.join(self._sentences(entry)),
            "language": "",
            "standing": None,  # the text may be another by now
            "record": self._record(entry.article_id, entry.number),
        }


@public_view
def articles(request, form):
    return _feed(request, _Articles(request, form))


@public_view
def corrections(request, form):
    return _feed(request, _Corrections(request, form))


@public_view
def show_articles(request, handle, form):
    show = one_named(Show.objects.cited(), handle=("handle", handle))
    return _feed(request, _Articles(request, form, show=show))


@public_view
def topic_articles(request, slug, form):
    topic = one_named(Topic.objects.public(), slug=("slug", slug))
    return _feed(request, _Articles(request, form, topic=topic))


def _feed(request, feed):
    moves = LogEntry.objects.filter(action__in=_MOVES)
    changed_at = moves.order_by("-pk").values_list("at", flat=True).first()
    response = feed(request)
    # Django's own is the time of the newest item, which says nothing of what was unpublished or erased.
    response.headers.pop("Last-Modified", None)
    if changed_at is not None:
        response.headers["Last-Modified"] = http_date(int(changed_at.timestamp()))
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _note_sentences(entry, answers):
    """Return what readers learn about a correction, as sentences: the public note, `answers` to readers whose requests
    led to it (None without any) and kinds of change, or the erasure.

    The kinds and answers are those of the revision when it was new, so a revert has none.
    """
    revision = entry.revision
    if revision.erased_at is not None:
        reason = visible_links(revision.erasure_reason)
        return [_clean(_("This revision was erased: %(reason)s") % {"reason": reason})]
    kinds = ", ".join(_(kind_label(kind)) for kind in revision.change_kinds)
    kinds = _("Changes: %(kinds)s.") % {"kinds": kinds} if kinds else ""
    note = "" if answers is None else _("After a reader’s note.")
    rest = [note, *map(visible_links, answers or ()), kinds]
    if entry.is_revert:
        rest = [_("Reverted to this earlier text.")]
    return [_clean(sentence) for sentence in (visible_links(entry.public_note), *rest) if sentence]


def _feed_title(what):
    return _clean(f"{settings.SITE_NAME}: {what}" if settings.SITE_NAME else f"{what[0].upper()}{what[1:]}")


def _tag_uri(root, moment, name):
    """Return a tag URI (RFC 4151), which stays the same when the title or slug changes."""
    return f"tag:{urlsplit(root).hostname},{moment:%Y-%m-%d}:{name}"


def _clean(text):
    return _NO_XML.sub("\ufffd", text)
