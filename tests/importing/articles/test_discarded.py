"""A draft that was discarded here isn’t brought back by another import of its file, which says so."""

import json
from dataclasses import replace

import pytest

from articles import workflow
from articles.models import Revision
from articles.workflow.content import content_of
from tests.importing.articles.importing import EPISODE, outcomes, rows, run

pytestmark = pytest.mark.django_db


def discarded(draft, by):
    return workflow.discard(draft, by=by, version=draft.version)


def said_of(draft):
    history = f"/admin/articles/article/{draft.article_id}/history/"
    return f"The draft of this text, revision {draft.number}, was discarded. To bring it back, restore it: {history}"


@pytest.mark.parametrize("publish", [False, True])
@pytest.mark.parametrize("is_edited", [False, True])
def test_a_discarded_draft_stays_discarded_and_the_import_says_so(importer, folder, is_edited, publish):
    run(folder)
    draft = Revision.objects.get()
    if is_edited:
        draft = workflow.save_draft(
            draft, replace(content_of(draft), lead="Edited."), by=importer, version=draft.version
        )
    discarded(draft, importer)
    before = rows()

    results = outcomes(folder, by=importer, publish=publish)
    out = run(folder, publish=publish)

    assert results == [("tides.md", "unchanged", [said_of(draft)])]
    assert said_of(draft) in out
    assert rows() == before


def test_a_discarded_draft_without_a_recording_stays_discarded_once_it_is_known(importer, tmp_path):
    path = tmp_path / "tides.txt"
    path.write_text("From: harbour\n\nThe sea rises [00:01:02].")
    run(path)
    draft = discarded(Revision.objects.get(), importer)
    (tmp_path / "harbour.json").write_text(json.dumps(EPISODE))

    out = run(path, publish=True, episodes=tmp_path / "harbour.json")

    assert said_of(draft) in out
    assert list(Revision.objects.all()) == [draft]


def test_a_discarded_draft_that_was_restored_is_not_called_discarded(importer, folder):
    run(folder)
    draft = discarded(Revision.objects.get(), importer)
    restored = workflow.restore(draft, by=importer, edit_summary="")

    assert outcomes(folder, by=importer) == [("tides.md", "unchanged", [])]

    discarded(restored, importer)
    assert outcomes(folder, by=importer) == [("tides.md", "unchanged", [said_of(restored)])]


def test_a_discarded_change_of_a_text_that_is_kept_is_not_mentioned(importer, folder):
    run(folder, publish=True)
    published = Revision.objects.get()
    change = workflow.start_draft(published.article, content_of(published), by=importer, base=published)
    discarded(change, importer)

    assert outcomes(folder, by=importer) == [("tides.md", "unchanged", [])]
