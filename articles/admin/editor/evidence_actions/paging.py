"""Actions that open another page of the evidence panel: a numbered one, or the one with a certain claim."""

from django.utils.translation import gettext

from articles.admin.evidence.claims import Claim, Uncited

from .base import CHANGED, EvidenceAction, Refused


class ShowPage(EvidenceAction):
    """Open a page of the panel at its first claim, or at the first one of the group with the id `anchor`."""

    name = "page"
    is_question = True

    def run(self, number, anchor=""):
        self.form.data["evidence_page"] = number
        self.outcome.read_again()
        panel = self.outcome.reading.panel
        shown = [(group, item) for group in panel.groups for item in [*group.shown, *group.shown_dismissed]]
        wanted = [item.id for group, item in shown if group.card.evidence_anchor == anchor]
        self.outcome.anchor = next(iter(wanted or [item.id for _, item in shown]), anchor)
        return gettext("Page %(number)s of %(total)s") % {"number": panel.page, "total": panel.page_count}


class ShowItem(ShowPage):
    """Open the page with the item of this id."""

    name = "item"

    def run(self, *arguments):
        item = self.wanted(*arguments)
        message = super().run(str(self.panel.page_of(item)))
        self.outcome.anchor = item.id
        return message

    def wanted(self, name):
        """Return the panel's item. Raises `Refused`."""
        return _first(item for item in self.panel.items if item.id == name)

    def claims_of(self, field):
        return [item for item in self.panel.items if isinstance(item, Claim | Uncited) and item.place.field == field]


class ShowAtCursor(ShowItem):
    """Open the page with the claim at an offset (in characters): a sentence without a citation, or the next mark."""

    name = "cursor"

    def wanted(self, field, offset):
        cursor = int(offset)
        claims = self.claims_of(field)
        if not claims:
            raise Refused(gettext("No claims in this text yet."))
        uncited = (item for item in claims if isinstance(item, Uncited) and item.place.offset <= cursor <= _end(item))
        cited = (item for item in claims if isinstance(item, Claim) and _end(item) >= cursor)
        return next(uncited, None) or next(cited, None) or claims[-1]


class ShowCitation(ShowItem):
    """Open the page with a field's citation of a moment (in seconds): number `index` (from 0) of those of this moment."""

    name = "citation"

    def wanted(self, field, start_seconds, index):
        claims = [item for item in self.claims_of(field) if isinstance(item, Claim)]
        same = [item for item in claims if item.start_seconds == int(start_seconds)]
        return _first(same[int(index) :] or same)


ACTIONS = (ShowPage, ShowItem, ShowAtCursor, ShowCitation)


def _end(item):
    return item.place.offset + item.place.length


def _first(items):
    for item in items:
        return item
    raise Refused(CHANGED)
