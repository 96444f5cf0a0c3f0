"""Lists what an import changed of recordings that texts in review, approved or published cite, for its report."""

from articles.core.parsing.numbers import counted
from articles.models import RecordingChange
from articles.workflow.content.recordings import part_label

SHOWN = 40


def newest_change() -> int:
    """Return the primary key of the newest recorded change, 0 if there is none."""
    return RecordingChange.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def visible_changes(before: int) -> list[str]:
    """Return lines about what commands changed after the change with the primary key `before`, for readers to see."""
    changes = RecordingChange.objects.filter(pk__gt=before, is_command=True, is_visible=True, is_cited=True)
    count = changes.count()
    if not count:
        return []
    lines = [f"Changed at once what readers or reviewers see of {counted(count, 'cited recording')}:"]
    lines += [
        f"  {change.reference}: {', '.join(map(part_label, change.after))}"
        for change in changes.defer("cues").order_by("pk")[:SHOWN]
    ]
    return [
        *lines,
        *([f"  … and {count - SHOWN} more; see “Recording changes” in the admin."] if count > SHOWN else []),
    ]
