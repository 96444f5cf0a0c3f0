"""Measures how much of a text is cited, giving more weight to sentences that could harm a reader."""

import re
from collections.abc import Container
from dataclasses import dataclass
from typing import Literal

from articles.core.language.messages import lazy_message, lazy_plural, noop
from articles.core.language.words import by_first_letter, lowered

from . import Text
from .rules.wording import doses, percentages

Policy = Literal["off", "warn", "block"]

SAFETY_WEIGHT = 3

# Words in sentences that could harm a reader who acts on them, each matching the start of a word. Those of the first
# list are about medicine wherever they stand; those of the second are used of business and software as well, so they
# count only in a text about health: “risk” and “interaction” made two of three such sentences of articles about
# products.
SAFETY_WORDS = r"""
    dose dosage dosing overdos microdos milligram microgram
    side[\s-]effect poison fatal lethal deadly mortality toxicity
    contraindicat pregnan breastfeed lactat fetus fetal foetus newborn infant adolescen
    suicid self-harm psychosis psychotic mania\b seizure overheat dehydrat
    allerg anaphyla hypertensi hypotensi arrhythmi heart\sattack cardiac\sarrest respiratory liver\b
    prescrib prescription medication drug(?:s)?\b hospitals?\b hospitali[sz] physician
"""
HEALTH_WORDS = r"""
    risk danger hazard harm(?:s|ed|ful|ing)?\b unsafe safety warning caution precaution adverse toxic
    death die[sd]?\b injur interactions?\b interacts?\swith combin(?:e|ed|ing)\swith withdrawal dependence\b
    addict abuse misuse child(?:ren)?\b mania bleed stroke prescri supervis emergency doctor
"""
_SAFETY = re.compile(rf"\b(?:{by_first_letter(SAFETY_WORDS.split())})")  # in lower case
_HEALTH = re.compile(rf"\b(?:{by_first_letter([*SAFETY_WORDS.split(), *HEALTH_WORDS.split()])})")
_CONCLUSION_WORDS = """
    conclusion conclusions concluding summary recap outlook takeaways takeaway closing wrapping wrap-up
    fazit zusammenfassung schluss schlussfolgerung conclusión conclusiones resumen conclusão conclusões resumo
    conclusioni riassunto résumé samenvatting conclusie
"""
_CONCLUSION = frozenset(_CONCLUSION_WORDS.split())
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
LEAD_REASON = noop("the lead summarises what the sections cite")
CONCLUSION_REASON = noop("the conclusion repeats what is cited above")


@dataclass(frozen=True)
class Coverage:
    """The weight of all sentences and of those cited (1 or SAFETY_WEIGHT each), and the numbers of uncited sentences."""

    weight: int = 0
    cited_weight: int = 0
    uncited: int = 0
    uncited_about_safety: int = 0

    @property
    def share(self) -> float:
        """The share of the weight that is cited, in [0, 1]; 1 if there are no sentences."""
        return self.cited_weight / self.weight if self.weight else 1.0


@dataclass(frozen=True)
class CoverageVerdict:
    """Whether the coverage reaches its target; `message` is "" if it does or if the policy is `off`."""

    is_met: bool
    is_blocking: bool
    message: str


def is_about_safety(text: str, *, is_about_health: bool) -> bool:
    """Return whether a wrong sentence could harm a reader, judging by SAFETY_WORDS and doses.

    In a text that `is_about_health`, HEALTH_WORDS and percentages count, too.
    """
    if is_about_health:
        return _HEALTH.search(lowered(text)) is not None or bool(doses(text)) or bool(percentages(text))
    return _SAFETY.search(lowered(text)) is not None or bool(doses(text))


def usual_exemptions(text: Text) -> dict[int, str]:
    """Return the indexes of parts usually exempt, with reasons: the lead, and a last section headed as a conclusion."""
    exempt = {part.index: LEAD_REASON for part in text.parts if not part.level}
    if text.parts and text.parts[-1].level:
        words = _WORD.findall(text.parts[-1].heading.casefold())
        if not _CONCLUSION.isdisjoint(words) or words in (["final", "thoughts"], ["key", "points"]):
            exempt[text.parts[-1].index] = CONCLUSION_REASON
    return exempt


def measure(text: Text, exempt: Container[int] = (), *, is_about_health: bool) -> Coverage:
    """Count the sentences of all parts but those whose index is in `exempt`.

    What is about safety depends on whether the text `is_about_health` (`is_about_safety`). Headings, code and marks aren't sentences; a table row counts as one.
    """
    sentences = [sentence for part in text.parts if part.index not in exempt for sentence in part.sentences]
    judged = [(is_about_safety(each.text, is_about_health=is_about_health), each.is_cited) for each in sentences]
    uncited = [is_safety for is_safety, is_cited in judged if not is_cited]
    cited = [is_safety for is_safety, is_cited in judged if is_cited]
    return Coverage(_weight(uncited) + _weight(cited), _weight(cited), len(uncited), sum(uncited))


def verdict(coverage: Coverage, target: float, policy: Policy) -> CoverageVerdict:
    """Compare the weighted share with `target` in [0, 1]; `off` accepts everything, `block` prevents submission."""
    share = coverage.share
    if policy == "off" or share >= target:
        return CoverageVerdict(True, False, "")
    summary: str = lazy_plural("%(count)s sentence is uncited", "%(count)s sentences are uncited", coverage.uncited)
    if coverage.uncited_about_safety:
        summary = lazy_plural(
            "%(summary)s, including %(count)s about safety, which counts %(weight)s times",
            "%(summary)s, including %(count)s about safety, which count %(weight)s times",
            coverage.uncited_about_safety,
            summary=summary,
            weight=SAFETY_WEIGHT,
        )
    template = (
        noop("%(share)s of the text is cited (target %(target)s): %(summary)s. Add citations before you submit.")
        if policy == "block"
        else noop("%(share)s of the text is cited (target %(target)s): %(summary)s. You can still submit.")
    )
    message = lazy_message(template, share=_percent(share), target=_percent(target), summary=summary)
    return CoverageVerdict(False, policy == "block", message)


def _weight(are_about_safety: list[bool]) -> int:
    return sum(SAFETY_WEIGHT if is_about_safety else 1 for is_about_safety in are_about_safety)


def _percent(share: float) -> str:
    """Format a share as a percentage, rounded down so that a missed target never looks reached."""
    return f"{int(share * 100 + 1e-9)} %"
