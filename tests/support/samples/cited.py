"""Articles that cite an invented talk correctly and incorrectly, so that citations have different statuses."""

from articles.importing import import_transcript
from articles.workflow.content import SectionContent
from tests.support.factories import make_episode, make_published
from tests.support.samples.talk import DURATION, as_vtt

# Claims with their timestamps, named after the check's verdict.
HERE = "Relief of depression comes within minutes to hours [00:25:05]."
ELSEWHERE = "It blocks the NMDA receptor [00:09:01]."
UNHEARD = "Harbour seals hunt herring in winter [00:40:00]."


def make_talk(slug="on-ketamine", **kwargs):
    """Make an episode with the invented talk as its transcript."""
    episode = make_episode(slug, duration_seconds=DURATION, **kwargs)
    import_transcript(episode, as_vtt(), "talk.vtt")
    episode.refresh_from_db()
    return episode


def make_cited(slug="ketamine", *, episode, bodies=(HERE, ELSEWHERE, UNHEARD), **kwargs):
    """Publish an article with one section for each of `bodies`."""
    sections = tuple(SectionContent(f"Part {number}", body) for number, body in enumerate(bodies, 1))
    return make_published(slug, episode=episode, sections=sections, title=slug.capitalize(), **kwargs)


def verdicts_of(article):
    return list(article.published_revision.citation_set.order_by("position").values_list("verdict", flat=True))
