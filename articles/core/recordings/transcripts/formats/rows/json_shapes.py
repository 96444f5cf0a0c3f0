"""The shapes of the JSON that programs export, as data."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Shape:
    """Where the rows are and what their keys mean; times map dotted keys to parts per second.

    0 means that some programs write seconds there and others milliseconds.
    """

    name: str
    rows: tuple[str, ...]
    start: dict[str, float]
    end: dict[str, float]
    text: tuple[str, ...] = ("text",)
    length: tuple[str, float] = ("duration", 1)
    needs: str = ""  # a key that a row or the file must have


# Rows of several programs have the same keys, so the order matters: the first shape that fits most rows is taken.
SHAPES: tuple[Shape, ...] = (
    Shape("podcasting-json", ("segments",), {"startTime": 1, "startTimeMs": 1000}, {"endTime": 1, "endTimeMs": 1000}, ("body", "text")),
    Shape("whisperx-json", ("segments",), {"start": 1}, {"end": 1}, needs="word_segments"),
    Shape("whisper-json", ("segments",), {"start_ms": 1000, "start": 0}, {"end_ms": 1000, "end": 0}, ("text", "body", "transcript")),
    Shape("podlove-json", ("transcripts",), {"start_ms": 1000, "startTimeMs": 1000, "startTime": 0, "start": 0}, {"end_ms": 1000, "endTimeMs": 1000, "endTime": 0, "end": 0}, ("text", "body", "caption")),
    Shape("whisper.cpp-json", ("transcription",), {"offsets.from": 1000, "timestamps.from": 1}, {"offsets.to": 1000, "timestamps.to": 1}),
    Shape("youtube-json", ("events",), {"tStartMs": 1000}, {}, ("segs",), ("dDurationMs", 1000)),
    Shape("transformers-json", ("chunks",), {"timestamp.0": 1}, {"timestamp.1": 1}),
    Shape("assemblyai-json", ("utterances",), {"start": 0}, {"end": 0}),
    Shape("assemblyai-json", ("sentences",), {"start": 0}, {"end": 0}),
    Shape("deepgram-json", ("results", "utterances"), {"start": 1}, {"end": 1}, ("transcript",)),
    Shape("aws-json", ("results", "audio_segments"), {"start_time": 1}, {"end_time": 1}, ("transcript",)),
    Shape("azure-json", ("recognizedPhrases",), {"offsetInTicks": 10**7}, {}, ("nBest.0.display",), ("durationInTicks", 10**7)),
    Shape("azure-json", ("phrases",), {"offsetMilliseconds": 1000}, {}, ("text",), ("durationMilliseconds", 1000)),
    Shape("teams-json", ("entries",), {"startOffset": 1}, {"endOffset": 1}),
    Shape("rev-json", ("monologues",), {"elements": 1}, {}, ("elements",)),
    Shape("youtube-json", (), {"start": 1}, {}, needs="duration"),
    Shape("podlove-json", (), {"start_ms": 1000}, {"end_ms": 1000}),
    Shape("json", (), {"startTimeMs": 1000, "startTime": 0, "start": 0, "start_time": 0, "offset": 0}, {"endTimeMs": 1000, "endTime": 0, "end": 0, "end_time": 0}, ("text", "body", "caption", "transcript", "sentence"), ("duration", 0)),
)  # fmt: skip
