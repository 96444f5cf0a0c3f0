import pytest
from django.core.management import CommandError, call_command

from articles.derived.checks import lint_results
from articles.derived.texts import derivation
from articles.models import LintIssue
from articles.workflow.content import SectionContent
from tests.support.factories import make_draft, make_episode, make_moderator, make_published, make_user

pytestmark = pytest.mark.django_db


def make_text(*bodies, **kwargs):
    """Return a draft with `bodies` as sections, its parts and its episodes."""
    episode = make_episode(chapters=[(0, "Opening"), (300, "Waste"), (900, "Sponsor: beds")])
    episode.chapter_set.filter(start_seconds=900).update(is_sponsor=True)
    sections = tuple(SectionContent(f"Part {number}", body) for number, body in enumerate(bodies, 1))
    revision = make_draft(by=make_user(), episode=episode, sections=sections, **kwargs)
    return revision, *derivation.read_stored(revision)


def stored_issues():
    rows = LintIssue.objects.select_related("citation")
    return [(row.code, row.text, row.citation.anchor if row.citation else None) for row in rows]


def test_an_issue_refers_to_its_citation():
    revision, parts, episodes = make_text("It is so [00:06:31].", "A soft bed helps [00:15:10].")

    number = lint_results.store(revision, parts, episodes)

    assert number == 1
    assert stored_issues() == [("sponsor", "[00:15:10]", "c-910")]


def test_an_issue_without_a_citation_refers_to_none():
    revision, parts, episodes = make_text("Take 5 mg at night.")

    lint_results.store(revision, parts, episodes)

    assert stored_issues() == [("uncited-dose", "5 mg", None)]


def test_an_issue_about_a_word_refers_to_the_citation_of_its_sentence():
    revision, parts, episodes = make_text("Sleep always helps [00:06:31].")

    lint_results.store(revision, parts, episodes)

    assert stored_issues() == [("absolute-words", "always", "c-391")]


def test_storing_again_creates_no_duplicates():
    revision, parts, episodes = make_text("Take 5 mg at night.")

    lint_results.store(revision, parts, episodes)
    lint_results.store(revision, parts, episodes)

    assert LintIssue.objects.count() == 1


def test_a_rule_that_is_off_does_not_run(settings):
    settings.INSPECTION_OFF = ["uncited-dose"]
    revision, parts, episodes = make_text("Take 5 mg at night.")

    assert lint_results.store(revision, parts, episodes) == 0


@pytest.mark.parametrize("count", [1, 3])
def test_storing_takes_a_constant_number_of_queries(django_assert_num_queries, count):
    revision, parts, episodes = make_text(*["A soft bed helps [00:15:10]."] * count)

    with django_assert_num_queries(3):
        lint_results.store(revision, parts, episodes)


# manage.py inspect_articles -----------------------------------------------------------------------


def inspect(capsys, *arguments):
    call_command("inspect_articles", *arguments)
    return capsys.readouterr().out.strip()


def test_published_texts_are_inspected(capsys):
    sections = (SectionContent("Part 1", "Take 5 mg at night."),)
    article = make_published(episode=make_episode(), sections=sections)
    LintIssue.objects.all().delete()

    said = inspect(capsys)

    assert said == "1 article checked: 1 issue."
    assert list(LintIssue.objects.values_list("revision", "code")) == [(article.published_revision_id, "uncited-dose")]


def test_drafts_are_not_inspected(capsys):
    make_text("Take 5 mg at night.")

    assert inspect(capsys) == "0 articles checked: 0 issues."


def test_one_article_or_one_show_is_inspected(capsys):
    editor, moderator = make_user(), make_moderator()
    for slug, handle in (("one", "night-talks"), ("two", "day-talks")):
        episode = make_episode(slug, handle=handle)
        make_published(slug, by=editor, moderator=moderator, episode=episode)

    assert inspect(capsys, "--article=one") == "1 article checked: 0 issues."
    assert inspect(capsys, "--show=day-talks") == "1 article checked: 0 issues."
    with pytest.raises(CommandError, match="There is no published article with the slug “three”"):
        inspect(capsys, "--article=three")


def test_a_text_is_inspected_on_publication():
    make_published(episode=make_episode(), sections=(SectionContent("Part 1", "Take 5 mg at night."),))

    assert stored_issues() == [("uncited-dose", "5 mg", None)]
