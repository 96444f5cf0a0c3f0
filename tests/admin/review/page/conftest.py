"""A published article and a change to it that awaits a decision."""

from articles.workflow.content import SectionContent
from tests.support.databases.shared import shared
from tests.support.factories import make_change, make_episode, make_moderator, make_published, make_user
from tests.support.scenarios.reviewing import sections_of

editor, moderator = shared(make_user), shared(make_moderator)


@shared
def article(editor, moderator):
    episode = make_episode(chapters=[(0, "Opening"), (600, "The second hour")], youtube_id="abcdefghijk")
    sections = (
        SectionContent("Why we sleep", "The brain clears waste at night [00:06:31]."),
        SectionContent("Two processes", "Pressure grows. A gate opens."),
        SectionContent("What helps", "Regular hours help."),
    )
    return make_published(by=editor, moderator=moderator, episode=episode, sections=sections)


@shared
def change(article, editor):
    """Changes the timestamp of one citation and the text of another section."""
    return make_change(
        article,
        by=editor,
        sections=sections_of(
            article,
            Why_we_sleep="The brain clears waste at night [00:11:31].",
            What_helps="Regular <b>hours</b> & a dark room help.",
        ),
    )
