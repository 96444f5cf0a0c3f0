"""The library of images: who can see it, what it finds, where images are used, and their descriptions."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from articles import workflow
from articles.models import Article, Revision, Upload
from articles.workflow.content import SectionContent, content_of
from tests.admin.editor.images.test_uploads import image_bytes
from tests.support.clients import logged_in
from tests.support.factories import make_change, make_draft, make_published, make_user

pytestmark = pytest.mark.django_db

LIBRARY, UPLOAD = "/admin/images/", "/admin/images/upload/"


@pytest.fixture
def client(editor, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return logged_in(editor)


def make_upload(name="a", **values):
    return Upload.objects.create(name=f"uploads/{name}.webp", **{"size": 9, "width": 8, "height": 4} | values)


def showing(*names):
    return (SectionContent("Maps", "\n\n".join(f"![A map](/media/uploads/{name}.webp)" for name in names)),)


def listed(client, **query):
    response = client.get(LIBRARY, query)
    assert response.status_code == 200
    return [
        (image.upload.name[8:-5], image.count, [(use.title, state) for use, state in image.uses])
        for image in response.context["images"]
    ]


def test_images_are_found_by_what_is_said_of_them_and_by_file_name(client, editor):
    make_upload("one", alt="A map of the bay", credit="Ines Alba", file_name="IMG 7.png")
    make_upload("two", alt="A map of the port", credit="Ada", by=editor)
    make_upload("gone", alt="A map", size=0)

    assert [name for name, _, _ in listed(client)] == ["two", "one"]
    assert [name for name, _, _ in listed(client, q="MAP bay")] == ["one"]
    assert [name for name, _, _ in listed(client, q="alba")] == ["one"]
    assert [name for name, _, _ in listed(client, q="img 7")] == ["one"]
    assert [name for name, _, _ in listed(client, q="uploads/two")] == ["two"]
    assert listed(client, q="map bay port\0") == []
    assert "No image has these words. Search for fewer." in client.get(LIBRARY, {"q": "nothing"}).text


def test_an_image_names_the_texts_that_show_it_published_ones_first(client, editor):
    for name in ("map", "other", "unused"):
        make_upload(name)
    article = make_published("ebb", by=editor, title="Ebb", sections=showing("map", "map"))
    published = article.published_revision
    workflow.start_draft(article, content_of(published), by=make_user("other"), base=published)
    draft = make_draft("flow", by=editor, title="Flow", sections=showing("map", "other"))

    assert listed(client) == [
        ("unused", 0, []),
        ("other", 1, [("Flow", "draft")]),
        ("map", 2, [("Ebb", "published"), ("Flow", "draft")]),
    ]
    assert [name for name, _, _ in listed(client, unused="on")] == ["unused"]

    workflow.withdraw(workflow.submit(draft, by=editor), by=editor)
    assert listed(client)[1] == ("other", 1, [("Flow", "earlier text")])
    assert [name for name, _, _ in listed(client, unused="on")] == ["unused"]
    page = client.get(reverse("admin:image", args=[Upload.objects.get(name="uploads/map.webp").pk])).text
    assert "revision 1 (published)" in page
    assert "revision 2 (draft)" in page


def test_what_was_public_is_an_earlier_text_and_not_one_that_waits(client, editor, moderator, people):
    address = reverse("admin:image", args=[make_upload("map").pk])
    article = make_published("ebb", **people, title="Ebb", sections=showing("map"))
    first = article.published_revision
    change = workflow.approve(make_change(article, by=editor, sections=showing("map")), by=moderator)

    def states():
        return {revision.number: state for revision, state in client.get(address).context["uses"]}

    assert states() == {1: "published", 2: "approved"}
    workflow.publish(change, by=moderator)
    workflow.revert(Revision.objects.get(pk=first.pk), by=moderator, reason="Wrong.")
    assert states() == {1: "published", 2: "earlier text"}
    workflow.unpublish(Article.objects.get(), by=moderator, reason="Wrong.")
    assert states() == {1: "earlier text", 2: "earlier text"}


def test_an_article_with_many_texts_leaves_room_for_others(client, editor, people):
    make_upload("map")
    article = make_published("ebb", **people, title="Ebb", sections=showing("map"))
    for number in range(4):
        change = make_change(article, by=editor, title="Ebb", lead=f"Lead {number}.")
        workflow.publish(workflow.approve(change, by=people["moderator"]), by=people["moderator"])
    gone = workflow.submit(make_draft("flow", by=editor, title="Flow", sections=showing("map")), by=editor)
    workflow.withdraw(gone, by=editor)

    assert listed(client) == [("map", 2, [("Ebb", "published"), ("Flow", "earlier text")])]


def test_an_image_of_an_erased_text_is_no_longer_used_and_an_erased_one_is_gone(client, editor, people):
    upload = make_upload("map", alt="A map")
    article = make_published("ebb", **people, sections=showing("map"))
    first = article.published_revision
    change = make_change(article, by=editor, lead="Another lead.")
    workflow.publish(workflow.approve(change, by=people["moderator"]), by=people["moderator"])
    assert listed(client) == [("map", 1, [("Sleep", "published")])]

    workflow.erase(first, by=make_user("root", is_superuser=True), reason="A court.")
    upload.refresh_from_db()
    assert listed(client) == [("map", 1, [("Sleep", "published")])]
    assert upload.alt == ""

    Upload.objects.erase([upload.name])
    assert listed(client) == []
    assert client.get(reverse("admin:image", args=[upload.pk])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_stays_the_same(client, editor, django_assert_num_queries, count):
    for number in range(count):
        make_upload(f"map-{number}", by=editor)
        names = [f"map-{other}" for other in range(number + 1)]
        make_published(f"ebb-{number}", by=editor, sections=showing(*names))
    client.get(LIBRARY)

    with django_assert_num_queries(9):
        assert len(listed(client)) == count
    with django_assert_num_queries(6):
        assert client.get(reverse("admin:articles_images")).text.count("data-choice=") == count


def test_pages_have_thirty_images(client):
    for number in range(31):
        make_upload(f"map-{number}")

    assert len(listed(client)) == 30
    assert [name for name, _, _ in listed(client, page=2)] == ["map-0"]


def test_an_image_is_described_and_its_markdown_is_shown(client):
    upload = make_upload("map")
    address = reverse("admin:image", args=[upload.pk])

    response = client.post(address, {"alt": "A *map* [of] it_ snake_case", "credit": "Photo: <Ines>"}, follow=True)

    assert "Saved. Texts that show the image stay as they are." in response.text
    assert response.context["image"].markdown == (
        "![A \\*map\\* \\[of\\] it\\_ snake_case](/media/uploads/map.webp)\\\n*Photo: \\<Ines>*"
    )
    answer = client.post(address, {"alt": "A map", "credit": ""}, headers={"Accept": "application/json"})
    assert answer.json() == {"alt": "A map"}
    refused = client.post(address, {"alt": "x" * 501, "credit": "Ines"})
    assert refused.status_code == 400
    assert "Ensure this value has at most 500 characters (it has 501)." in refused.text
    upload.refresh_from_db()
    assert (upload.alt, upload.credit) == ("A map", "")


def test_what_somebody_else_said_of_an_image_meanwhile_is_not_replaced_unseen(client):
    upload = make_upload("map")
    address = reverse("admin:image", args=[upload.pk])
    page = client.get(address).text
    client.post(address, {"alt": "A long, careful text", "credit": "A"})
    loaded = {"initial-alt": "", "initial-credit": ""}

    refused = client.post(address, loaded | {"alt": "A map", "credit": ""})
    kept = client.post(address, loaded | {"alt": "", "credit": "A"}, follow=True)
    again = client.post(address, {"initial-alt": "A long, careful text", "initial-credit": "A", "alt": "A map", "credit": "A"}, follow=True)  # fmt: skip

    assert all(f'type="hidden" name="{name}"' in page for name in loaded)
    assert refused.status_code == 400
    assert "Someone else changed this after you opened the page, to “A long, careful text”." in refused.text
    assert ">\nA map</textarea>" in refused.text
    assert kept.context["image"].upload.alt == "A long, careful text"
    assert (again.context["image"].upload.alt, again.context["image"].upload.credit) == ("A map", "A")


def test_an_image_is_uploaded_without_scripts(client):
    file = SimpleUploadedFile("A teal field.png", image_bytes(), "image/png")

    response = client.post(UPLOAD, {"image": file}, follow=True)

    upload = Upload.objects.get()
    assert response.redirect_chain == [(reverse("admin:image", args=[upload.pk]), 302)]
    assert (upload.file_name, upload.width, upload.height) == ("A teal field.png", 40, 20)
    refused = client.post(UPLOAD, {"image": SimpleUploadedFile("a.png", b"<svg/>", "image/png")}, follow=True)
    assert "Not uploaded: This isn’t a supported image. Choose a JPEG, PNG, WebP or GIF." in refused.text
    assert "Not uploaded: No file received." in client.post(UPLOAD, follow=True).text
    assert Upload.objects.count() == 1


def test_only_people_who_write_see_the_library(editor):
    upload = make_upload()
    reader = make_user("reader", groups=())
    reader.is_staff = True
    reader.save()
    client = logged_in(reader)
    for address in (LIBRARY, reverse("admin:image", args=[upload.pk]), reverse("admin:articles_images")):
        assert client.get(address).status_code == 403
    assert client.post(reverse("admin:image", args=[upload.pk]), {"alt": "x", "credit": ""}).status_code == 403


def test_an_upload_in_the_editor_brings_what_the_library_says(client):
    def send():
        file = SimpleUploadedFile("teal.png", image_bytes(), "image/png")
        return client.post(reverse("admin:articles_upload"), {"image": file}).json()

    first = send()
    client.post(first["describe_url"], {"alt": "A teal field", "credit": "Ada"})

    assert (first["alt"], first["credit"]) == ("", "")
    again = send()
    assert (again["alt"], again["credit"], again["image_path"]) == ("A teal field", "Ada", first["image_path"])
