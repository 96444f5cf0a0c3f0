"""Stores the images of texts as uploads and puts their addresses in the texts."""

from dataclasses import replace

from django.utils.translation import gettext

from articles.core.formats import FileProblem, place_of
from articles.core.formats import with_own_images as with_addresses
from articles.models import Section

HEADING_MAX = Section._meta.get_field("heading").max_length


def with_own_images(text, keep, *, longest=None):
    """Return a text with uploads for its images from elsewhere, and why some weren't stored, each reason once.

    A heading that would be longer than `longest` characters stays as it is.
    """
    refused = {}

    def report(offset, shown, reason, code):
        if code == "image-refused":
            refused[reason] = True

    own = with_addresses(text, (), keep, report).text
    if longest is not None and len(own) > longest and own != text:
        return text, [*refused, _too_long(longest)]
    return own, list(refused)


def article_with_own_images(article, keep):
    """Return the article with uploads for the images of its texts that come from elsewhere, and its problems."""
    problems = []

    def stored(text, places, longest=None):
        def report(offset, shown, reason, code):
            problems.append(FileProblem(*place_of(places, text, offset), shown, reason, code))

        count = len(problems)
        kept = with_addresses(text, places, keep, report)
        if longest is not None and len(kept.text) > longest and kept.text != text:
            problems[count:] = [FileProblem(*place_of(places, text, 0), text, _too_long(longest), "image-refused")]
            return text, places
        return kept.text, kept.places

    lead, lead_places = stored(article.lead, article.lead_places)
    sections = []
    for section in article.sections:
        body, places = stored(section.body, section.places)
        heading, _ = stored(section.heading, (section.heading_place,), HEADING_MAX)
        sections.append(replace(section, heading=heading, body=body, places=places))
    return replace(
        article,
        lead=lead,
        lead_places=lead_places,
        sections=tuple(sections),
        problems=(*article.problems, *problems),
    )


def _too_long(longest):
    return gettext("The heading would have more than %(longest)s characters. Put the image into the text below it.") % {
        "longest": longest
    }
