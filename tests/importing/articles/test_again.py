"""Files that are imported again: what is new replaces only what nobody has edited here."""

import csv
import json
from dataclasses import replace

import pytest

from articles import workflow
from articles.models import Article, Episode, Revision, Section
from articles.workflow.content import content_of
from tests.importing.articles.importing import EPISODE, TIDES, outcomes, rows, run
from tests.support.factories import make_moderator, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("publish", [False, True])
def test_second_run_changes_nothing(importer, folder, publish):
    run(folder, publish=publish)
    before = rows()

    out = run(folder, publish=publish)

    assert rows() == before
    assert "1 file in " in out
    assert "1 unchanged" in out


def test_second_run_publishes_the_draft_of_the_first(importer, folder):
    run(folder)

    run(folder, publish=True)

    assert Article.objects.get().published_revision == Revision.objects.get()


def test_changed_file_replaces_the_untouched_draft(importer, folder):
    run(folder)
    keys = list(Section.objects.values_list("key", flat=True))
    (folder / "tides.md").write_text(TIDES.replace("hard", "softly").replace("## Moon", "## The moon"))

    run(folder)

    assert Revision.objects.get().section_set.get(heading="Pull").body == "It pulls softly."
    assert list(Section.objects.values_list("key", flat=True)) == keys


def test_changed_file_becomes_a_new_published_revision(importer, folder):
    run(folder, publish=True)
    (folder / "tides.md").write_text(TIDES.replace("hard", "softly"))

    run(folder, publish=True)

    first, second = Revision.objects.order_by("number")
    assert Article.objects.get().published_revision == second
    assert (second.base, second.target, second.status) == (first, first, "received")
    assert list(second.section_set.values_list("key", flat=True)) == list(
        first.section_set.values_list("key", flat=True)
    )


def test_changed_file_never_replaces_an_edited_text(importer, folder):
    run(folder, publish=True)
    editor, moderator = make_user(), make_moderator()
    base = Revision.objects.get()
    content = content_of(base)
    draft = workflow.start_draft(base.article, content, by=editor, base=base)
    draft = workflow.save_draft(
        draft,
        type(content)(**{**vars(content), "lead": "Edited.", "edit_summary": "Shorter."}),
        by=editor,
        version=draft.version,
    )
    workflow.publish(workflow.approve(workflow.submit(draft, by=editor), by=moderator), by=moderator)
    (folder / "tides.md").write_text(TIDES.replace("hard", "softly"))

    out = run(folder, publish=True)

    assert Article.objects.get().published_revision.lead == "Edited."
    assert Revision.objects.order_by("-number").first().status == "draft"
    assert "been edited here since" in out


def test_importing_again_after_editing_changes_nothing(importer, folder):
    run(folder, publish=True)
    base = Revision.objects.get()
    workflow.start_draft(base.article, content_of(base), by=make_user(), base=base)
    before = rows()

    run(folder, publish=True)

    assert rows() == before


def test_known_episode_is_updated(importer, folder):
    run(folder, publish=True)
    (folder.parent / "episodes.json").write_text(json.dumps(EPISODE | {"duration_seconds": 100}))
    (folder / "tides.md").write_text(TIDES.replace("hard", "softly"))

    run(folder, publish=True, episodes=folder.parent / "episodes.json")

    assert Episode.objects.get().duration_seconds == 100
    assert Article.objects.get().published_revision.problem_count == 1


@pytest.mark.parametrize("dry_run", [False, True])
def test_the_same_text_twice_in_a_delivery_is_unchanged(importer, folder, dry_run):
    (folder / "zsub").mkdir()
    (folder / "zsub" / "tides.md").write_text(TIDES)

    results = outcomes(folder, by=importer, dry_run=dry_run)

    assert results == [("tides.md", "new", []), ("tides.md", "unchanged", [])]


def test_episodes_are_updated_even_if_no_text_is_new(importer, folder):
    run(folder, publish=True)
    (folder.parent / "episodes.json").write_text(json.dumps(EPISODE | {"duration_seconds": 100}))

    out = run(folder, publish=True, episodes=folder.parent / "episodes.json")

    assert "1 unchanged" in out
    episode = Episode.objects.get()
    assert (episode.title, episode.duration_seconds) == ("Why tides turn", 100)
    assert Article.objects.get().published_revision.problem_count == 1
    assert Revision.objects.count() == 1


def test_problems_of_an_unchanged_file_are_reported_again(importer, tmp_path):
    (tmp_path / "tides.md").write_text(TIDES + "\n[09:00:00] <!-- x -->\n")
    (tmp_path / "episodes.json").write_text(json.dumps(EPISODE))
    options = {"report": tmp_path / "report.csv", "episodes": tmp_path / "episodes.json", "publish": True}

    reports = []
    for _ in range(2):
        out = run(tmp_path / "tides.md", **options)
        with (tmp_path / "report.csv").open(encoding="utf-8-sig", newline="") as file:
            reports.append(list(csv.reader(file))[1:])

    assert [row[1:5] for row in reports[0]] == [
        ["18", "12", "html", "<!-- x -->"],
        ["18", "1", "past-end", "[09:00:00]"],
    ]
    assert [row[:6] for row in reports[1]] == [row[:6] for row in reports[0]]
    assert [row[6] for row in reports[1]] == ["unchanged", "unchanged"]
    assert "2 problems: 1 html, 1 past-end. 2 of them in unchanged files." in out


def test_problems_of_an_unchanged_file_whose_article_was_edited_here(importer, folder):
    (folder / "tides.md").write_text(TIDES + "\n<!-- x -->\n")
    run(folder)
    draft = Revision.objects.get()
    content = content_of(draft)
    workflow.save_draft(draft, replace(content, sections=content.sections[:1]), by=importer, version=draft.version)

    results = outcomes(folder, by=importer)

    assert [(name, outcome, len(reasons)) for name, outcome, reasons in results] == [("tides.md", "unchanged", 1)]


def test_newer_text_replaces_the_importers_draft_and_not_anothers(importer, folder):
    run(folder)
    own = Revision.objects.get()
    workflow.start_draft(own.article, content_of(own), by=make_user(), base=own)
    (folder / "tides.md").write_text(TIDES.replace("hard", "softly"))

    run(folder)

    assert Revision.objects.count() == 2
    assert own.section_set.get(heading="Pull").body == "It pulls softly."


def test_importer_with_an_edited_draft_is_refused(importer, folder):
    run(folder, publish=True)
    base = Revision.objects.get()
    workflow.start_draft(base.article, content_of(base), by=importer, base=base)
    (folder / "tides.md").write_text(TIDES.replace("hard", "softly"))

    results = outcomes(folder, by=importer)

    reason = "importer has an open draft of this article. Submit or discard it."
    assert results == [("tides.md", "not imported", [reason])]
