"""The texts of an article, its evidence panel, and the buttons there."""

from django.urls import reverse

from articles.workflow.content import SectionContent
from tests.admin.editor.screen.addresses import change_url, sent_back
from tests.support.scenarios.evidence_panel import claims_in

BLOCKS = "First of all it is an antagonist: it blocks the NMDA receptor [00:09:01]."
RAISES = "Against expectation that blockade raises neuroplasticity, and mood improves with it."
TRIED = "It has been tried in bipolar depression, in obsessive compulsive disorder and for anxiety [00:28:36]."
GROWN = "Its use in clinics has grown a lot over the last decade [00:06:31]."
SECTIONS = (
    SectionContent("How it works", f"{BLOCKS} {RAISES}"),
    SectionContent("Uses", f"{TRIED}\n\n{GROWN}"),
)


def panel_of(response):
    return response.context["reading"].panel


def claim_of(response, start):
    return next(one for one in claims_in(panel_of(response)) if one.text.startswith(start))


def sentence_of(response, start):
    found = [one for group in panel_of(response).groups for one in group.uncited if one.text.startswith(start)]
    return found[0]


def press(client, page, action, article=None, **changes):
    """Send the form of `page` as it is, with `changes`, by the button with this value."""
    address = change_url(article) if article else reverse("admin:articles_article_add")
    return client.post(address, sent_back(page, **changes) | {"_evidence": action})
