"""What a check of integrity finds."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Finding:
    """Something that isn't as it should be: which check found it, where, what is wrong, and what to do."""

    check: str
    place: str
    problem: str
    remedy: str

    def __str__(self):
        return f"{self.place}: {self.problem}. {self.remedy}"


# What to do, by the kind of damage.
RESTORE = "Compare with a backup: nobody can have done this on the site"
STALE = "stale"  # the check that finds what an earlier version made: `rebuild --stale` makes it again
VOUCH = "Ask who wrote it outside the site; once it is as it should be, record it with `manage.py signing_key --vouch`"
REBUILD_STALE = "Run `manage.py rebuild --stale`"
REBUILD = "Run `manage.py rebuild --article {slug}`"


def stale_if(is_stale, findings):
    """Yield `findings`, as stale ones if what they are about was made by an earlier version, which explains them."""
    for finding in findings:
        yield replace(finding, check=STALE, remedy=REBUILD_STALE) if is_stale else finding
