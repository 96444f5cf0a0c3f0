"""Correction requests that have been received, and their pages for moderators."""

from django.urls import reverse

from articles.workflow.collaboration import correction_requests
from articles.workflow.content import SectionContent

TEXT = "At 06:31 he speaks of something else."
SECTIONS = (
    SectionContent("Why we sleep", "The brain clears waste at night [00:06:31]. It settles memory [00:08:44]."),
    SectionContent("What helps", "Regular hours help."),
)


def received(article, **changes):
    values = {"sender": "a", "text": TEXT, "claim": "The brain clears waste at night."} | changes
    section = article.published_revision.section_set.first()
    return correction_requests.receive(article.published_revision, section=section, **values)


def page_of(correction_request, name="change"):
    return reverse(f"admin:articles_correctionrequest_{name}", args=[correction_request.pk])
