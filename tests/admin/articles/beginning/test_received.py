"""The page that takes a received text: what it shows before anything is saved, and what it saves."""

import io
import zipfile

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from articles import workflow
from articles.models import Article, Revision
from tests.admin.editor.screen.addresses import change_url
from tests.support.clients import logged_in, messages_of
from tests.support.factories import make_draft, make_episode, make_user

pytestmark = pytest.mark.django_db

TIDES = (
    "Title: Tides\n\nThe sea rises [00:01:02].\n\n# Moon & sun\n\nIt pulls \\[00:02:03\\] <i>hard</i>.\n\n"
    "### Pull\n\nHard [00:99:00].\n"
)


def receive(client, button="_preview", **data):
    return client.post(reverse("admin:receive_article"), {button: "", **data})


def seen(response):
    return response.context["form"]["seen"].value()


def errors(response):
    form = response.context["form"]
    return [*form.non_field_errors(), *(str(error) for field in form for error in field.errors)]


def test_the_preview_shows_sections_citations_and_problems_and_saves_nothing(editor_client):
    episode = make_episode()

    response = receive(editor_client, text=TIDES, episode=episode.reference)

    text = response.content.decode()
    preview = response.context["preview"]
    assert response.status_code == 200
    assert [(part.heading, part.level, part.citation_count) for part in preview.parts] == [
        ("", 0, 1),
        ("Moon & sun", 1, 1),
        ("Pull", 2, 0),
    ]
    assert "2 sections, 2 citations." in text
    assert "A new article, /tides/." in text
    assert "Moon &amp; sun" in text
    assert [(problem.line, str(kind), problem.reason) for problem, kind in preview.problems] == [
        (7, "Escaped", "An escaped citation became a citation."),
        (7, "HTML", "<i> was converted to Markdown."),
        (11, "Timestamp", "Minutes after hours go from 00 to 59; “00:99:00” has 99."),
    ]
    assert "&lt;i&gt; was converted to Markdown." in text
    assert "Line 11, Timestamp" in text
    assert TIDES.splitlines()[2] in text  # still in the box, to be corrected
    assert not Article.objects.exists()


def test_what_was_shown_becomes_a_draft(editor_client, editor):
    data = {"text": TIDES, "episode": make_episode().reference}

    response = receive(editor_client, "_create", **data, seen=seen(receive(editor_client, **data)))

    draft = Revision.objects.get()
    assert response.url == change_url(draft.article, draft)
    assert messages_of(response) == ["The received text is your draft now. Nothing has been published."]
    assert (draft.title, draft.author, draft.status, draft.citation_count) == ("Tides", editor, "draft", 2)


@pytest.mark.parametrize("change", [{"text": f"{TIDES}More.\n"}, {"title": "Neap tides"}, {"seen": "0" * 64}])
def test_a_text_that_was_not_shown_is_shown_first(editor_client, change):
    data = {"text": TIDES, "seen": seen(receive(editor_client, text=TIDES))}

    response = receive(editor_client, "_create", **data | change)

    assert response.context["preview"]
    assert "The text has changed since the preview." in response.content.decode()
    assert not Article.objects.exists()
    assert receive(editor_client, "_create", **data | change | {"seen": seen(response)}).status_code == 302


def test_a_file_is_read_and_put_into_the_box(editor_client):
    file = SimpleUploadedFile("neap_tides.md", "\ufeffTitle: Gezeiten – Ebbe\n\nWörter.\n".encode())

    response = receive(editor_client, text="", file=file)

    form = response.context["form"]
    assert form["text"].value() == "Title: Gezeiten – Ebbe\n\nWörter.\n"
    assert "A new article, /gezeiten-ebbe/." in response.content.decode()
    again = {name: form[name].value() for name in ("text", "file_name", "seen")}
    receive(editor_client, "_create", **again)
    assert Article.objects.get().slug == "gezeiten-ebbe"
    again["text"] += "Mehr.\n"
    assert "A newer text of the article /gezeiten-ebbe/" in receive(editor_client, **again).content.decode()


def test_a_file_without_a_title_is_named_after_its_name(editor_client):
    file = SimpleUploadedFile("neap_tides.md", b"Words that go on and on, and end here.")

    assert "A new article, /neap-tides/." in receive(editor_client, file=file).content.decode()


def zipped(*names):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "found"),
    [
        ("talk.docx", zipped("[Content_Types].xml", "word/document.xml"), "a Word document (.docx)"),
        ("talk.zip", zipped("talk.md"), "a zip archive"),
        ("talk.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Word document (.doc)"),
        ("talk.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "a PDF file"),
        ("talk.rtf", rb"{\rtf1\ansi\deff0 {\fonttbl}Words}", "a rich text file (.rtf)"),
        ("talk.txt", b"\n<!-- saved -->\n<!DOCTYPE html>\n<title>Words</title>", "a web page (HTML)"),
        ("talk.HTML", b"<h1>Words</h1>", "a web page (HTML)"),
    ],
)
def test_a_file_of_another_format_is_named_as_what_it_is(editor_client, name, data, found):
    response = receive(editor_client, file=SimpleUploadedFile(name, data))

    assert errors(response) == [f"This is {found}, not a text: open it, copy its text and paste that."]
    assert not Article.objects.exists()


