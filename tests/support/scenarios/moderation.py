"""A published article and submitted changes to it."""

from articles import workflow
from articles.workflow.content import SectionContent, content_of
from tests.support.factories import make_episode, make_moderator, make_published, make_user

SECTIONS = (
    SectionContent("Waste", "The brain clears waste at night. It takes 8 hours [00:06:31]."),
    SectionContent("Memory", "Memory settles. It may help learning [00:08:44]."),
)


def make_pair():
    """Return a published article and a moderator."""
    return make_published(sections=SECTIONS, episode=make_episode()), make_moderator("second-moderator")


def edited(revision, **bodies):
    """Return the revision's content with some bodies replaced, by heading."""
    content = content_of(revision)
    sections = tuple(
        SectionContent(s.heading, bodies.get(s.heading.lower(), s.body), s.level, s.key) for s in content.sections
    )
    return type(content)(**{**content.__dict__, "sections": sections, "edit_summary": "Clearer."})


def submitted(article, name, **bodies):
    base = article.published_revision
    author = make_user(name)
    draft = workflow.start_draft(article, edited(base, **bodies), by=author, base=base)
    return workflow.submit(draft, by=author)


def bodies(revision):
    return {section.heading: section.body for section in revision.section_set.all()}
