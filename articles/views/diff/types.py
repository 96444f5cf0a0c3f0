"""What a page shows of a comparison."""

from dataclasses import dataclass, field

from django.utils.translation import gettext

from articles.core.diff import new_text, old_text

from .status import Counts, StatusDetails


@dataclass(frozen=True)
class Moment:
    """A cited moment that can be heard; `href` is "" where its source is not known.

    `stands` is how the citation stands there, None where nobody asked.
    """

    label: str
    iso: str
    href: str
    chapter: str
    episode: str
    stands: StatusDetails | None = None


@dataclass
class ShownChange:
    """`tags` pairs a word with whether it warns; `moments` the moment before with that after, None where absent.

    `kept` are such pairs for moments that stayed while the claim before them changed.
    `quote` is the sentence as it would stand, or stood; `needs` maps the ids of new sources that it cites to their keys.
    A page that lets them be accepted sets `is_ticked`, one that lets them be discussed `threads`.
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
    is_ticked: bool = False
    threads: list = field(default_factory=list)

    @property
    def weight(self):
        """How much the worst of what was found at its new moments weighs; 0 without one."""
        after = [new.stands for _, new in [*self.moments, *self.kept] if new and new.stands]
        return max((stands.weight for stands in after), default=0)

    @property
    def place(self):
        """What the form of a comment calls it."""
        return f"change:{self.id}"


@dataclass
class ShownSection:
    """A section of the comparison; `parts` pairs runs with the number of unchanged sentences if they are folded, else 0."""

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
    def place(self):
        """What the form of a comment calls it."""
        return f"section:{self.key}"


@dataclass(frozen=True)
class Fold:
    """Unchanged sections that follow each other."""

    sections: list


@dataclass(frozen=True)
class Shown:
    """The new text beside the old one. `tally` pairs a word with a number, in the order of risk.

    `counts` is how the citations stand before and after, None where nobody asked.
    """

    changes: list
    sections: list
    tally: list
    is_coarse: bool
    note: str = ""
    counts: Counts | None = None