def test_pasted_source_of_another_format_is_refused_too(editor_client):
    for text in (r"{\rtf1\ansi Words}", "<html><body>Words</body></html>"):
        assert errors(receive(editor_client, text=text, title="Words"))[0].startswith("This is a")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "Either paste the text or choose a file."),
        ({"text": " \n"}, "Either paste the text or choose a file."),
        ({"text": "Words that go on and on, and end here."}, "The text has no title: enter one."),
        ({"text": "{", "file_name": "talk.json"}, "Line 1: invalid JSON (Expecting property name"),
        ({"text": TIDES, "episode": "none/such"}, "There is no episode “none/such”."),
    ],
)
def test_what_is_wrong_is_said_at_its_field(editor_client, data, message):
    response = receive(editor_client, **data)

    assert response.status_code == 400
    assert [error for error in errors(response) if error.startswith(message)]
    assert response.context["preview"] is None


def test_a_file_in_another_encoding_is_read_and_that_is_said(editor_client):
    file = SimpleUploadedFile("tides.md", "Title: Tides\n\nLe café naïf est fermé.\n".encode("cp1252"))

    response = receive(editor_client, file=file, episode=make_episode().reference)

    reason = "The file isn’t UTF-8; it was read as Windows-1252. Check that its letters are right."
    assert "Le café naïf est fermé." in response.context["form"]["text"].value()
    assert [(problem.line, problem.reason) for problem, _ in response.context["preview"].problems] == [(3, reason)]


def test_a_file_that_is_no_text_is_refused(editor_client):
    file = SimpleUploadedFile("talk.md", b"Title: Tides\n\n\xff\xfe\x00 words")

    assert errors(receive(editor_client, file=file)) == ["The file isn’t text in a known encoding. Save it as UTF-8."]
    both = receive(editor_client, text=TIDES, file=SimpleUploadedFile("talk.md", b"Title: Tides"))
    assert errors(both) == ["Either paste the text or choose a file."]


def test_the_same_text_again_leads_to_the_article(editor_client):
    receive(editor_client, "_create", text=TIDES, seen=seen(receive(editor_client, text=TIDES)))

    text = receive(editor_client, text=TIDES).content.decode()

    assert "This text is on the site already, and nothing would be changed." in text
    assert reverse("admin:articles_revision_change", args=[Revision.objects.get().pk]) in text
    assert 'name="_create"' not in text


def test_a_text_whose_draft_was_discarded_leads_to_the_history(editor_client, editor):
    receive(editor_client, "_create", text=TIDES, seen=seen(receive(editor_client, text=TIDES)))
    draft = Revision.objects.get()
    workflow.discard(draft, by=editor, version=draft.version)

    text = receive(editor_client, text=TIDES).content.decode()

    assert "A draft of this text was discarded, and nothing would be changed. Restore it instead:" in text
    assert (
        f'<a href="{reverse("admin:articles_article_history", args=[draft.article_id])}">History of Tides</a>' in text
    )
    assert 'name="_create"' not in text


def test_a_newer_text_is_shown_as_one(editor_client):
    receive(editor_client, "_create", text=TIDES, seen=seen(receive(editor_client, text=TIDES)))

    text = receive(editor_client, text=f"{TIDES}More.\n").content.decode()

    assert "A newer text of the article /tides/, as your draft of it." in text


def test_what_the_workflow_refuses_is_said_and_nothing_is_saved(editor_client, editor):
    receive(editor_client, "_create", text=TIDES, seen=seen(receive(editor_client, text=TIDES)))
    page = editor_client.get(change_url(Article.objects.get()))
    assert page.status_code == 200
    Revision.objects.update(received_digest="")

    response = receive(editor_client, text=f"{TIDES}More.\n")

    assert errors(response) == ["editor has an open draft of this article. Submit or discard it."]


def test_markup_is_shown_and_never_run(editor_client):
    hostile = (
        "Title: <script>alert(1)</script>\n\n# <img src=x onerror=alert(2)>\n\n<script>alert(3)</script> [00:99:00\n"
    )

    text = receive(editor_client, text=hostile).content.decode()

    assert "<script>alert" not in text
    assert "<img src=x" not in text


def test_images_of_other_sites_are_not_fetched_for_the_preview(editor_client):
    response = receive(editor_client, text="Title: Tides\n\n![Sea](https://example.org/sea.png)\n")

    (_, (problem, kind)) = response.context["preview"].problems
    assert (problem.line, str(kind), problem.code) == (3, "Image", "image-refused")
    assert "It wasn’t fetched." in problem.reason


def test_it_takes_the_permissions_to_add_recordings_too(db):
    user = make_user("writer", groups=())
    names = ["add_article", "change_article", "change_revision", "add_show"]
    user.user_permissions.set(Permission.objects.filter(codename__in=names, content_type__app_label="articles"))

    assert logged_in(user).get(reverse("admin:receive_article")).status_code == 403
    assert logged_in(user).get(reverse("admin:begin_article")).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_preview_takes_as_many_queries_however_long_the_text_is(
    editor_client, editor, count, django_assert_num_queries
):
    make_draft("other", by=editor)
    text = "Title: Tides\n\n" + "".join(f"# Part {n}\n\nIt pulls [00:02:03].\n\n" for n in range(count))
    receive(editor_client, text=text)

    with django_assert_num_queries(30):
        receive(editor_client, text=text)
