"""The citations of a new text with what was found for them, and the claims that can be confirmed."""

from dataclasses import replace

from django.db.models import prefetch_related_objects

from articles.admin.evidence.title_moments import by_title
from articles.views import diff as compared
from articles.views.diff import moment


def offered(citations, shown):
    """The citations that the page offers to confirm: `citations`, or the new ones of the comparison `shown`.

    Sets the `title_moments` of those of episodes without a transcript.
    """
    pairs = [pair for change in shown.changes for pair in (*change.moments, *change.kept)] if shown else []
    new = [cited.details.citation for _, cited in pairs if cited and cited.details]
    found = [*citations, *new]
    moments = by_title(found)
    for citation in found:
        citation.title_moments = moments.get(citation.pk, ())
    return found


def claims(revision, *, excerpts):
    """([citation with its `moment`], `compared.Counts`) of an entirely new text. Five queries.

    The moments include the status of their citations; `excerpts` adds transcript excerpts, which only editors may see.
    """
    [text] = compared.status.texts(revision, excerpts=excerpts)
    rows = [details.citation for details in text.details]
    episodes = {row.episode_id: row.episode for row in rows}
    prefetch_related_objects(list(episodes.values()), "chapter_set")
    for row, details in zip(rows, text.details, strict=True):
        row.episode = episodes[row.episode_id]
        cited = moment(episodes[row.episode_id], row.start_seconds, row.end_seconds, is_named=len(episodes) > 1)
        row.moment = replace(cited, details=details)
    return rows, compared.status.counts(text)
