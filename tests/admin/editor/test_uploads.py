import io
import re
import zlib

import pytest
from django.contrib.auth.models import Permission
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from tests.support.factories import make_user

pytestmark = pytest.mark.django_db


def image_bytes(image_format="PNG", size=(40, 20), **options):
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, image_format, **options)
    return out.getvalue()


def send(client, data, name="picture.png", content_type="image/png"):
    return client.post(reverse("admin:articles_upload"), {"image": SimpleUploadedFile(name, data, content_type)})


@pytest.fixture
def editor_client(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client.force_login(make_user())
    return client


def stored(response):
    """The image stored by an accepted upload, and its name."""
    name = response.json()["image_path"].removeprefix("/media/")
    with default_storage.open(name) as file:
        image = Image.open(file)
        image.load()
    return image, name


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "WEBP", "GIF"])
def test_image_is_redrawn_under_a_new_name(editor_client, image_format):
    response = send(editor_client, image_bytes(image_format), "../../evil.html", "text/html")

    image, name = stored(response)
    assert response.status_code == 200
    assert re.fullmatch(r"uploads/\d{4}/[0-9a-f]{32}\.webp", name)
    assert (image.format, image.size) == ("WEBP", (40, 20))
    assert response.json() == {
        "image_code": f"![](/media/{name})",
        "image_path": f"/media/{name}",
    }


def test_image_loses_its_metadata_and_is_turned_upright(editor_client):
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010E] = "taken at home"
    data = image_bytes("JPEG", exif=exif) + b"<script>appended</script>"

    image, name = stored(send(editor_client, data))

    assert image.size == (20, 40)
    assert dict(image.getexif()) == {}
    with default_storage.open(name) as file:
        content = file.read()
    assert b"taken at home" not in content
    assert b"script" not in content


def test_large_image_is_made_smaller(editor_client, settings):
    settings.UPLOAD_IMAGE_MAX_PIXELS = 100

    image, _ = stored(send(editor_client, image_bytes(size=(400, 200))))

    assert image.size == (100, 50)


def test_transparency_is_kept(editor_client):
    out = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 128, 128, 0)).save(out, "PNG")

    image, _ = stored(send(editor_client, out.getvalue()))

    assert image.mode == "RGBA"
    assert image.getpixel((4, 4))[3] == 0


def test_first_frame_of_an_animation_is_kept(editor_client):
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])

    image, _ = stored(send(editor_client, out.getvalue()))

    assert getattr(image, "n_frames", 1) == 1
    assert image.convert("RGB").getpixel((4, 4)) == (255, 0, 0)


@pytest.mark.parametrize(
    ("data", "status", "reason"),
    [
        (
            b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
            415,
            "This isn’t a supported image. Choose a JPEG, PNG, WebP or GIF.",
        ),
        (b"<!doctype html><p>hello", 415, "This isn’t a supported image. Choose a JPEG, PNG, WebP or GIF."),
        (image_bytes("BMP"), 415, "This isn’t a supported image. Choose a JPEG, PNG, WebP or GIF."),
        (
            image_bytes(size=(300, 300))[:200],
            415,
            "The image is damaged. Export it again and try again.",
        ),
        (
            b"\0" * (5 * 1024 * 1024 + 1),
            413,
            "The file is larger than 5 MB. Make the image smaller and try again.",
        ),
    ],
    ids=["svg", "html", "bmp", "cut off", "too large"],
)
def test_anything_else_is_refused_with_a_reason(editor_client, tmp_path, data, status, reason):
    response = send(editor_client, data)

    assert (response.status_code, response.json()) == (status, {"error": reason})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("side", [8_000, 12_000, 60_000])
def test_decompression_bomb_is_not_unpacked(editor_client, side):
    def chunk(kind, body):
        return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")

    header = side.to_bytes(4, "big") * 2 + bytes([8, 0, 0, 0, 0])
    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )

    response = send(editor_client, bomb)

    assert response.status_code == 413
    assert response.json() == {"error": "The image has more than 24 million pixels. Make it smaller and try again."}


def test_missing_file_is_reported(editor_client):
    response = editor_client.post(reverse("admin:articles_upload"))

    assert (response.status_code, response.json()) == (
        400,
        {"error": "No file received. Choose a JPEG, PNG, WebP or GIF image."},
    )


def test_upload_is_for_editors(client):
    anonymous = send(client, image_bytes())
    reader = make_user("reader", groups=())
    reader.user_permissions.add(Permission.objects.get(codename="view_article"))
    client.force_login(reader)
    without_permission = send(client, image_bytes())

    assert (anonymous.status_code, anonymous.json()) == (
        403,
        {"error": "You are no longer logged in. Log in again in another tab; your changes here are kept."},
    )
    assert (without_permission.status_code, without_permission.json()) == (
        403,
        {"error": "You don’t have permission to edit articles."},
    )


def test_upload_needs_the_csrf_token_and_post():
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user())

    assert send(client, image_bytes()).status_code == 403
    assert client.get(reverse("admin:articles_upload")).status_code == 405
