"""What links to an article: the page that lists all of them, and the card shown at a link."""

from django.core.paginator import Paginator
from django.db.models import F, FilteredRelation, Q
from django.template.loader import render_to_string
from django.utils.text import get_text_list
from django.utils.translation import gettext

from articles.derived.pages import related
from articles.derived.reviews import reviewers
from articles.models import Rendering, Review
from articles.views.base import published_or_redirect
from articles.views.http import origin, public_page, public_view, respond


def _preview_values(slug):
    """Return the values for the preview of a published article as a dict, or None, in one query with the last review, one more if it needed others."""
    if "\0" in slug:
        return None
    review = FilteredRelation("revision__review", condition=Q(revision__review__decision__in=reviewers.FOUND_RIGHT))
    rows = Rendering.objects.filter(revision__published_for__slug=slug).annotate(found_right=review)
    values = (
        rows.order_by(F("found_right__pk").desc(nulls_last=True))
        .values(
            "partial_review",
            title=F("revision__title"),
            language=F("revision__language"),
            notice=F("revision__notice"),
            citation_count=F("revision__citation_count"),
            lead=F("lead_text"),
            by_name=F("found_right__by_name"),
            reviewed_at=F("found_right__at"),
            is_override=F("found_right__is_override"),
            requirement=F("found_right__requirement"),
        )
        .first()
    )
    if values and (others := (values.pop("requirement") or {}).get("with")):
        names = Review.objects.filter(pk__in=others).order_by("pk").values_list("by_name", flat=True)
        values["by_name"] = get_text_list([*names, values["by_name"]], gettext("and"))
    return values


@public_view
@published_or_redirect(_preview_values)
def article_preview(request, values):
    """The HTML fragment for a link's preview card, hidden from search engines."""
    html = render_to_string("articles/parts/article/_preview.html", values).strip()
    return respond(html, "text/html; charset=utf-8", headers={"X-Robots-Tag": "noindex"})


PER_PAGE = 60


@public_view(parameters=("page",))
@published_or_redirect()
def links_here(request, article):
    links = Paginator(related.linking_to(article), PER_PAGE).get_page(request.GET.get("page"))
    entries = related.entries(links.object_list)
    return public_page(
        "articles/pages/article/links_here.html",
        article=article,
        revision=article.published_revision,
        links=links,
        entries=[entries[pk] for pk in links if pk in entries],
        root=origin(request),
    )
