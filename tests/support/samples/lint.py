"""Texts for the lint checks, rendered as on the site."""

from dataclasses import dataclass

from articles.core.lint import Part, Source, Text
from articles.core.markdown import Context, render, render_inline

CHAPTERS = (
    (0, "Tides", False),
    (149, "Sponsor: Ropes", False),
    (313, "Tides & Moon; Harbours and Boats", False),
    (540, "Storms & Old Forecasts", False),
    (1331, "Tides in Estuaries; Salt Marshes", False),
    (2069, "Gravity & Resonance", False),
    (3336, "Bore Waves & Tidal Power", False),
    (5164, "Doses of Salt; Risk & Caution", False),
)
TALK = Source(tuple((start, title, title.startswith("Sponsor")) for start, title, _ in CHAPTERS))


@dataclass
class Citable:
    reference: str
    duration_seconds: int | None
    transcript_seconds: int | None = None

    def link_at(self, start_seconds, end_seconds=None):
        return f"https://tape.example/?t={start_seconds}"

    def chapter_title_at(self, seconds):
        return ""


def make_text(lead="", *sections, sources=None, title="Tides", duration_seconds=6161):
    """Make a text from a lead and sections, each a body or (level, heading, body)."""
    sources = {"": TALK} if sources is None else sources
    citable = {key: Citable(f"harbour/{key or 'tides'}", duration_seconds) for key in sources}
    if citable and "" not in citable:
        citable[""] = next(iter(citable.values()))
    context = Context(citable, lambda slug: None, has_notes=False)
    parts = [Part(0, 0, "", lead, render(lead, context))]
    for index, section in enumerate(sections, 1):
        level, heading, body = (1, f"Section {index}", section) if isinstance(section, str) else section
        parts.append(Part(index, level, heading, body, render(body, context), render_inline(heading, context)))
    return Text(title, tuple(parts), sources)
