"""The three forms of a feed: Atom (RFC 4287), RSS 2.0 and JSON Feed 1.1."""

import json
from datetime import UTC, datetime

from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed, rfc3339_date

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Steady(SyndicationFeed):
    """A feed that says the same as long as nothing changes: an empty one would be as new as the clock."""

    def latest_post_date(self):
        return super().latest_post_date() if self.items else _NEVER


class Atom(Steady, Atom1Feed):
    """Titles are plain text, as RFC 4287 has it where no type is named."""

    label = "Atom"

    def item_attributes(self, item):
        """The language of an entry where it is another one than the feed's (RFC 4287, 2)."""
        return super().item_attributes(item) | ({"xml:lang": item["language"]} if item["language"] else {})


class Rss(Steady, Rss201rev2Feed):
    """RSS does not say whether a title is text or HTML, and readers differ: no title here can open a tag."""

    label = "RSS"

    def __init__(self, title, *args, **kwargs):
        super().__init__(_tagless(title), *args, **kwargs)

    def add_item(self, title, *args, **kwargs):
        super().add_item(_tagless(title), *args, **kwargs)

    def add_item_elements(self, handler, item):
        """RSS itself has a language for the channel alone; that of an item is Dublin Core's, as its module says."""
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
        }
        return {key: part for key, part in value.items() if part}


FORMS = {"atom": Atom, "rss": Rss, "json": Json}


def _tagless(title):
    return title.replace("<", "&lt;").replace(">", "&gt;")
