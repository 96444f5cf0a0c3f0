"""The database that test databases are copied from is made again when it has to be, whatever earlier runs have left."""

from tests.support.databases import template


def test_it_is_made_for_the_signing_key(settings, tmp_path):
    settings.SIGNING_KEY_FILE = tmp_path / "key.pem"
    without_key = template._key.__wrapped__()
    settings.SIGNING_KEY_FILE.write_text("one")
    with_key = template._key.__wrapped__()
    settings.SIGNING_KEY_FILE.write_text("another")

    assert len({without_key, with_key, template._key.__wrapped__()}) == 3


def test_what_a_killed_run_left_is_removed(monkeypatch, tmp_path):
    monkeypatch.setattr(template, "TEMPLATES_FOLDER", tmp_path)
    (tmp_path / "lock").touch()
    (tmp_path / "old.sqlite3").touch()
    (tmp_path / "old.sqlite3-unfinished-turns").mkdir()
    (tmp_path / "old.sqlite3-unfinished-turns" / "0").touch()

    template._remove_all_but_the_lock()

    assert [path.name for path in tmp_path.iterdir()] == ["lock"]
