"""Compares people's judgements of citations with the article's log: readers see what was confirmed, and editors the rest."""

from articles.core.language.shorten import shorten
from articles.core.timestamps import format_label
from articles.derived.checks import run
from articles.models import TOMBSTONE, WITHHELD, Confirmation, Dismissal, Exemption, LogEntry

Action = LogEntry.Action
QUOTE = 80  # maximum characters of a claim in the log
# What is logged when each is made, and when it is taken back.
LOGGED_AS = {
    Confirmation: (Action.HEARD, Action.HEARD_TAKEN_BACK),
    Dismissal: (Action.DISMISSED, Action.DISMISSAL_TAKEN_BACK),
    Exemption: (Action.EXEMPTED, Action.EXEMPTION_TAKEN_BACK),
}


def quoted(text):
    """Return a text as notes of log entries quote it."""
    text = " ".join(text.split())
    return f"“{shorten(text, QUOTE)}”"


def heard(confirmation):
    """Return the note of the log entry of a `Confirmation`."""
    return f"{format_label(confirmation.start_seconds)} {quoted(confirmation.claim)}"


def contradiction(article, entries):
    """Return the first contradiction between judgements and log as (place, reason), or None."""
    for model, (made, taken_back) in LOGGED_AS.items():
        place = str(model._meta.verbose_name_plural)
        rows = list(model._base_manager.filter(article=article).order_by("at", "pk"))
        logged = [entry for entry in entries if entry.action == made]
        if len(rows) != len(logged):
            return place, f"there are {len(rows)}, but the log says {len(logged)}"
        for row, entry in zip(rows, logged, strict=True):
            if not _is_by(row, entry) or not _says(row, entry):
                return place, f"what {entry.by_name} did (log entry {entry.number}) isn’t what is stored"
        # An earlier version withdrew some without anybody's name, and without an entry.
        withdrawn = sum(row.withdrawn_at is not None and row.withdrawn_by_name != "" for row in rows)
        if withdrawn != sum(entry.action == taken_back for entry in entries):
            return place, "the log doesn’t say which were withdrawn"
    return None


def _is_by(row, entry):
    is_same_name = row.by_name == entry.by_name or WITHHELD in {row.by_name, entry.by_name}
    return row.by_id in {None, entry.account} and is_same_name


def _says(row, entry):
    """Whether a confirmation is of the claim that was logged; what was erased can't be compared."""
    if not isinstance(row, Confirmation) or TOMBSTONE in {row.claim, entry.note}:
        return True
    key = run.claim_key(row.episode, row.start_seconds, row.end_seconds, row.claim)
    return row.claim_key == key and entry.note == heard(row)
