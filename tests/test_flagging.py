import pytest

from articles import derivation, flagging
from articles.contents import SectionContent
from articles.models import Flagged

from .factories import make_draft, make_episode, make_user

pytestmark = pytest.mark.django_db


def make_text(*bodies, **kwargs):
    """A draft whose sections are `bodies`, and what its text is read from."""
    episode = make_episode(chapters=[(0, "Opening"), (300, "Waste"), (900, "Sponsor: beds")])
    episode.chapter_set.filter(start_seconds=900).update(is_sponsor=True)
    sections = tuple(SectionContent(f"Part {number}", body) for number, body in enumerate(bodies, 1))
    revision = make_draft(by=make_user(), episode=episode, sections=sections, **kwargs)
    episodes = derivation.sources_of(revision)
    return revision, derivation.read(revision.lead, list(revision.section_set.all()), episodes, set()), episodes


def kept():
    rows = Flagged.objects.select_related("citation")
    return [(row.code, row.text, row.citation.anchor if row.citation else None) for row in rows]


def test_a_flag_says_which_citation_it_is_about():
    revision, parts, episodes = make_text("It is so [00:06:31].", "A soft bed helps [00:15:10].")

    number = flagging.store(revision, parts, episodes)

    assert number == 1
    assert kept() == [("sponsor", "[00:15:10]", "c-910")]


def test_a_flag_without_a_citation_stands_alone():
    revision, parts, episodes = make_text("Take 5 mg at night.")

    flagging.store(revision, parts, episodes)

    assert kept() == [("uncited-dose", "5 mg", None)]


def test_a_word_is_flagged_with_the_citation_of_its_sentence():
    revision, parts, episodes = make_text("Sleep always helps [00:06:31].")

    flagging.store(revision, parts, episodes)

    assert kept() == [("absolute-words", "always", "c-391")]


def test_storing_again_keeps_nothing_twice():
    revision, parts, episodes = make_text("Take 5 mg at night.")

    flagging.store(revision, parts, episodes)
    flagging.store(revision, parts, episodes)

    assert Flagged.objects.count() == 1


def test_a_check_that_is_off_is_not_run(settings):
    settings.INSPECTION_OFF = ["uncited-dose"]
    revision, parts, episodes = make_text("Take 5 mg at night.")

    assert flagging.store(revision, parts, episodes) == 0


@pytest.mark.parametrize("count", [1, 3])
def test_storing_takes_a_constant_number_of_queries(django_assert_num_queries, count):
    revision, parts, episodes = make_text(*["A soft bed helps [00:15:10]."] * count)

    with django_assert_num_queries(3):
        flagging.store(revision, parts, episodes)
