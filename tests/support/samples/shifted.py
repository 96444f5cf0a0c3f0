"""Claims of the invented talk, cited when they are said or all shifted in the same way."""

from articles.core.timestamps import format_timestamp
from articles.workflow.content import SectionContent

CLAIMS = {
    410: "At parties it is a recreational drug, and at higher doses people fall into the k-hole.",
    490: "Addiction harms their work, their private life and their relationships.",
    524: "In the last decade its use in clinics has grown a lot.",
    1150: "It is an NMDA receptor antagonist: it blocks the NMDA receptor.",
    1505: "Within minutes to hours the symptoms of depression ease; common antidepressants take weeks or months.",
    1716: "It has been tried in bipolar depression, obsessive compulsive disorder, and for anxiety.",
    3361: "BDNF, brain-derived neurotrophic factor, helps neurons make new connections.",
    3436: "The blockade raises neuroplasticity, and mood improves with it.",
    5461: "Higher doses lead to anaesthesia, hallucinations and dissociation.",
}
OTHERS = tuple(
    f"{name} wrote about {matter} in {year}."
    for name, matter, year in (
        ("Aristotle", "cuttlefish", 1550),
        ("Galileo", "pendulum clocks", 1641),
        ("Linnaeus", "orchids", 1753),
        ("Humboldt", "volcanoes", 1802),
        ("Darwin", "barnacles", 1851),
        ("Fabre", "dung beetles", 1879),
        ("Marconi", "wireless telegraphy", 1899),
        ("Wegener", "drifting continents", 1912),
        ("Hopper", "compilers", 1952),
        ("Mandelbrot", "fractals", 1975),
        ("Sagan", "Martian canyons", 1980),
        ("Gould", "panda thumbs", 1981),
    )
)


def sections(moment=lambda second: second):
    """Return the claims in two sections, each cited at `moment` of the second at which it is said."""
    cited = [f"{claim[:-1]} [{format_timestamp(moment(second))}]." for second, claim in CLAIMS.items()]
    return SectionContent("How it works", " ".join(cited[:5])), SectionContent("What it does", "\n\n".join(cited[5:]))


def foreign_sections(apart=300):
    """Return claims about something that the talk never mentions, cited every `apart` seconds."""
    cited = [f"{claim[:-1]} [{format_timestamp(apart * (at + 1))}]." for at, claim in enumerate(OTHERS)]
    return (SectionContent("Science", " ".join(cited)),)
