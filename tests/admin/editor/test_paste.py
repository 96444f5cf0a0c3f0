"""Pasted text is sent to the site, which answers with what was meant."""

import base64
import io

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from tests.support.factories import make_episode, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def paste(client, settings, tmp_path):
    """A function (text) that sends a pasted text as an editor whose article cites an episode; returns the answer."""
    settings.MEDIA_ROOT = tmp_path
    client.force_login(make_user())
    episode = make_episode(youtube_id="abcdefghijk")

    def send(text, **data):
        data |= {"text": SimpleUploadedFile("blob", text.encode()), "source": f"e1:{episode.reference}"}
        return client.post(reverse("admin:articles_clean"), data)

    return send


def test_citations_and_headings_become_what_was_meant(paste):
    answer = paste(
        "\\## Pumps\r\n\r\nThey fail \\[00:06:31\\], [6:31](https://youtu.be/abcdefghijk?t=391) \\[sic\\]."
    ).json()

    assert answer == {
        "text": "## Pumps\n\nThey fail [00:06:31], [00:06:31] \\[sic\\].",
        "changes": ["Escaped citations or headings became real ones.", "Linked timestamps became citations."],
        "refused": [],
    }


def test_what_the_editor_escaped_itself_is_not_called_a_change(paste):
    answer = paste("They fail \\[00:06:31\\] and [6:31](https://youtu.be/abcdefghijk?t=391).", converted="1").json()

    assert answer["text"] == "They fail [00:06:31] and [00:06:31]."
    assert answer["changes"] == ["Linked timestamps became citations."]


def test_an_image_in_the_text_is_stored(paste):
    out = io.BytesIO()
    Image.new("RGB", (8, 4)).save(out, "PNG")
    answer = paste(f"![map](data:image/png;base64,{base64.b64encode(out.getvalue()).decode()})").json()

    name = answer["text"].removeprefix("![map](/media/").removesuffix(")")
    assert default_storage.exists(name)
    assert answer["changes"] == ["Images were uploaded."]


def test_an_image_that_is_none_is_refused_with_the_reason(paste):
    answer = paste("![map](data:image/png;base64,AAAA)").json()

    assert answer["text"] == "![map](data:image/png;base64,AAAA)"
    assert answer["refused"] == ["This isn’t a supported image. Choose a JPEG, PNG, WebP or GIF."]
    assert answer["changes"] == []


def test_only_editors_may_paste(paste, client):
    client.force_login(make_user("reader", groups=()))

    assert paste("x").status_code == 403


def test_a_paste_without_text_is_refused(paste, client):
    response = client.post(reverse("admin:articles_clean"))

    assert response.status_code == 400
    assert "Paste it in parts" in response.json()["error"]
