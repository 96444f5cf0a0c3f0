"""What was meant as a citation, heading, link or image in an imported file is read, or a row in the report says so."""

import base64
import csv
import io
import re
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.core.management import call_command
from PIL import Image

from articles.derived.checks import lint_results
from articles.derived.texts.derivation import read_stored
from articles.importing import images
from articles.models import Article, Citation, Revision
from tests.support.factories import make_user
from tests.support.servers.http import Site

pytestmark = pytest.mark.django_db

HEAD = "---\ntitle: Pumps\nvideoId: abcdefghijk\n---\n\nFrom: [[harbour]] <br/>\n\n"


@pytest.fixture
def import_text(tmp_path, settings, django_capture_on_commit_callbacks):
    """A function (text) that imports it with the real command and returns its citations and the report's rows."""
    settings.MEDIA_ROOT = tmp_path / "media"
    make_user("importer", groups=("Administrators",))
    (tmp_path / "in").mkdir()

    def run(text, **options):
        (tmp_path / "in" / "pumps.md").write_text(HEAD + text, encoding="utf-8")
        options = {
            "username": "importer",
            "report": tmp_path / "report.csv",
            "verbosity": 0,
            "stdout": StringIO(),
        } | options
        with django_capture_on_commit_callbacks(execute=True):
            call_command("import_articles", str(tmp_path / "in"), **options)
        with (tmp_path / "report.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        return sorted(Citation.objects.values_list("start_seconds", flat=True)), rows

    return run


def png(colour="teal"):
    out = io.BytesIO()
    Image.new("RGB", (8, 4), colour).save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


READ = [
    "\\[00:06:31\\]", "\\[6:31]", "[00\\:06\\:31]", "[6:31](https://youtu.be/abcdefghijk?t=391)", "[(6:31)](https://youtu.be/abcdefghijk?t=391)",
    "[6:31](https://www.google.com/url?q=https://youtu.be/abcdefghijk?t%3D391&sa=D)", "[6:31](#t=391)",
    '<a href="https://youtu.be/abcdefghijk?t=391">6:31</a>', "[00:\u200b06:31]", "[\u206600:06:31\u2069]", "[00:06\u00ad:31]", "[\u00a000:06:31]",
    "[00\u200d:06:31]",
]  # fmt: skip


@pytest.mark.parametrize("written", READ)
def test_what_is_certain_is_read_and_reported(import_text, written):
    citations, rows = import_text(f"The pump fails {written}.")

    assert citations == [391]
    assert len(rows) == 1
    assert rows[0]["line"] == "8"
    assert rows[0]["kind"] in ("escaped", "linked", "characters")


FLAGGED = [
    "[6m31s]", "[@6:31]", "[t=391]", "@6:31", "(6:31)", "(00:06:31)", "{00:06:31}", "<00:06:31>", "【00:06:31】", "《00:06:31》", "[00：06：31]",
    "[٠٠:٠٦:٣١]", "[00.06.31]", "[6:31 → 7:10]", "[00:06:31; 00:07:10 x]", "[00:06:31", "[00:06:31)", "[00:06:31,\n00:07:10]", "⁰⁰:⁰⁶:³¹",
    "`[00:06:31]`", "&#91;00:06:31&#93;", "https://youtu.be/abcdefghijk?t=391", "[6:31](https://youtu.be/zzzzzzzzzzz?t=391)",
    "[06;31]", "[0:6.31]", "[O6:31]", "[06:31?]", "[06:31 ff]", "[06:31 - end]", "[06:31", "06:31]", "[e2, 06:31]", "[06:31 e2]", "[06:31;12]",
    "[–00:06:31]", "[6.31] [00:07:10]", "[1:2:3:4]",
    "[map] (https://a.example/x)", "[map](https://a.example/x]", "[map][1]", "[map](file:///x.pdf)", "![map](x.png)", "![[map.png]]",
    "![map](http://a.example/x.png)", "\\[\\[tides\\]\\]",
]  # fmt: skip


@pytest.mark.parametrize("written", FLAGGED)
def test_the_rest_is_reported(import_text, written):
    _, rows = import_text(f"First.\n\nThe pump fails {written}.")

    assert rows, written
    assert {row["line"] for row in rows} == {"10"}
    assert all(row["reason"] for row in rows)


@pytest.mark.parametrize(
    "text",
    [
        "We met at 6:31 am.", "A ratio of 3:1 (3:1).", "See John 3:16 (John 3:16).", "They won 21:15 (11:09).", "On 2026-11-28T10:30:00.",
        "Code `x[1:20]` and\n\n```\n\\[00:06:31\\]\n```", "It took 6m31s.", "A link to [the map](https://a.example/x 'Map').",
    ],
)  # fmt: skip
def test_what_is_meant_as_written_is_not_reported(import_text, text):
    citations, rows = import_text(text)

    assert (citations, rows) == ([], [])
    assert Revision.objects.get().lead == text


@pytest.mark.parametrize(
    "line", ["\\## Valves", "##\u00a0Valves", "## Valves\u200b", "<h2>Valves</h2>", "<h2 id='v'>Valves\n</h2>"]
)
def test_a_heading_is_read(import_text, line):
    import_text(f"Lead.\n\n{line}\n\nThe pump fails [00:06:31].")

    (section,) = Revision.objects.get().section_set.all()
    assert (section.heading, section.body) == ("Valves", "The pump fails [00:06:31].")


@pytest.mark.parametrize(
    "written",
    [
        "![map](data:image/png;base64,{})",
        "![map][1]\n\n[1]: <data:image/png;base64,{}>",
        '<img alt="map" src="data:image/png;base64,{}">',
    ],
)
def test_an_image_in_the_text_is_stored_once(import_text, written):
    text = f"The pump [00:06:31].\n\n{written.format(png())}\n\nIt fails [6m31s]."
    _, rows = import_text(text)

    draft = Revision.objects.get()
    name = draft.lead.split("/media/")[1].split(".webp")[0] + ".webp"
    with default_storage.open(name) as file:
        assert Image.open(file).size == (8, 4)
    parts, _ = read_stored(draft)
    assert f'<img src="/media/{name}" alt="map"' in parts[0].body.html
    assert "base64" not in draft.lead
    assert [(row["line"], row["kind"]) for row in rows if row["kind"] in ("image", "unread-citation")] == [
        (str(10 + 2 * ("[1]:" in written)), "image"),
        (str(12 + 2 * ("[1]:" in written)), "unread-citation"),
    ]

    import_text(text)

    assert Revision.objects.count() == 1
    assert len(default_storage.listdir("uploads")[1]) == 1


def test_a_dry_run_stores_no_image(import_text):
    _, rows = import_text(f"![map](data:image/png;base64,{png()})", dry_run=True)

    assert [row["kind"] for row in rows] == ["image"]
    assert not Article.objects.exists()
    assert not default_storage.exists("uploads")


@pytest.mark.parametrize("data", ["AAAA", "not*base64", base64.b64encode(b"<svg/>").decode()])
def test_an_image_that_is_none_is_refused_and_never_shown_as_text(import_text, data):
    _, rows = import_text(f"![map](data:image/png;base64,{data})")

    (part,), episodes = read_stored(Revision.objects.get())
    assert "image-refused" in [row["kind"] for row in rows]
    assert "base64" not in part.body.html
    assert "map" in part.body.html
    text = lint_results.as_text("Pumps", Revision.objects.get().lead, [part], episodes)
    assert text.parts[0].rendered is part.body


def test_an_image_that_is_too_large_is_refused_with_the_reason(import_text, settings):
    settings.UPLOAD_IMAGE_MAX_BYTES = 10
    _, rows = import_text(f"![map](data:image/png;base64,{png()})")

    assert any(row["kind"] == "image-refused" and "larger than" in row["reason"] for row in rows)
    with pytest.raises(images.RefusedImage):
        images.Intake(User.objects.get())(base64.b64decode(png()))


# Images of other sites


@pytest.fixture
def site(local_network):
    cache.clear()
    with Site() as site:
        site.page("/a.png", base64.b64decode(png()))
        yield site


def test_an_image_of_another_site_is_fetched_once_for_all_imports(import_text, site):
    text = f"![map]({site.address}/a.png) fails [6m31s]."
    _, rows = import_text(text)

    draft = Revision.objects.get()
    assert re.fullmatch(r"!\[map\]\(/media/uploads/[0-9a-f]{64}\.webp\) fails \[6m31s\]\.", draft.lead)
    assert [(row["kind"], row["line"], row["column"]) for row in rows] == [
        ("image", "8", "8"),
        ("unread-citation", "8", str(len(text) - 7)),
    ]
    _, again = import_text(text)
    assert Revision.objects.count() == 1
    assert [row["outcome"] for row in again] == ["unchanged", "unchanged"]
    import_text(f"{text} More.")
    assert Revision.objects.get().lead == f"{draft.lead} More."
    assert len(site.asked) == 1


@pytest.mark.parametrize("option", ["offline", "dry_run"])
def test_an_import_without_fetching_keeps_the_text_and_reports_each_image(import_text, site, option):
    _, rows = import_text(f"![map]({site.address}/a.png)", **{option: True})

    assert [(row["kind"], row["line"]) for row in rows] == [("image-refused", "8")]
    assert f"{site.address}/a.png isn’t stored on this site. It wasn’t fetched" in rows[0]["reason"]
    assert [draft.lead for draft in Revision.objects.all()] == [f"![map]({site.address}/a.png)"] * (option == "offline")
    assert site.asked == []


def test_an_import_reports_images_that_cannot_be_fetched(import_text, site):
    site.page("/b.png", status=404)
    _, rows = import_text(f"First.\n\n<img src='{site.address}/b.png' alt='map'> here ![map]({site.address}/a.png).")

    assert [(row["kind"], row["line"]) for row in rows] == [("html", "10"), ("image-refused", "10"), ("image", "10")]
    assert "404" in rows[1]["reason"]


def test_the_table_of_an_import_lists_all_images_that_could_not_be_fetched_first(import_text, site):
    stdout = StringIO()
    names = [f"{number}.png" for number in range(6)]
    pictures = "\n\n".join(f"![map]({site.address}/{name})" for name in names)
    import_text(f"Opens [6m31s].\n\n{pictures}", offline=True, verbosity=1, stdout=stdout)

    lines = stdout.getvalue().splitlines()
    assert [name for name in names if any(name in line for line in lines)] == names
    assert "image-refused" in lines[0]
    assert any("unread-citation" in line for line in lines)
