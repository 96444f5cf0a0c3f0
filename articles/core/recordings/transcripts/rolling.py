"""Takes apart rolling captions, in which each cue repeats what the one before has shown."""

from articles.core.language.messages import lazy_message

from .types import RawCue, TranscriptProblem, problem, shift_text

_ENOUGH = 4  # repeats that make a file a rolling one: people do say a short line twice


def unroll(cues: list[RawCue]) -> tuple[list[RawCue], list[TranscriptProblem]]:
    """Return the cues with what each repeats of the one before cut off, and one problem that counts this.

    A file is rolling if more than a quarter of its cues begin with the end, three words or more, of the
    text before. Others are returned as they are.
    """
    repeats = [0] * len(cues)
    for index in range(1, len(cues)):
        before, after = cues[index - 1].text.split(), cues[index].text.split()
        repeats[index] = _overlap(before, after)
    count = sum(repeat > 0 for repeat in repeats)
    if count < _ENOUGH or count * 4 <= len(cues):
        return cues, []
    kept: list[RawCue] = []
    for cue, repeat in zip(cues, repeats, strict=True):
        text = " ".join(cue.text.split()[repeat:])
        if text:
            kept.append(shift_text(cue, text))
    first = cues[next(index for index, repeat in enumerate(repeats) if repeat)]
    reason = lazy_message(
        "%(count)s cues, this one first, repeat the end of the one before: the repeated words are left out.",
        count=count,
    )
    return kept, [problem(first.line, first.number, first.text, reason)]


def _overlap(before: list[str], after: list[str]) -> int:
    for length in range(min(len(before), len(after), 40), 2, -1):
        if before[-length:] == after[:length]:
            return length
    return 0
