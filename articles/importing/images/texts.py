"""Stores the images of texts as uploads and puts their addresses in the texts."""

from dataclasses import replace

from articles.core.formats import FileProblem, place_of
from articles.core.formats import with_own_images as with_addresses


def with_own_images(text, keep):
    """Return a text with uploads for its images from elsewhere, and the reasons why some weren't stored, without duplicates."""
    refused = {}

    def report(offset, shown, reason, code):
        if code == "image-refused":
            refused[reason] = True

    return with_addresses(text, (), keep, report).text, list(refused)


def article_with_own_images(article, keep):
    """Return the article with uploads for the images of its texts that come from elsewhere, and its problems."""
    problems = []

    def stored(text, places):
        def report(offset, shown, reason, code):
            problems.append(FileProblem(*place_of(places, text, offset), shown, reason, code))

        kept = with_addresses(text, places, keep, report)
        return kept.text, kept.places

    lead, lead_places = stored(article.lead, article.lead_places)
    sections = []
    for section in article.sections:
        body, places = stored(section.body, section.places)
        heading, _ = stored(section.heading, (section.heading_place,))
        sections.append(replace(section, heading=heading, body=body, places=places))
    return replace(
        article,
        lead=lead,
        lead_places=lead_places,
        sections=tuple(sections),
        problems=(*article.problems, *problems),
    )
