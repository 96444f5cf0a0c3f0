"""Descriptions of images: who can write them, how long they are, and that they go with a name or a text."""

import pytest

from articles import workflow
from articles.models import Upload
from articles.workflow.governance import uploads
from tests.support.factories import make_user

pytestmark = pytest.mark.django_db


def make_upload(name="uploads/a.webp", **values):
    return Upload.objects.create(name=name, **{"size": 9, "width": 8, "height": 4} | values)


def said():
    return list(Upload.objects.values_list("alt", "credit", "file_name"))


def test_editors_describe_images(editor):
    upload = make_upload()

    uploads.describe(upload, by=editor, alt="  A\nmap  of it ", credit="Ines Alba, CC BY 4.0")

    assert said() == [("A map of it", "Ines Alba, CC BY 4.0", "")]


def test_nobody_else_does_and_nothing_too_long_or_erased_is_described(editor):
    upload = make_upload()
    with pytest.raises(workflow.NotAllowed):
        uploads.describe(upload, by=make_user("reader", groups=()), alt="A", credit="")
    with pytest.raises(workflow.InvalidTransition, match="Shorten the credit to 200 characters or fewer"):
        uploads.describe(upload, by=editor, alt="A" * 500, credit="x" * 201)
    with pytest.raises(workflow.InvalidTransition, match="Shorten the alt text to 500 characters or fewer"):
        uploads.describe(upload, by=editor, alt="A" * 501, credit="")
    Upload.objects.update(size=0)
    with pytest.raises(workflow.InvalidTransition, match="This image has been erased"):
        uploads.describe(upload, by=editor, alt="A", credit="")
    assert said() == [("", "", "")]


def test_only_what_was_seen_is_replaced(editor):
    upload = make_upload(alt="A long careful text")

    with pytest.raises(workflow.InvalidTransition, match="Someone else has just described this image"):
        uploads.describe(upload, by=editor, alt="A map", credit="", over={"alt": "", "credit": ""})
    assert said() == [("A long careful text", "", "")]


def test_a_name_is_withheld_in_what_is_said_of_images():
    make_user("ines", first_name="Ines", last_name="Alba")
    make_upload(alt="Ines Alba at work", credit="Photo: Ines Alba", file_name="Ines Alba.jpg")

    workflow.suppress_name("ines", by=make_user("root", is_superuser=True))

    assert not any("Alba" in text for text in said()[0])
    assert said()[0][0].endswith("at work")


def test_an_image_that_is_erased_loses_what_is_said_of_it():
    upload = make_upload(alt="A map", credit="Ines", file_name="map.png")

    Upload.objects.erase([upload.name])

    assert said() == [("", "", "")]
    assert not Upload.objects.stored().exists()
