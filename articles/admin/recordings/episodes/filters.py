"""Filters of the list of episodes."""

from django.utils.translation import gettext_lazy

from articles.admin.shared.base import ConditionFilter


class GapFilter(ConditionFilter):
    title = gettext_lazy("missing details")
    parameter_name = "lacks"
    conditions = {
        "length": (gettext_lazy("no length"), {"duration_seconds": None}),
        "chapters": (gettext_lazy("no chapters"), {"chapter": None}),
        "recording": (gettext_lazy("no video or audio"), {"youtube_id": "", "audio_url": ""}),
    }


class CitedFilter(ConditionFilter):
    title = gettext_lazy("citations")
    parameter_name = "cited"
    conditions = {
        "yes": (gettext_lazy("cited by a published article"), {"citations__gt": 0}),
        "no": (gettext_lazy("not cited yet"), {"citations": 0}),
    }
