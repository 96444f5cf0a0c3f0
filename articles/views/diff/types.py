"""Values that a page shows of a comparison."""

from dataclasses import dataclass, field

from django.core.paginator import Paginator
from django.utils.translation import gettext

from articles.core.revisions.diff import Run, new_text, old_text

from .status import Counts, StatusDetails

CHANGES_PER_PAGE = 150


@dataclass(frozen=True, slots=True)
class MovedRun(Run):
    """A run of a sentence that moved, in the full text: `place` is "away" where it was, "here" where it is now.

    `op` says what became of it on the way: equal, or deleted, such as a citation that was lost. `is_first` is the run
    that the page labels.
    """

    place: str = ""
    is_first: bool = False


@dataclass(frozen=True)
class Moment:
    """A cited moment with a link to play it; `href` is "" if its source is unknown.

    `details` are the status of its citation, None if statuses weren't requested.
    """

    label: str
    iso: str
    href: str
    chapter: str
    episode: str
    details: StatusDetails | None = None


@dataclass
class ShownChange:
    """One change, as displayed.

    `tags` are pairs (label, is_warning); `moments` pairs (old, new), either of which can be None. `kept` are such pairs
    for moments that stayed while their claim changed. `quote` is the new sentence, or the old one if it was removed;
    `needs` maps the ids of changes that add a cited source to the source's key; `note_part` is what it contributes to the
    suggested public note (`diff.note_part`). Pages where changes can be accepted set
    `is_ticked`, and pages where they can be discussed `threads`.
    """

    tags: list
    where: str
    remark: str
    runs: list
    moments: list
    kept: list = field(default_factory=list)
    id: str = ""
    section_key: str = ""
    quote: str = ""
    needs: dict = field(default_factory=dict)
    note_part: str = ""
    is_ticked: bool = False
    threads: list = field(default_factory=list)

    @property
    def weight(self):
        """The risk weight of the riskiest citation at its new moments, 0 if there are none."""
        after = [new.details for _, new in [*self.moments, *self.kept] if new and new.details]
        return max((details.weight for details in after), default=0)

    @property
    def anchor(self):
        return f"change-{self.id}"

    @property
    def comment_target(self):
        """The value for this in the “place” of comment forms."""
        return f"change:{self.id}"


@dataclass
class ShownSection:
    """A section of the comparison; `parts` are pairs (runs, number of folded unchanged sentences or 0)."""

    heading: list
    status: str
    is_moved: bool
    parts: list
    key: str = ""
    change_ids: tuple = ()
    remark: str = ""
    threads: list = field(default_factory=list)

    @property
    def name(self):
        return new_text(self.heading) or old_text(self.heading) or gettext("Lead")

    @property
    def comment_target(self):
        """The value for this in the “place” of comment forms."""
        return f"section:{self.key}"


@dataclass(frozen=True)
class Fold:
    """Adjacent unchanged sections."""

    sections: list


@dataclass(frozen=True)
class Shown:
    """A comparison of an old and a new text. `tally` are pairs (kind of change, count), riskiest first.

    `counts` are the citation statuses before and after, None if they weren't requested.
    """

    changes: list
    sections: list
    tally: list
    is_coarse: bool
    note: str = ""
    counts: Counts | None = None

    @property
    def has_moments(self):
        """Whether a time can be played from the list of changes."""
        return any(change.moments or change.kept for change in self.changes)

    def page(self, number):
        """Return the page with this number, whatever it is, of the changes."""
        return Paginator(self.changes, CHANGES_PER_PAGE).get_page(number)
