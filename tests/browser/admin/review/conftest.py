"""A change to a published article, and a new one, in review."""

import pytest
from django.contrib.auth.models import User

from articles import workflow
from articles.workflow.content import SectionContent, content_of
from tests.support.databases.shared import copied
from tests.support.factories import make_change, make_draft, make_episode, make_moderator, make_published, make_user

LONG_NAME = "a_file_with_a_long_name_" * 5
CHAPTERS = [(0, "Opening"), (313, "Why we sleep at all"), (1800, "What a long night does to memory")]


@copied
def change():
    """A submitted change of a published article: a timestamp changed, a section added, a section unchanged."""
    editor = make_user()
    episode = make_episode(duration_seconds=6161, chapters=CHAPTERS, youtube_id="abcdefghijk")
    sections = (
        SectionContent("Why we sleep", "The brain clears waste at night [00:06:31]."),
        SectionContent("What helps", "Regular hours help."),
    )
    article = make_published(by=editor, moderator=make_moderator(), episode=episode, sections=sections)
    first, second = content_of(article.published_revision).sections
    changed = SectionContent(first.heading, "The brain clears waste at night [00:31:05].", first.level, first.key)
    added = SectionContent("Two processes", "Pressure grows through the day [00:25:05].")
    return make_change(article, by=editor, sections=(changed, second, added), edit_summary=f"From {LONG_NAME}.")


@copied
def new_article():
    editor = make_user()
    episode = make_episode(duration_seconds=6161, chapters=CHAPTERS, youtube_id="abcdefghijk")
    sections = (
        SectionContent("Why we sleep", "At night [00:06:31]. It rests [00:06:71].\n\n| a | b |\n|---|---|\n| 1 | 2 |"),
    )
    return workflow.submit(make_draft(by=editor, episode=episode, sections=sections), by=editor)


@pytest.fixture
def conflict(change):
    """The same citation was given a different timestamp in another revision, which was published."""
    article, moderator = change.article, User.objects.get(username="moderator")
    first, second = content_of(article.published_revision).sections
    faster = SectionContent(first.heading, "The brain clears waste at night [00:25:05].", first.level, first.key)
    other = make_change(article, by=make_user("faster"), sections=(faster, second))
    workflow.publish(workflow.approve(other, by=moderator), by=moderator)
    return change
