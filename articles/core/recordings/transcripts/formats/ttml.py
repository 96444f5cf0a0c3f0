"""Reads TTML and DFXP (W3C Timed Text Markup Language), and YouTube's XML captions."""

import re
from dataclasses import dataclass
from fractions import Fraction

from articles.core.language.messages import lazy_message
from articles.core.recordings.transcripts.captions.cue_text import plain_text
from articles.core.timestamps import Form, TimestampError, parse_time

from ..parsed import Parsed, Source, number_seconds, skipped_without_text
from ..types import RawCue
from .types import CERTAIN, TranscriptFormat
from .xml_nodes import Node, parse_xml

_ROOT = re.compile(r"<(?:[\w.-]+:)?(tt|transcript|timedtext)[\s>/]")
_SUBFRAMES = re.compile(r"(?<=:[0-9]{2}:[0-9]{2}:[0-9]{2})\.[0-9]+")
_OFFSET = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,9})?)(ms|f|t)")


def _root_name(source: Source) -> str:
    if not source.text.lstrip().startswith("<"):
        return ""
    match = _ROOT.search(source.text[:4000])
    return match[1] if match else ""


def score_ttml(source: Source) -> float:
    """Score a file whose root is `tt`."""
    return CERTAIN if _root_name(source) == "tt" else 0.0


def score_youtube(source: Source) -> float:
    """Score a file whose root is YouTube's `transcript` or `timedtext`."""
    return CERTAIN if _root_name(source) in ("transcript", "timedtext") else 0.0


@dataclass
class _Clock:
    """The units of a TTML file's times, per second."""

    frame_rate: Fraction
    tick_rate: Fraction

    @classmethod
    def of(cls, root: Node) -> "_Clock":
        frames = _positive(root.attributes.get("frameRate", "")) or Fraction(30)
        over, _, under = root.attributes.get("frameRateMultiplier", "1 1").replace(":", " ").partition(" ")
        frames *= (_positive(over) or 1) / (_positive(under) or Fraction(1))
        ticks = _positive(root.attributes.get("tickRate", ""))
        has_frames = "frameRate" in root.attributes
        return cls(
            frames,
            ticks
            or (frames * (_positive(root.attributes.get("subFrameRate", "")) or 1) if has_frames else Fraction(1)),
        )

    def seconds(self, parsed: Parsed, node: Node, written: str) -> float | None:
        """Return the seconds of a TTML time expression (TTML2, 12.3.1), None if it is none."""
        written = written.strip()
        if offset := _OFFSET.fullmatch(written):
            per_second = {"ms": Fraction(1000), "f": self.frame_rate, "t": self.tick_rate}[offset[2]]
            return float(Fraction(offset[1]) / per_second)
        if ":" in written:
            return parsed.time(node.line, len(parsed.cues) + 1, _SUBFRAMES.sub("", written))
        try:
            return parse_time(written, Form.UNITS | Form.SECONDS).seconds  # Apple's have no unit
        except TimestampError:
            return None


def _positive(text: str) -> Fraction | None:
    match = re.fullmatch(r"[0-9]{1,9}(?:\.[0-9]{1,6})?", text.strip())
    value = Fraction(match[0]) if match else Fraction(0)
    return value or None


def read_ttml(source: Source) -> Parsed:
    """Read TTML. Raises TranscriptError if it isn't well-formed.

    Times of an element count from the start of the element around it. Agents in the head are the speakers' names.
    """
    root = parse_xml(source.text)
    parsed = Parsed("ttml", language=root.attributes.get("lang", "")[:20])
    names = {
        agent.attributes.get("id", ""): plain_text(" ".join(name.text() for name in agent.find_all("name")))
        for agent in root.find_all("agent")
    }
    clock = _Clock.of(root)
    for body in [child for child in root.children() if child.name == "body"]:
        _read_timed(parsed, clock, body, 0.0, None, "", names)
    return parsed


