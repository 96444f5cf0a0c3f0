"""The site in German: the catalogue is complete for public pages, and pages, dates and numbers follow it."""

import os
import re
import shutil
import subprocess
import sys
from datetime import date
from functools import cache

import polib
import pytest
from django.core.management import call_command
from django.template import Context, Template
from django.urls import reverse
from django.utils import formats, translation

from articles.core.language.messages import LazyMessage, join_with_and, lazy_message, lazy_plural
from articles.core.timestamps import TimestampError
from articles.core.timestamps.grammar import parse_timestamp
from articles.derived.checks import labels
from articles.derived.i18n import translate
from articles.models import Article
from tests.support.factories import make_episode, make_published
from tests.support.paths import PROJECT
from tests.support.scenarios.published_pages import page_of

CATALOGUES = sorted((PROJECT / "ketamine_site" / "locale").rglob("*.po"))
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|(?<!\{)\{\w*\}")
TRANSLATED = re.compile(r"{%\s*translate\s+\"([^\"]+)\"")


def texts(entry):
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


@cache
def read(path):
    """Return a catalogue, which takes half a second to read."""
    return polib.pofile(str(path))


def catalogue(name="django"):
    return {entry.msgid: entry for entry in read(PROJECT / f"ketamine_site/locale/de/LC_MESSAGES/{name}.po")}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_compiled_catalogue_matches_its_source(path):
    source = {(e.msgctxt, e.msgid): texts(e) for e in read(path) if e.translated()}
    compiled = {(e.msgctxt, e.msgid): texts(e) for e in polib.mofile(str(path.with_suffix(".mo")))}

    assert compiled == source


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_placeholders_agree(path):
    wrong = [
        entry.msgid
        for entry in read(path)
        for text in texts(entry)
        if entry.translated()
        and set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    ]

    assert wrong == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_no_translation_is_fuzzy(path):
    assert read(path).fuzzy_entries() == []


def test_public_templates_are_translated(german):
    known = catalogue()
    texts_of_templates = {
        text.replace('\\"', '"').replace("%", "%%")  # as the tag looks it up
        for path in (PROJECT / "templates").rglob("*.html")
        if "admin" not in path.relative_to(PROJECT / "templates").parts
        for text in TRANSLATED.findall(path.read_text(encoding="utf-8"))
    }

    assert sorted(t for t in texts_of_templates if t not in known or not known[t].translated()) == []


def test_citation_labels_are_translated(german):
    assert [str(said) for said in labels.STATES.values()] == [
        "von einem Menschen bestätigt",
        "im Transkript gefunden (automatisch)",
        "von einem Menschen geprüft",
        "bis auf eine Einzelheit im Transkript gefunden (automatisch)",
        "mit möglicher oder besserer Fundstelle anderswo (automatisch)",
        "nicht im Transkript gefunden (automatisch)",
        "laut Transkript unklar (automatisch)",
        "nicht nachgeprüft",
    ]


def test_catalogue_contains_all_texts(tmp_path, settings, monkeypatch):
    if not shutil.which("xgettext"):
        if os.environ.get("CI"):
            pytest.fail("gettext is missing: install it, or nobody notices that a text is not in the catalogue.")
        pytest.skip(
            "gettext is missing: whether every text is in the catalogue was NOT tested (apt-get install gettext)."
        )
    # The command writes files of its own next to those that it reads, which tests in other processes would take for the site’s.
    for folder in ("articles", "ketamine_site", "static", "templates"):
        ignored = shutil.ignore_patterns("__pycache__", "locale")
        shutil.copytree(PROJECT / folder, tmp_path / "site" / folder, ignore=ignored)
    monkeypatch.chdir(tmp_path / "site")
    settings.LOCALE_PATHS = [str(tmp_path)]

    for domain in ("django", "djangojs"):
        call_command("makemessages", locale=["de"], domain=domain, verbosity=0)

    for domain in ("django", "djangojs"):
        found = polib.pofile(str(tmp_path / "de" / "LC_MESSAGES" / f"{domain}.po"))
        known = catalogue(domain)
        assert sorted(entry.msgid for entry in found if entry.msgid not in known) == []


@pytest.mark.django_db
def test_article_page_is_german(client, german):
    episode = make_episode()
    make_published(episode=episode)

    html = client.get(reverse("article", args=["sleep"])).content.decode()

    assert '<html lang="de"' in html
    assert "Berichtigung vorschlagen" in html
    assert "Nicht nachgeprüft" in html
    assert "Suggest a correction" not in html


@pytest.mark.django_db
def test_home_and_search_are_german(client, german):
    make_published(episode=make_episode())

    home = client.get(reverse("home")).content.decode()
    found = client.get(reverse("search"), {"q": "sleep"}).content.decode()

    assert '<html lang="de"' in home
    assert '<html lang="de"' in found
    assert "Was gesagt wurde, und wann" in home


@pytest.mark.django_db
def test_rebuilt_page_is_in_the_language_of_the_site():
    make_published(episode=make_episode())
    article = Article.objects.get()
    before = page_of(article)

    with translation.override("de"):
        call_command("rebuild")
        assert "Nicht nachgeprüft" in page_of(article)

    assert "not checked" in before
    assert "Link zu diesem Abschnitt" in page_of(article)


def test_command_uses_the_language_of_the_site():
    told_by = "from django.utils.translation import gettext; print(gettext('Not reviewed'))"

    done = subprocess.run(  # noqa: S603  (our own manage.py)
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", told_by],
        cwd=PROJECT,
        env={
            **os.environ,
            "SITE_LANGUAGE": "de",
            "DJANGO_SETTINGS_MODULE": "ketamine_site.settings",
            "SECRET_KEY": "x" * 60,
        },
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == "Nicht geprüft"


def test_dates_and_numbers_are_german(german):
    page = Template("{% load humanize %}{{ day|date:'DATE_FORMAT' }} {{ number|intcomma }}")

    assert page.render(Context({"day": date(2023, 8, 7), "number": 1234})) == "7. August 2023 1.234"
    assert formats.date_format(date(2023, 8, 7), "MONTH_DAY_FORMAT") == "7. August"


@pytest.mark.parametrize(("count", "words"), [(1, "1 Belegstelle"), (2, "2 Belegstellen")])
def test_plural_forms_are_german(german, count, words):
    said = translation.ngettext("%(count)s citation", "%(count)s citations", count)

    assert said % {"count": count} == words


def test_message_is_english_text_with_its_template():
    said = lazy_message("“%(text)s” is 100%% so.", text="It")

    assert (said, said.template, said.values) == ("“It” is 100% so.", "“%(text)s” is 100%% so.", {"text": "It"})
    assert isinstance(said.having(text="This"), LazyMessage)
    assert said.having(text="This") == "“This” is 100% so."


def test_counted_message_uses_the_plural():
    assert lazy_plural("%(count)s cue", "%(count)s cues", 1) == "1 cue"
    assert lazy_plural("%(count)s cue", "%(count)s cues", 3) == "3 cues"
    assert join_with_and(["a", "b", "c"]) == "a and b and c"


def test_messages_of_the_core_are_translated(german):
    with pytest.raises(TimestampError) as refused:
        parse_timestamp("00:06:75")

    assert str(refused.value) == "Seconds go from 00 to 59; “00:06:75” has 75."
    assert translate(refused.value) == "Sekunden gehen von 00 bis 59; „00:06:75“ hat 75."


def test_untranslated_message_stays_english(german):
    assert translate("Nobody has translated this.") == "Nobody has translated this."
    assert translate("") == ""
