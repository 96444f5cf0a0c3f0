"""A published article and a change to it, and the moderator who decides about it."""

import pytest

from articles.workflow.content import SectionContent
from tests.support.clients import logged_in
from tests.support.databases.shared import shared
from tests.support.factories import make_change, make_episode, make_moderator, make_published, make_user
from tests.support.scenarios.reviewing import sections_of

editor, moderator = shared(make_user), shared(make_moderator)


@pytest.fixture
def reviewer(moderator):
    return logged_in(moderator)


@shared
def article(editor, moderator):
    sections = (
        SectionContent("Ropes", "A rope holds 5 t [00:06:31]."),
        SectionContent("Knots", "Knots hold [00:08:44]."),
        SectionContent("Sails", "Sails pull."),
    )
    return make_published(
        "ropes", title="Ropes", by=editor, moderator=moderator, episode=make_episode(), sections=sections
    )


@shared
def change(article, editor):
    """Three changes: a number, a timestamp, a word."""
    return make_change(
        article,
        by=editor,
        sections=sections_of(
            article,
            Ropes="A rope holds 8 t [00:06:31].",
            Knots="Knots hold [00:09:44].",
            Sails="Big sails pull.",
        ),
    )


@pytest.fixture
def own(article, root):
    return make_change(article, by=root, title="Ropes and lines")
