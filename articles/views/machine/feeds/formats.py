"""The three feed formats: Atom (RFC 4287), RSS 2.0 and JSON Feed 1.1."""

import json
from datetime import UTC, datetime

from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed, rfc3339_date

# The namespace of the element with an item's place in the record of changes (docs/history.md).
RECORD = "urn:uuid:6f1b3f0e-52a7-4c0c-9a55-0d1f8f3c2b61"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Steady(SyndicationFeed):
    """A feed whose output changes only with its items; Django's would put the current time into an empty feed."""

    def latest_post_date(self):
        return super().latest_post_date() if self.items else _NEVER


class _WithRecord(Steady):
    """An XML feed whose items state their places in the record of changes."""

    def root_attributes(self):
        return super().root_attributes() | {"xmlns:record": RECORD}

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        if item["record"]:
            values = {name: str(value) for name, value in item["record"].items() if value is not None}
            handler.addQuickElement("record:head", None, values)


class Atom(_WithRecord, Atom1Feed):
    """Titles are plain text, the default type in RFC 4287."""

    label = "Atom"

    def item_attributes(self, item):
        """Add an entry's language if it differs from the feed's (RFC 4287, section 2)."""
        return super().item_attributes(item) | ({"xml:lang": item["language"]} if item["language"] else {})


class Rss(_WithRecord, Rss201rev2Feed):
    """RSS doesn't define whether titles are text or HTML, and readers differ, so titles here can't contain tags."""

    label = "RSS"

    def __init__(self, title, *args, **kwargs):
        super().__init__(_tagless(title), *args, **kwargs)

    def add_item(self, title, *args, **kwargs):
        super().add_item(_tagless(title), *args, **kwargs)

    def add_item_elements(self, handler, item):
        """Add an item's language as a Dublin Core element, since RSS itself only has one for the channel."""
        super().add_item_elements(handler, item)
        if item["language"]:
            handler.addQuickElement("dc:language", item["language"], {"xmlns:dc": "http://purl.org/dc/elements/1.1/"})


class Json(Steady):
    """JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

    label = "JSON Feed"
    content_type = "application/feed+json; charset=utf-8"

    def write(self, outfile, encoding):
        value = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.feed["title"],
            "description": self.feed["description"],
            "home_page_url": self.feed["link"],
            "feed_url": self.feed["feed_url"],
            "language": self.feed["language"],
            "authors": [{"name": self.feed["author_name"], "url": self.feed["author_link"]}],
            "items": [self._item(item) for item in self.items],
        }
        outfile.write(json.dumps(value, ensure_ascii=False, indent=1).encode(encoding))

    @staticmethod
    def _item(item):
        value = {
            "id": item["unique_id"],
            "url": item["link"],
            "title": item["title"],
            "summary": item["summary"],
            "content_html": item["description"],
            "date_published": rfc3339_date(item["pubdate"]),
            "date_modified": rfc3339_date(item["updateddate"]),
            "tags": list(item["categories"]),
            "language": item["language"],
            "_record": item["record"],
            "_article": item["review_and_notice"],
        }
        return {key: part for key, part in value.items() if part}


FORMS = {"atom": Atom, "rss": Rss, "json": Json}


def _tagless(title):
    return title.replace("<", "&lt;").replace(">", "&gt;")
