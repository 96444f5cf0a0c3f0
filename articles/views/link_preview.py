"""What a link to an article shows before it is followed: title, lead, how much it cites, who reviewed it."""

from django.db.models import F, FilteredRelation, Q
from django.template.loader import render_to_string

from articles.models import Rendering, Review

from .base import redirect_moved
from .http import public_resource, respond

MAX_AGE = 60  # seconds: a correction is out soon
FOUND_RIGHT = [Review.Decision.APPROVED, Review.Decision.CONFIRMED]


@public_resource(MAX_AGE)
def article_preview(request, slug):
    """A fragment of HTML for the card at a link; to programs that read the site it is no page."""
    shown = _shown(slug)
    if shown is None:
        return redirect_moved(slug, "article_preview")
    html = render_to_string("articles/parts/article/_preview.html", shown).strip()
    return respond(request, html, "text/html; charset=utf-8", headers={"X-Robots-Tag": "noindex"})


def _shown(slug):
    """What is published under this slug as a dict of plain values, or None: one query, the last review with it."""
    if "\0" in slug:
        return None
    review = FilteredRelation("revision__review", condition=Q(revision__review__decision__in=FOUND_RIGHT))
    found = Rendering.objects.filter(revision__published_for__slug=slug).annotate(found_right=review)
    return (
        found.order_by(F("found_right__pk").desc(nulls_last=True))
        .values(
            title=F("revision__title"),
            language=F("revision__language"),
            citation_count=F("revision__citation_count"),
            status=F("revision__status"),
            lead=F("lead_text"),
            by_name=F("found_right__by_name"),
            reviewed_at=F("found_right__at"),
            is_override=F("found_right__is_override"),
        )
        .first()
    )
