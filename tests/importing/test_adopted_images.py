"""Images that were stored before the library existed are recorded by a rebuild, and only those are read."""

from datetime import UTC, datetime

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from articles.importing import images
from articles.models import Upload
from tests.importing.test_images import picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def stored(name, data):
    return default_storage.save(name, ContentFile(data))


def test_stored_images_are_recorded_and_measured_once(editor, monkeypatch):
    early = stored("uploads/2025/early.webp", picture(size=(30, 20)))
    unmeasured = stored("uploads/unmeasured.webp", picture())
    Upload.objects.create(name=unmeasured, size=5, source_digest="d", by=editor)
    url = images.Intake(editor).store(ContentFile(picture("red")), file_name="Red \x00sun.png")
    monkeypatch.setattr(default_storage, "get_modified_time", lambda name: datetime(2025, 3, 1, tzinfo=UTC))

    assert images.adopt() == (2, [])

    rows = {row.name: row for row in Upload.objects.all()}
    assert len(rows) == 3
    row = rows[early]
    assert (row.width, row.height, row.by, row.alt, row.at.year) == (30, 20, None, "", 2025)
    assert row.size == default_storage.size(early)
    assert (rows[unmeasured].width, rows[unmeasured].by, rows[unmeasured].size) == (8, editor, 5)
    row = rows[url.removeprefix("/media/")]
    assert (row.width, row.height, row.by, "sun.png" in row.file_name, "\0" in row.file_name) == (
        8,
        4,
        editor,
        True,
        False,
    )

    monkeypatch.setattr(default_storage, "open", None)
    assert images.adopt() == (0, [])


def test_rebuild_names_what_is_no_image_and_goes_on(capsys):
    stored("uploads/a.webp", b"no image")
    stored("uploads/b.webp", picture())

    call_command("rebuild", "--stale")

    said = capsys.readouterr()
    assert said.out == "0 revisions rebuilt.\n1 image recorded in the library.\n"
    assert said.err == "1 upload can’t be read as images: uploads/a.webp\n"
    assert [row.name for row in Upload.objects.all()] == ["uploads/b.webp"]


def test_an_erased_image_is_not_taken_back(editor):
    name = stored("uploads/a.webp", picture())
    Upload.objects.create(name=name, size=0, by=editor)

    images.adopt()

    row = Upload.objects.get()
    assert (row.size, row.width) == (0, None)
    assert not Upload.objects.stored().exists()


def test_rebuild_says_that_the_storage_cannot_be_reached(monkeypatch):
    def fail(folder):
        raise OSError("no answer")

    monkeypatch.setattr(default_storage, "listdir", fail)
    with pytest.raises(CommandError, match="the uploads can’t be listed: no answer"):
        call_command("rebuild", verbosity=0)
