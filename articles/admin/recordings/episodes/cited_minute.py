"""The citations of one minute of an episode, in published texts and open revisions, with the transcript of that minute."""

from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from articles.admin.report import loading, queries
from articles.admin.shared.helpers import admin_page
from articles.core.timestamps import TimestampError, format_label, format_timestamp, parse_typed
from articles.derived.i18n import translate
from articles.models import Citation, Cue, Revision
from articles.views.http.pagination import cut

MINUTE = 60
CUES_SHOWN = 200
CITATIONS_SHOWN = 200
SECONDS_MAX = 999_999
OPEN = [Revision.Status.DRAFT, Revision.Status.SUBMITTED, Revision.Status.APPROVED]


@dataclass
class Sentence:
    """A citation with the open `revisions` that contain it; `row` is that of the published text if there is one."""

    row: loading.Row
    is_published: bool
    revisions: list = field(default_factory=list)


def seconds_of(text):
    """Return the whole seconds of `391`, `06:31`, `00:06:31` or `6m31s`, with or without brackets.

    Raises ValueError with a message.
    """
    try:
        seconds = parse_typed(text)
        if seconds > SECONDS_MAX:
            raise TimestampError(gettext("“%(text)s” is longer than any recording.") % {"text": text})
        return seconds
    except TimestampError as error:
        raise ValueError(
            gettext("%(error)s Enter a timestamp as 00:06:31 or in seconds.") % {"error": error}
        ) from error


def sentences(episode, start, end):
    """Return (a `Sentence` for each claim that cites [start, end) seconds of the episode, in time order, is_cut).

    The same sentence at the same timestamp in several revisions of an article is one entry. Five queries; `is_cut` says
    that there are more than `CITATIONS_SHOWN` citations, of which only the first are read.
    """
    begins = Q(start_seconds__gte=start, start_seconds__lt=end)
    reaches = Q(start_seconds__lt=start, end_seconds__gt=start)
    is_open = Q(revision__status__in=OPEN, revision__published_for=None)
    cited = Citation.objects.filter(begins | reaches, Q(is_public=True) | is_open, episode=episode)
    ordered = loading.with_related(cited).order_by("start_seconds", "-is_public", "revision_id", "position")
    by_claim = {}
    cited = cut(ordered, CITATIONS_SHOWN)
    for row in loading.rows(cited.rows):
        citation = row.citation
        key = citation.revision.article_id, citation.claim_key
        sentence = by_claim.setdefault(key, Sentence(row, citation.is_public))
        if not citation.is_public:
            sentence.revisions.append(citation.revision)
    return list(by_claim.values()), cited.last is not None


def cues_between(episode, start, end):
    """Return the cues of [start, end) seconds, each with its `label` and the `href` of the recording, if any; one query."""
    cues = list(
        Cue.objects.filter(episode=episode, start_seconds__lt=end, end_seconds__gt=start, start_seconds__gte=start - MINUTE)
        .order_by("start_seconds", "pk")[:CUES_SHOWN]
    )  # fmt: skip
    for cue in cues:
        cue.label = format_label(int(cue.start_seconds))
        cue.href = episode.link_at(int(cue.start_seconds)) if episode.can_be_heard else ""
    return cues


class CitedMinuteMixin:
    """A page of the episode admin. Only for editors, because it shows unpublished texts and transcripts."""

    @method_decorator(require_safe)
    def moment_view(self, request, pk):
        episode = self.episode_for_editor(request, pk)
        timestamp, problem, seconds = request.GET.get("t", ""), "", None
        if timestamp:
            try:
                seconds = seconds_of(timestamp)
            except ValueError as error:
                problem = translate(error)
        context = {
            "opts": self.opts,
            "title": gettext("Citations at this time"),
            "episode": episode,
            "timestamp": timestamp,
            "problem": problem,
            "has_timestamp": seconds is not None,
        }
        if seconds is not None:
            start = seconds // MINUTE * MINUTE
            end = start + MINUTE
            cited, is_cut = sentences(episode, start, end)
            length = episode.length_seconds
            context |= {
                "start": start,
                "end": end,
                "timestamp": format_timestamp(seconds),
                "is_past_end": length is not None and seconds > length,
                "chapter": episode.chapter_title_at(seconds),
                "previous": start - MINUTE if start else None,
                "next": end if length is None or end < length else None,
                "sentences": cited,
                "report_from": queries.place_in_address([episode.pk, start, 0]) if is_cut else "",
                "cues": cues_between(episode, start, end),
            }
        return admin_page(request, "admin/articles/recordings/cited_minute.html", context)