def _read_timed(
    parsed: Parsed, clock: _Clock, node: Node, offset: float, limit: float | None, speaker: str, names: dict[str, str]
) -> float | None:
    """Read an element and those inside; return its end in seconds, None if the file doesn't say it."""
    agent = node.attributes.get("agent", "")
    speaker = ", ".join(names.get(key) or key for key in agent.split()) or speaker
    start, end = offset, limit
    if "begin" in node.attributes:
        begin = clock.seconds(parsed, node, node.attributes["begin"])
        if begin is None:
            _skip(parsed, node, lazy_message("The cue has no valid start time and was skipped."))
            return None
        start = offset + begin
    if "end" in node.attributes or "dur" in node.attributes:
        key, origin = ("end", offset) if "end" in node.attributes else ("dur", start)
        length = clock.seconds(parsed, node, node.attributes[key])
        if length is None:
            reason = lazy_message("The end of the cue isn’t a valid time and was ignored.")
            parsed.note(node.line, len(parsed.cues) + 1, node.attributes[key], reason)
        end = None if length is None else origin + length
    is_timed = "begin" in node.attributes or "end" in node.attributes or "dur" in node.attributes
    inner = [child for name in ("p", "span", "div") for child in node.find_all(name) if child is not node]
    has_inner_times = any("begin" in child.attributes for child in inner if child.name != "span")
    has_inner_times |= any("begin" in child.attributes for child in inner) and (not is_timed or _has_phrases(node))
    if node.name in ("p", "span") and not has_inner_times:
        _add(parsed, node, start, end, speaker, is_timed=is_timed or (bool(start) and limit is not None))
        return end
    is_sequence = node.attributes.get("timeContainer") == "seq"
    for child in node.content:
        if isinstance(child, str):
            if child.strip():
                parsed.skip(node.line, 0, child, lazy_message("Text without a time was skipped."))
        elif child.name in ("p", "span", "div"):
            until = _read_timed(parsed, clock, child, start, end, speaker, names)
            start = until if is_sequence and until is not None else start  # one after the other
        elif child.name not in ("metadata", "set", "br", "head") and child.text().strip():
            _skip(parsed, child, lazy_message("Text without a time was skipped."))
    return start if is_sequence else end


def _has_phrases(node: Node) -> bool:
    """Tell whether an element consists of timed phrases, not of single words as in karaoke."""
    spans = [child for child in node.children() if "begin" in child.attributes]
    loose = any(isinstance(child, str) and child.strip() for child in node.content)
    return not loose and sum(len(span.text().split()) for span in spans) >= 3 * len(spans) > 0


def _add(parsed: Parsed, node: Node, start: float, end: float | None, speaker: str, *, is_timed: bool) -> None:
    text = plain_text(node.text())
    if not is_timed:
        if text:
            _skip(parsed, node, lazy_message("Text without a time was skipped."))
    elif not text:
        parsed.note(node.line, len(parsed.cues) + 1, node.attributes.get("begin", ""), skipped_without_text())
    else:
        parsed.units += 1
        parsed.cues.append(RawCue(node.line, len(parsed.cues) + 1, start, end, speaker, text))


def _skip(parsed: Parsed, node: Node, reason: str) -> None:
    parsed.units += 1
    parsed.skip(node.line, 0, " ".join([*node.attributes.values(), plain_text(node.text())]), reason)


def read_youtube(source: Source) -> Parsed:
    """Read YouTube's XML: `<text start dur>` in seconds, or `<text t d>` and `<p t d>` in milliseconds.

    Raises TranscriptError if it isn't well-formed.
    """
    root = parse_xml(source.text)
    parsed = Parsed("youtube-xml")
    for node in [*root.find_all("text"), *root.find_all("p")]:
        text = plain_text(node.text())
        if not text:
            continue  # a line break, or an empty window
        parsed.units += 1
        unit = 1 if "start" in node.attributes else 1000
        start = number_seconds(node.attributes.get("start", node.attributes.get("t")))
        length = number_seconds(node.attributes.get("dur", node.attributes.get("d")))
        if start is None:
            _skip(parsed, node, lazy_message("The cue has no valid start time and was skipped."))
            continue
        begin = start / unit
        end = None if length is None else begin + length / unit
        parsed.cues.append(RawCue(node.line, len(parsed.cues) + 1, begin, end, "", text))
    _report_loose_text(parsed, root)
    return parsed


def _report_loose_text(parsed: Parsed, node: Node) -> None:
    if node.name in ("text", "p", "head"):
        return
    for child in node.content:
        if isinstance(child, Node):
            _report_loose_text(parsed, child)
        elif child.strip():
            parsed.skip(node.line, 0, child, lazy_message("Text without a time was skipped."))


TTML = TranscriptFormat("ttml", score_ttml, read_ttml)
YOUTUBE_XML = TranscriptFormat("youtube-xml", score_youtube, read_youtube)
