"""Saving, pasting and merging store images of other sites; readers never load an image from elsewhere."""

import base64

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from articles import workflow
from articles.models import Revision, Upload
from articles.workflow.collaboration import margin, suggested_edits
from articles.workflow.content import SectionContent, content_of
from tests.admin.editor.screen.addresses import change_url, sent_back
from tests.admin.editor.test_autosave import autosave, fields
from tests.importing.test_images import colour, picture
from tests.support.clients import logged_in, messages_of
from tests.support.factories import make_change, make_draft, make_published, make_user
from tests.support.scenarios.reviewing import sections_of
from tests.support.servers.http import Site

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(local_network, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    cache.clear()
    with Site() as site:
        site.page("/a.png", picture())
        site.page("/gone.png", status=410)
        yield site


def save(client, draft, **changes):
    page = client.get(change_url(draft.article))
    return client.post(change_url(draft.article), sent_back(page, _save="", **changes), follow=True)


def texts(draft):
    section = draft.section_set.get()
    return Revision.objects.get(pk=draft.pk).lead, section.heading, section.body


def test_saving_stores_images_of_lead_and_sections_and_shows_the_text_as_stored(site, editor_client, editor):
    draft = make_draft(by=editor)
    image = f"![a]({site.address}/a.png)"
    response = save(
        editor_client, draft, lead=image, sections__0__heading=f"Sea {image}", sections__0__body=f"{image} {image}"
    )

    stored = f"![a](/media/{Upload.objects.get().name})"
    assert texts(draft) == (stored, f"Sea {stored}", f"{stored} {stored}")
    assert response.context["form"].text["lead"].value() == stored
    assert len(site.asked) == 1
    assert messages_of(response) == [
        "Saved as revision 1. The published text hasn’t changed.",
    ]


def test_an_image_that_cannot_be_stored_stays_in_the_text_with_an_issue_that_names_it(site, editor_client, editor):
    draft = make_draft(by=editor)
    address = f"{site.address}/gone.png"
    response = save(editor_client, draft, lead=f"The sea. ![Waves]({address})")

    assert texts(draft)[0] == f"The sea. ![Waves]({address})"
    assert any(address in message and "410" in message for message in messages_of(response))
    assert f"readers only get a link to it: {address}. Save the draft" in response.content.decode()
    html = response.context["reading"].lead.html
    assert f'<a class="image-link" href="{address}" rel="noopener">Waves</a>' in html
    assert "<img" not in html


def test_embedded_images_are_stored_on_save_too(site, editor_client, editor):
    draft = make_draft(by=editor)
    save(editor_client, draft, lead=f"![a](data:image/png;base64,{base64.b64encode(picture()).decode()})")

    assert texts(draft)[0] == f"![a](/media/{Upload.objects.get().name})"


def test_a_heading_that_would_be_too_long_stays_as_it_is(site, editor_client, editor):
    draft = make_draft(by=editor)
    heading = f"{'x' * 250} ![a]({site.address}/a.png)"
    response = save(editor_client, draft, sections__0__heading=heading)

    assert texts(draft)[1] == heading
    assert any("more than 300 characters" in message for message in messages_of(response))


def test_autosave_asks_no_other_site(site, editor_client, editor):
    draft = make_draft(by=editor)
    status, _ = autosave(editor_client, fields(draft, lead=f"![a]({site.address}/a.png)"))

    assert (status, site.asked, Upload.objects.count()) == (200, [], 0)


def test_a_text_that_is_not_saved_stores_nothing(site, editor_client, editor):
    draft = make_draft(by=editor)
    save(editor_client, draft, slug="not a slug", lead=f"![a]({site.address}/a.png)")

    assert (site.asked, Upload.objects.count()) == ([], 0)


@pytest.mark.parametrize("pasted", ["![a]({})", '<img alt="a" src="{}">', "![a][1]\n\n[1]: {}"])
def test_a_paste_stores_images_of_other_sites(site, editor_client, pasted):
    text = pasted.format(f"{site.address}/a.png")
    data = {"text": SimpleUploadedFile("blob", text.encode())}
    answer = editor_client.post(reverse("admin:articles_clean"), data).json()

    assert f"/media/{Upload.objects.get().name}" in answer["text"]
    assert site.address not in answer["text"]
    assert (answer["changes"][-1], answer["refused"]) == ("Images were uploaded.", [])


def test_an_upload_over_the_quota_is_refused_with_the_reason(settings, site, editor_client):
    settings.UPLOAD_DAY_BYTES = 10
    response = editor_client.post(
        reverse("admin:articles_upload"), {"image": SimpleUploadedFile("a.png", colour(1), "image/png")}
    )

    assert response.status_code == 413
    assert "MB of images in 24 hours" in response.json()["error"]


def test_text_written_to_resolve_a_conflict_is_stored_with_its_images(site, editor, moderator):
    article = make_published(by=editor, moderator=moderator, sections=(SectionContent("Ropes", "A rope holds 5 t."),))
    change = make_change(article, by=editor, sections=sections_of(article, Ropes="A rope holds 6 t."))
    other = make_change(article, by=make_user("other"), sections=sections_of(article, Ropes="A rope holds 7 t."))
    workflow.publish(workflow.approve(other, by=moderator), by=moderator)
    client = logged_in(editor)
    address = reverse("admin:articles_revision_merge", args=[change.pk])
    form = client.get(address).context["form"]
    (conflict,) = form.conflicts
    data = {
        "onto": form["onto"].value(),
        "version": form["version"].value(),
        f"choice-{conflict.id}": "own",
        f"own-{conflict.id}": f"![a]({site.address}/a.png)",
    }
    assert client.post(address, data).status_code == 302

    (section,) = Revision.objects.order_by("-number")[0].section_set.all()
    assert section.body == f"![a](/media/{Upload.objects.get().name})"


def test_readers_never_get_the_address_of_another_site_as_an_image(client, editor, moderator):
    text = "![Waves](https://a.example/x.png) and ![b][1]\n\n[1]: //b.example/y.png"
    make_published(
        by=editor, moderator=moderator, lead=text, sections=(SectionContent("![h](http://c.example/z)", text),)
    )
    page = client.get("/articles/sleep/")

    assert "<img" not in page.content.decode()
    assert page.content.decode().count('<a class="image-link"') == 5
    policy = page.headers["Content-Security-Policy"].split("; ")
    assert [rule for rule in policy if rule.startswith("img-src")] == ["img-src 'self'"]


def test_an_accepted_edit_is_stored_with_its_images(site, editor_client, editor, moderator):
    draft = make_draft(by=editor, lead="The sea.")
    passage = margin.choose(margin.fields_of(content_of(draft)), "The sea.")
    image = f"![a]({site.address}/a.png)"
    thread = suggested_edits.suggest(draft, by=moderator, passage=passage, replacement=image)

    status, answer = autosave(editor_client, fields(draft, _accept=thread.pk))

    stored = f"![a](/media/{Upload.objects.get().name})"
    assert texts(draft)[0] == stored
    assert (status, answer["texts"]) == (200, {"id_lead": stored})
