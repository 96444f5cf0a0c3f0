"""Writes cues in each transcript format, as the programs that export it do, to be read back."""

import json
from dataclasses import dataclass


@dataclass(frozen=True)
class Spoken:
    """One cue to write: whole milliseconds, a speaker, and one line of text."""

    start: int
    end: int
    speaker: str
    text: str


def clock(milliseconds, sign=".", *, hours=True, digits=3):
    seconds, rest = divmod(milliseconds, 1000)
    fields = [seconds // 3600, seconds // 60 % 60, seconds % 60]
    if not hours and not fields[0]:
        fields = fields[1:]
    fraction = f"{sign}{rest:03}"[: digits + 1] if digits else ""
    return ":".join(f"{field:02}" for field in fields) + fraction


def blocks(cues, head, line):
    return head + "\n".join(line(number, cue) for number, cue in enumerate(cues, 1))


def webvtt(cues):
    return blocks(
        cues, "WEBVTT\n\n", lambda _, c: f"{clock(c.start)} --> {clock(c.end)}\n<v {c.speaker}>{c.text}</v>\n"
    )


def zoom(cues):
    return blocks(cues, "WEBVTT\n\n", lambda n, c: f"{n}\n{clock(c.start)} --> {clock(c.end)}\n{c.speaker}: {c.text}\n")


def srt(cues):
    return blocks(cues, "", lambda n, c: f"{n}\n{clock(c.start, ',')} --> {clock(c.end, ',')}\n{c.speaker}: {c.text}\n")


def teams_arrows(cues):
    return blocks(cues, "", lambda _, c: f"{clock(c.start)} --> {clock(c.end)}\n{c.speaker}\n{c.text}\n")


def sbv(cues):
    return blocks(cues, "", lambda _, c: f"{clock(c.start)[1:]},{clock(c.end)[1:]}\n{c.speaker}: {c.text}\n")


def subviewer(cues):
    head = "[INFORMATION]\n[TITLE]Harbour\n[DELAY]0\n[END INFORMATION]\n[SUBTITLE]\n[COLF]&HFFFFFF,[SIZE]18\n"
    return blocks(
        cues, head, lambda _, c: f"{clock(c.start, digits=2)},{clock(c.end, digits=2)}\n{c.speaker}:[br]{c.text}\n"
    )


def ttml(cues):
    names = list(dict.fromkeys(cue.speaker for cue in cues))
    agents = "".join(
        f'<ttm:agent xml:id="a{index}"><ttm:name type="full">{name}</ttm:name></ttm:agent>'
        for index, name in enumerate(names)
    )
    rows = "\n".join(
        f'<p begin="{c.start}ms" end="{c.end}ms" ttm:agent="a{names.index(c.speaker)}">{c.text}</p>' for c in cues
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<tt xmlns="http://www.w3.org/ns/ttml" '
        f'xmlns:ttm="http://www.w3.org/ns/ttml#metadata"><head>{agents}</head><body><div>\n{rows}\n</div></body></tt>'
    )


def rows(key, write):
    def written(cues):
        listed = [write(cue) for cue in cues]
        value = listed
        for part in reversed(key):
            value = {part: value}
        return json.dumps(value)

    return written


JSON = {
    "podcasting-json": rows(
        ["segments"],
        lambda c: {"speaker": c.speaker, "startTime": c.start / 1000, "endTime": c.end / 1000, "body": c.text},
    ),
    "podlove-json": rows(
        ["transcripts"], lambda c: {"start_ms": c.start, "end_ms": c.end, "voice": c.speaker, "text": c.text}
    ),
    "whisper-json": rows(
        ["segments"],
        lambda c: {"start": c.start / 1000, "end": c.end / 1000, "text": f" {c.text}", "speaker": c.speaker},
    ),
    "whisper.cpp-json": rows(
        ["transcription"],
        lambda c: {"offsets": {"from": c.start, "to": c.end}, "text": f" {c.text}", "speaker": c.speaker},
    ),
    "deepgram-json": rows(
        ["results", "utterances"],
        lambda c: {"start": c.start / 1000, "end": c.end / 1000, "transcript": c.text, "speaker": c.speaker},
    ),
    "assemblyai-json": rows(
        ["utterances"], lambda c: {"start": c.start, "end": c.end, "text": c.text, "speaker": c.speaker}
    ),
}


def table(cues):
    return "start\tend\tspeaker\ttext\n" + "".join(f"{c.start}\t{c.end}\t{c.speaker}\t{c.text}\n" for c in cues)


def lines(form):
    """Return a writer of plain lines, which have only whole seconds and no end; `t` is long, `m` short (1:02)."""

    def written(cues):
        return "\n".join(
            form.format(
                t=clock(c.start, digits=0),
                m=clock(c.start, digits=0, hours=False).removeprefix("0"),
                name=c.speaker,
                text=c.text,
            )
            for c in cues
        )

    return written


TIMED = {
    "webvtt": webvtt,
    "webvtt by Zoom": zoom,
    "srt": srt,
    "srt by Teams": teams_arrows,
    "sbv": sbv,
    "subviewer": subviewer,
    "ttml": ttml,
    "table": table,
    **JSON,
}
PLAIN = {
    "Otter": lines("{name}  {m}  \n{text}\n"),
    "Rev": lines("{name} ({t}):\n{text}\n"),
    "Descript": lines("[{t}] {name}: {text}\n"),
    "Descript, Markdown": lines("**[{t}]** **{name}:** {text}\n"),
    "Riverside": lines("{name} ({m})\n{text}\n"),
    "Teams, Word": lines("{name}   {m}\n{text}\n"),
    "Zoom, saved": lines("[{name}] {t}\n{text}\n"),
    "Happy Scribe": lines("[{t}] - {name}\n{text}\n"),
    "name above the time": lines("{name}\n{t}\n{text}\n"),
    "time above the name": lines("{t}\n{name}\n{text}\n"),
    "columns": lines("{t}\t{name}\t{text}"),
    "Markdown table": lines("| {t} | {name} | {text} |"),
    "list": lines("- {t} {name}: {text}"),
    "parentheses": lines("({m}) {name}: {text}"),
}
