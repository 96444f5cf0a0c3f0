"""What the page for received texts says about them is in the site's language: each message is in the catalogue."""

import ast
import re

import pytest
from django.urls import reverse

from articles.core.formats.cleanup.html_tags import KNOWN
from articles.importing.images import Intake, RefusedImage
from tests.site.translations.test_german import catalogue
from tests.support.paths import PROJECT

FOLDERS = (
    "articles/admin/articles/beginning",
    "articles/core/formats",
    "articles/core/http",
    "articles/importing/articles",
    "articles/importing/images",
)
MODULES = [path for folder in FOLDERS for path in sorted((PROJECT / folder).rglob("*.py"))]
# Messages that only commands show, which are in English.
OF_COMMANDS = {"articles/importing/articles/batch.py"}
# How many of the arguments of these are message ids, a plural included.
MARKED = {"lazy_message": 1, "lazy_plural": 2, "noop": 1, "gettext": 1, "gettext_lazy": 1, "ngettext": 2}
PROSE = re.compile(r"[^\W\d_]{2,} [^\W\d_]+")
# Texts of several words that nobody reads on the page, with the reason.
ALLOWED = {
    "cited-articles/1 (imports feeds, chapters, transcripts and images)": "sent to servers",
    "no address": "a technical detail of a failed connection, as the system's own",
    "YouTube id": "a placeholder for the value in a pattern that is JSON",
    "Imported from ": "stored, and translated where it is shown",
    "Imported a newer text.": "stored, and translated where it is shown",
    "Added the recording.": "stored, and translated where it is shown",
    "The published text has been edited here since; the imported text was kept as a draft.": "only if a command publishes",
    "The text was kept as a draft: ": "only if a command publishes",
}


def called(node):
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def read(path):
    """Return (message ids, other texts of several words) of a module, without docstrings and patterns."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    ids, skipped, texts = [], set(), []
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(node.value)  # a docstring
        elif isinstance(node, ast.Call) and called(node) in MARKED:
            found = node.args[: MARKED[called(node)]]
            ids += [argument.value for argument in found[:1] if isinstance(argument, ast.Constant)]
            skipped.update(found)
        elif isinstance(node, ast.Call) and getattr(getattr(node.func, "value", None), "id", "") == "re":
            skipped.update(ast.walk(node))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            texts.append(node)
    others = [node.value for node in texts if node not in skipped and PROSE.search(node.value)]
    return ids, [text for text in others if text not in ALLOWED and not KNOWN.issuperset(text.split())]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_every_message_about_a_received_text_is_marked_and_translated(path):
    ids, others = read(path)

    known = catalogue()
    assert [text for text in ids if text not in known or not known[text].translated()] == []
    assert str(path.relative_to(PROJECT)) in OF_COMMANDS or others == []


@pytest.mark.django_db
def test_a_german_site_says_in_german_what_became_of_a_text(editor_client, german):
    text = "```markdown\n# Schlaf\n\nRuhe <i>hilft</i>.\x02\x03 [00:99:00]\n\n####### Tief\n\nMehr.\n```\n"

    preview = editor_client.post(reverse("admin:receive_article"), {"_preview": "", "text": text}).context["preview"]

    assert [(str(kind), problem.reason) for problem, kind in preview.problems] == [
        ("Codeblock", "Die Zeichen eines Codeblocks um den ganzen Artikel wurden entfernt."),
        (
            "Folge",
            "Der Text nennt keine Aufnahme. Wählen Sie eine Folge, damit seine Zeitmarken zu Belegstellen werden.",
        ),
        ("HTML", "<i> wurde in Markdown umgewandelt."),
        ("Zeichen", "2 Steuerzeichen wurden durch � ersetzt; dies ist das erste."),
        ("Zeitmarke", "Minuten nach Stunden gehen von 00 bis 59; „00:99:00“ hat 99."),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        (
            "%PDF-1.7 …",
            "Das ist eine PDF-Datei, kein Text: Öffnen Sie das Original, kopieren Sie den Text, und fügen Sie ihn ein.",
        ),
        (
            "---\ntitle: Schlaf\n\nRuhe.\n",
            "Zeile 1: Die Kopfzeilen sind nicht abgeschlossen: Fügen Sie nach dem letzten Schlüssel eine Zeile --- ein.",
        ),
        (
            "Title: Schlaf\n\n" + "# Kapitel\n\n" * 1001,
            "Der Text hat 1001 Abschnitte, mehr als 1000. Teilen Sie ihn auf.",
        ),
    ],
)
def test_a_german_site_says_in_german_why_a_text_was_refused(editor_client, german, text, refusal):
    response = editor_client.post(reverse("admin:receive_article"), {"_preview": "", "text": text})

    assert response.context["form"].errors["text"] == [refusal]


@pytest.mark.django_db
def test_a_german_site_says_in_german_why_an_image_was_not_fetched(editor, german):
    with pytest.raises(RefusedImage) as refused:
        Intake(editor)("http://images.example:1/a.png")

    assert str(refused.value) == (
        "Das Bild unter http://images.example:1/a.png ist nicht auf dieser Website gespeichert. "
        "http://images.example:1/a.png ließ sich nicht abrufen: Port 1 gehört nicht zu 80, 443, 8000, 8080, 8443. Laden Sie das Bild hoch."
    )
