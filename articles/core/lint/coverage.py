"""Counts the sentences that cite a moment and those that do not, heavier where a mistake is dangerous."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from articles.core.language.messages import lazy_message, lazy_plural, noop

from . import Part, Text, doses

Policy = Literal["off", "warn", "block"]

SAFETY_WEIGHT = 3

# Words of sentences on which a reader may act and come to harm: how much, with what, for whom it is dangerous, and
# what it does to a life. Beginnings of words; a sentence also counts if it holds a dose or a percentage.
SAFETY_WORDS = r"""
    dose dosage dosing overdos microdos milligram microgram
    risk danger hazard harm(?:s|ed|ful|ing)?\b unsafe safety warning caution precaution
    side[\s-]effect adverse toxic poison fatal lethal deadly death die[sd]?\b mortality injur
    contraindicat interactions?\b interacts?\swith combin(?:e|ed|ing)\swith withdrawal dependence\b addict abuse misuse
    pregnan breastfeed lactat fetus fetal foetus newborn infant child(?:ren)?\b adolescen
    suicid self-harm psychosis psychotic mania seizure overheat dehydrat
    allerg anaphyla bleed hypertensi hypotensi arrhythmi stroke heart\sattack cardiac\sarrest respiratory liver\b
    prescri medication drug(?:s)?\b supervis emergency hospitals?\b hospitali[sz] doctor physician
"""
_SAFETY = re.compile(rf"\b(?:{'|'.join(SAFETY_WORDS.split())})", re.IGNORECASE)
_CONCLUSION_WORDS = """
    conclusion conclusions concluding summary recap outlook takeaways takeaway closing wrapping wrap-up
    fazit zusammenfassung schluss schlussfolgerung conclusión conclusiones resumen conclusão conclusões resumo
    conclusioni riassunto résumé samenvatting conclusie
"""
_CONCLUSION = frozenset(_CONCLUSION_WORDS.split())
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
LEAD_REASON = noop("the lead sums up what the sections say with their citations")
CONCLUSION_REASON = noop("the conclusion repeats what was cited above")


@dataclass(frozen=True)
class Count:
    """How many sentences, how many of them cite, and the same by weight (1, or SAFETY_WEIGHT)."""

    sentences: int = 0
    cited: int = 0
    weight: int = 0
    cited_weight: int = 0

    @property
    def plain_share(self) -> float:
        """The share of sentences that cite, in [0, 1]; 1 where there are none."""
        return self.cited / self.sentences if self.sentences else 1.0

    @property
    def share(self) -> float:
        """The share of the weight that is cited, in [0, 1]; 1 where there is none."""
        return self.cited_weight / self.weight if self.weight else 1.0

    def __add__(self, other: "Count") -> "Count":
        return Count(
            self.sentences + other.sentences,
            self.cited + other.cited,
            self.weight + other.weight,
            self.cited_weight + other.cited_weight,
        )


@dataclass(frozen=True)
class PartCoverage:
    """The sentences of one part; those of an exempt one (with the reason) are no part of the total."""

    part: int
    heading: str
    count: Count
    exempt_because: str = ""


@dataclass(frozen=True)
class Uncited:
    """A sentence that cites nothing: its plain text, weight, and [offset, end) in the body of its part.

    Where a mark would be written is `end`, None where the sentence cannot be found: then `offset` is its block's.
    """

    part: int
    text: str
    weight: int
    offset: int
    end: int | None
    line: int


@dataclass(frozen=True)
class Coverage:
    """What is cited, by part and in total; `uncited` are the sentences without, heaviest first, then in text order."""

    parts: tuple[PartCoverage, ...]
    total: Count
    uncited: tuple[Uncited, ...]

    @property
    def share(self) -> float:
        return self.total.share


@dataclass(frozen=True)
class CoverageVerdict:
    """Whether the coverage reaches its target; `message` is "" if it does, or if nobody asks."""

    is_met: bool
    is_blocking: bool
    message: str


def is_about_safety(text: str) -> bool:
    """Tell whether a reader may come to harm if the sentence is wrong: SAFETY_WORDS, doses, percentages."""
    return _SAFETY.search(text) is not None or bool(doses(text))


def usual_exemptions(text: Text) -> dict[int, str]:
    """Return the lead, and the last section if its heading calls it a conclusion, with the reason for each."""
    exempt = {part.index: LEAD_REASON for part in text.parts if not part.level}
    if text.parts and text.parts[-1].level:
        words = _WORD.findall(text.parts[-1].heading.casefold())
        if not _CONCLUSION.isdisjoint(words) or words in (["final", "thoughts"], ["key", "points"]):
            exempt[text.parts[-1].index] = CONCLUSION_REASON
    return exempt


def measure(text: Text, exempt: Mapping[int, str] | None = None) -> Coverage:
    """Count the sentences of every part. `exempt` maps indexes of parts that do not count to a reason.

    Headings, code and what only stands in brackets of a mark are no sentences; a table's row is one.
    """
    reasons = exempt or {}
    counted: list[PartCoverage] = []
    uncited: list[Uncited] = []
    for part in text.parts:
        reason = reasons.get(part.index, "")
        count, missing = _count(part)
        counted.append(PartCoverage(part.index, part.heading, count, reason))
        if not reason:
            uncited += missing
    total = sum((one.count for one in counted if not one.exempt_because), Count())
    uncited.sort(key=lambda one: -one.weight)
    return Coverage(tuple(counted), total, tuple(uncited))


def verdict(coverage: Coverage, target: float, policy: Policy) -> CoverageVerdict:
    """Compare the weighted share with `target` in [0, 1]; under `off` everything is met, `block` stops a submission."""
    share = coverage.share
    if policy == "off" or share >= target:
        return CoverageVerdict(True, False, "")
    missing = len(coverage.uncited)
    dangerous = sum(one.weight > 1 for one in coverage.uncited)
    named: str = lazy_plural("%(count)s sentence cites nothing", "%(count)s sentences cite nothing", missing)
    if dangerous:
        named = lazy_plural(
            "%(named)s, %(count)s of them about safety, which counts %(weight)s times",
            "%(named)s, %(count)s of them about safety, which count %(weight)s times",
            dangerous,
            named=named,
            weight=SAFETY_WEIGHT,
        )
    values = {"share": _percent(share), "target": _percent(target), "named": named}
    if policy == "block":
        message = lazy_message(
            "%(share)s of the text is cited, %(target)s is asked for: %(named)s. "
            "Cite moments for them before you submit.",
            **values,
        )
    else:
        message = lazy_message(
            "%(share)s of the text is cited, %(target)s is asked for: %(named)s. It can be submitted all the same.",
            **values,
        )
    return CoverageVerdict(False, policy == "block", message)


def _count(part: Part) -> tuple[Count, list[Uncited]]:
    weights = [SAFETY_WEIGHT if is_about_safety(passage.text) else 1 for passage in part.passages]
    cited = [weight for passage, weight in zip(part.passages, weights, strict=True) if passage.is_cited]
    missing = [
        Uncited(
            part.index,
            passage.text,
            weight,
            passage.around[0],
            passage.place.end if passage.place else None,
            part.line_of(passage.around[0]),
        )
        for passage, weight in zip(part.passages, weights, strict=True)
        if not passage.is_cited
    ]
    return Count(len(weights), len(cited), sum(weights), sum(cited)), missing


def _percent(share: float) -> str:
    """Return a share rounded down: what is nearly reached is not reached."""
    return f"{int(share * 100 + 1e-9)} %"
