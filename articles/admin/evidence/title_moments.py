"""Chapters to whose start a citation may be moved, because their titles fit its claim, where there is no transcript."""

from dataclasses import dataclass

from articles.core.lint.chapter_titles import Titles, looks_english
from articles.core.timestamps import format_label
from articles.derived.checks.lint_results import source_of

from .suggestions import chapters_like


@dataclass(frozen=True)
class TitleMoment:
    """The start of a chapter, in seconds, with its label, title and link."""

    seconds: int
    label: str
    chapter: str
    href: str


def by_title(citations):
    """Return {primary key: its `TitleMoment`s, the best first} of those `citations` whose episodes have no transcript.

    No queries: the episodes come with their chapters.
    """
    silent = [citation for citation in citations if not citation.episode.transcript_digest]
    claims, titles = {}, {}
    for citation in silent:
        claims.setdefault(citation.revision_id, []).append(citation.claim)
    is_english = {revision: looks_english(" ".join(texts)) for revision, texts in claims.items()}
    for citation in silent:
        key = citation.revision_id, citation.episode_id
        if key not in titles:
            titles[key] = Titles(source_of(citation.episode), is_english=is_english[citation.revision_id])
    return {
        citation.pk: [
            TitleMoment(start, format_label(start), chapter.title, citation.episode.link_at(start))
            for chapter in chapters_like(
                titles[citation.revision_id, citation.episode_id], citation.claim, citation.start_seconds
            )
            for start in [chapter.start_seconds]
        ]
        for citation in silent
    }
