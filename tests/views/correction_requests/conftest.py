"""A published article that readers can request corrections of."""

from tests.support.databases.shared import shared
from tests.support.factories import make_episode, make_moderator, make_published, make_user
from tests.views.correction_requests.receiving import SECTIONS

editor, moderator = shared(make_user), shared(make_moderator)


@shared
def article(editor, moderator):
    episode = make_episode(chapters=[(0, "Opening"), (500, "Night")], youtube_id="abcdefghijk")
    return make_published(
        episode=episode, sections=SECTIONS, lead="What sleep does [00:01:00].", by=editor, moderator=moderator
    )
