"""Withholding a person's name among those who are heard in recordings."""

from articles.models import Cue, Episode, RecordingChange, Show, Transcript
from articles.workflow.history import rows
from articles.workflow.recordings import rename_file, rename_speakers, save_episode, save_show

NAMED = {"people", "speaker", "file_name"}  # the texts in what is recorded of changes that name people
ROWS = {"lines", "cues"}  # the lists of [start, end, speaker, text]


def withhold(mentions, by):
    """Replace the names in what shows and episodes say of people, transcripts of speakers, and records of changes.

    `mentions` are the names' `Mentions`. What is said in a recording stays. Returns how many rows changed.
    """
    recorded_last = [_in_people, _in_speakers, _in_file_names, _in_records]  # what the others do is recorded, too
    return sum(withhold_in(mentions, by) for withhold_in in recorded_last)


def _in_people(mentions, by):
    changed = 0
    for model, save in ((Show, save_show), (Episode, save_episode)):
        for row in model._base_manager.exclude(people=""):
            withheld = mentions.withheld(row.people)
            if withheld != row.people:
                row.people = withheld
                save(row, ["people"], by=by, at_once=True)
                changed += 1
    return changed


def _in_speakers(mentions, by):
    changed = 0
    longest = Cue._meta.get_field("speaker").max_length
    names = Cue.objects.exclude(speaker="").order_by().values_list("speaker", flat=True).distinct()
    withheld = {name: mentions.withheld(name, longest) for name in names}
    renamed = {name: new for name, new in withheld.items() if name != new}
    for episode in Episode.objects.filter(cue__speaker__in=renamed).distinct():
        changed += rename_speakers(episode, renamed, by=by)
    return changed


def _in_file_names(mentions, _by):
    changed = 0
    for transcript in Transcript.objects.exclude(file_name=""):
        withheld = mentions.withheld(transcript.file_name, Transcript._meta.get_field("file_name").max_length)
        if withheld != transcript.file_name:
            rename_file(transcript, withheld)
            changed += 1
    return changed


def _in_records(mentions, _by):
    changed = 0
    for change in RecordingChange._base_manager.order_by("pk").iterator(chunk_size=50):
        columns = {name: getattr(change, name) for name in ("before", "after", "cues")}
        columns["cues"] = {"cues": columns["cues"]}
        withheld = {name: _without_names(mentions, value) for name, value in columns.items()}
        if withheld != columns:
            withheld["cues"] = withheld["cues"]["cues"]
            with rows.recorded(RecordingChange, [change.pk]):
                changed += RecordingChange._base_manager.filter(pk=change.pk).update(**withheld)
    return changed


def _without_names(mentions, value):
    """Return plain data, as `RecordingChange` keeps it, with the names replaced in the texts that name people."""
    if isinstance(value, list):
        return [_without_names(mentions, one) for one in value]
    if not isinstance(value, dict):
        return value
    return {key: _named(mentions, key, one) for key, one in value.items()}


def _named(mentions, key, value):
    if key in NAMED and isinstance(value, str):
        return mentions.withheld(value)
    if key == "original":  # of a corrected cue
        speaker, text = value
        return [mentions.withheld(speaker), text]
    if key in ROWS and value:
        return [[start, end, mentions.withheld(speaker), text] for start, end, speaker, text in value]
    return _without_names(mentions, value)
