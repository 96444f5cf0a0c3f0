"""The databases' indexes of the words to search, and which kinds of row each has."""

from dataclasses import dataclass

from articles.models import SearchEntry


@dataclass(frozen=True)
class Index:
    """What to search: SQLite's full-text table, and the table that both databases have."""

    fts: str
    table: str


NAMES = Index("articles_search_names", "articles_searchentry")
TEXTS = Index("articles_search_texts", "articles_searchentry")
SPOKEN = Index("articles_search_spoken", "articles_transcriptwindow")
OF_KIND = {
    SearchEntry.Kind.TITLE: NAMES,
    SearchEntry.Kind.HEADING: NAMES,
    SearchEntry.Kind.CLAIM: TEXTS,
    SearchEntry.Kind.TEXT: TEXTS,
}
