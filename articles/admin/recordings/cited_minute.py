"""What cites a minute of an episode: every sentence, in published and in open texts, and what is said there."""

from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from articles.admin.report import queries
from articles.core.timestamps import TimestampError, format_label, format_timestamp, parse_timestamp
from articles.derived.i18n import translate
from articles.models import Citation, Cue, Revision

MINUTE = 60
CUES_SHOWN = 200
OPEN = [Revision.Status.DRAFT, Revision.Status.SUBMITTED, Revision.Status.APPROVED]


@dataclass
class Sentence:
    """A citation with the texts it stands in; `row` is that of the published one where there is one."""

    row: queries.Row
    is_published: bool
    revisions: list = field(default_factory=list)


def seconds_of(text):
    """Seconds from `391`, `06:31` or `00:06:31`, brackets allowed; raises ValueError in words."""
    text = text.strip().strip("[]")
    if text.isdecimal() and len(text) < 7:
        return int(text)
    try:
        return parse_timestamp(text)
    except TimestampError as error:
        raise ValueError(gettext("%(error)s Write the moment as 00:06:31 or in seconds.") % {"error": error}) from error


def sentences(episode, start, end):
    """A `Sentence` for each claim that cites [start, end) of the episode, in time order: five queries, whatever comes.

    The same sentence at the same moment in several texts of one article is one entry.
    """
    begins = Q(start_seconds__gte=start, start_seconds__lt=end)
    reaches = Q(start_seconds__lt=start, end_seconds__gt=start)
    is_open = Q(revision__status__in=OPEN, revision__published_for=None)
    cited = Citation.objects.filter(begins | reaches, Q(is_public=True) | is_open, episode=episode)
    cited = cited.select_related("finding", "episode__show", "revision__article", "section")
    cited = cited.prefetch_related("episode__chapter_set").defer(
        "revision__lead", "section__body", "finding__candidates"
    )
    ordered = cited.order_by("start_seconds", "-is_public", "revision_id", "position")
    found = {}
    for row in queries.rows(ordered):
        citation = row.citation
        key = citation.revision.article_id, citation.claim_key
        one = found.setdefault(key, Sentence(row, citation.is_public))
        if not citation.is_public:
            one.revisions.append(citation.revision)
    return list(found.values())


def said(episode, start, end):
    """The cues of [start, end), each with its `label` and the address where it can be heard; one query."""
    cues = list(
        Cue.objects.filter(episode=episode, start_seconds__lt=end, end_seconds__gt=start, start_seconds__gte=start - MINUTE)
        .order_by("start_seconds", "pk")[:CUES_SHOWN]
    )  # fmt: skip
    for cue in cues:
        cue.label = format_label(int(cue.start_seconds))
        cue.href = episode.link_at(int(cue.start_seconds))
    return cues


class MinuteMixin:
    """A page of the episodes' admin, for who may edit: it shows unpublished texts and words of transcripts."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.moment_view)
        return [path("<int:pk>/moment/", view, name="articles_episode_moment"), *super().get_urls()]

    @method_decorator(require_safe)
    def moment_view(self, request, pk):
        if not request.user.has_perm("articles.change_revision"):
            raise PermissionDenied
        episode = self.model.objects.select_related("show").filter(pk=pk).first()
        if episode is None:
            raise Http404(gettext("No such episode."))
        asked, problem, seconds = request.GET.get("t", ""), "", None
        if asked:
            try:
                seconds = seconds_of(asked)
            except ValueError as error:
                problem = translate(error)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("What cites this minute"),
            "episode": episode,
            "asked": asked,
            "problem": problem,
            "is_asked": seconds is not None,
        }
        if seconds is not None:
            start = seconds // MINUTE * MINUTE
            end = start + MINUTE
            length = episode.duration_seconds
            context |= {
                "start": start,
                "end": end,
                "asked": format_timestamp(seconds),
                "is_past_end": length is not None and seconds > length,
                "chapter": episode.chapter_title_at(seconds),
                "previous": start - MINUTE if start else None,
                "next": end if length is None or end < length else None,
                "sentences": sentences(episode, start, end),
                "cues": said(episode, start, end),
            }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/articles/recordings/cited_minute.html", context)
