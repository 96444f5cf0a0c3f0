import io
import re
import struct
import zlib

import pytest
from django.contrib.auth.models import Permission
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from articles.models import Upload
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
    assert re.fullmatch(r"uploads/[0-9a-f]{64}\.webp", name)
    assert (image.format, image.size) == ("WEBP", (40, 20))
    assert response.json() == {
        "image_code": f"![](/media/{name})",
        "image_path": f"/media/{name}",
        "alt": "",
        "credit": "",
        "describe_url": reverse("admin:image", args=[Upload.objects.get(name=name).pk]),
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


def chunk(kind, body):
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")


def png(bits, colour_type, samples, *chunks):
    """A PNG of one line; `samples` has a tuple of the channels' values for each pixel."""
    channels = "".join(f"{value:0{bits}b}" for pixel in samples for value in pixel)
    line = int(channels, 2).to_bytes(len(channels) // 8, "big")
    header = len(samples).to_bytes(4, "big") + (1).to_bytes(4, "big") + bytes([bits, colour_type, 0, 0, 0])
    body = [chunk(b"IHDR", header), *chunks, chunk(b"IDAT", zlib.compress(b"\0" + line)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(body)


def sixteen(*values):
    return b"".join(value.to_bytes(2, "big") for value in values)


GREYS = [(level, level, level, 255) for level in range(256)]
FINE = [level * 256 + (level * 31) % 256 for level in range(256)]  # 16-bit samples of each 8-bit level
STEPS = [(0, 0, 0, 255), (85, 85, 85, 0), (170, 170, 170, 255), (255, 255, 255, 255)]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(png(16, 0, [(level,) for level in FINE]), GREYS, id="16-bit grey"),
        pytest.param(
            png(16, 0, [(level,) for level in (0x1233, 0x1234, 0x3434)], chunk(b"tRNS", sixteen(0x1234))),
            [(0x12, 0x12, 0x12, 255), (0x12, 0x12, 0x12, 0), (0x34, 0x34, 0x34, 255)],
            id="16-bit grey, one transparent",
        ),
        pytest.param(
            png(16, 4, [(level, 0xFFFF - level) for level in FINE]),
            [(level, level, level, 255 - level) for level in range(256)],
            id="16-bit grey with alpha",
        ),
        pytest.param(
            png(16, 2, [(level, 0x8000, 0xFFFF - level) for level in FINE]),
            [(level, 128, 255 - level, 255) for level in range(256)],
            id="16-bit RGB",
        ),
        pytest.param(
            png(16, 2, [(0x1234, 0, 0), (0x3400, 0, 0)], chunk(b"tRNS", sixteen(0x1234, 0, 0))),
            [(0x12, 0, 0, 0), (0x34, 0, 0, 255)],
            id="16-bit RGB, one transparent",
        ),
        pytest.param(
            png(16, 6, [(level, 0x8000, 0, 0xFFFF - level) for level in FINE]),
            [(level, 128, 0, 255 - level) for level in range(256)],
            id="16-bit RGB with alpha",
        ),
        pytest.param(png(8, 0, [(level,) for level in range(256)]), GREYS, id="8-bit grey"),
        pytest.param(png(4, 0, [(level,) for level in range(16)]), GREYS[::17], id="4-bit grey"),
        pytest.param(
            png(2, 0, [(0,), (1,), (2,), (3,)], chunk(b"tRNS", sixteen(1))), STEPS, id="2-bit grey, one transparent"
        ),
        pytest.param(png(1, 0, [(0,), (1,)] * 4), [GREYS[0], GREYS[-1]] * 4, id="1-bit"),
        pytest.param(
            png(4, 3, [(0,), (1,)], chunk(b"PLTE", bytes([10, 20, 30, 40, 50, 60])), chunk(b"tRNS", bytes([128, 255]))),
            [(10, 20, 30, 128), (40, 50, 60, 255)],
            id="palette with alpha",
        ),
    ],
)
def test_every_level_of_a_png_is_kept(editor_client, data, expected):
    image, _ = stored(send(editor_client, data))

    assert opaque(image) == [pixel if pixel[3] else (0, 0, 0, 0) for pixel in expected]


def opaque(image):
    """The image's pixels; WebP may store any colour for a transparent one."""
    pixels = image.convert("RGBA").load()
    line = [pixels[x, 0] for x in range(image.width)]
    return [pixel if pixel[3] else (0, 0, 0, 0) for pixel in line]


def test_cmyk_photo_keeps_its_colours(editor_client):
    out = io.BytesIO()
    Image.merge("CMYK", [Image.new("L", (16, 16), level) for level in (0, 204, 204, 0)]).save(out, "JPEG", quality=95)

    image, _ = stored(send(editor_client, out.getvalue()))

    assert [abs(a - b) < 12 for a, b in zip(image.getpixel((8, 8)), (255, 51, 51), strict=True)] == [True] * 3


def test_16_bit_grey_is_turned_upright(editor_client):
    exif = Image.Exif()
    exif[0x0112] = 6
    data = png(16, 0, [(level,) for level in FINE], chunk(b"eXIf", exif.tobytes().removeprefix(b"Exif\0\0")))

    image, _ = stored(send(editor_client, data))

    assert image.size == (1, 256)
    assert [image.convert("L").getpixel((0, y)) for y in (0, 100, 255)] == [0, 100, 255]


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


def swapped_profile():
    """Return an ICC profile (ICC.1:2001-04) with the primaries of sRGB, of which red and blue are swapped."""

    def xyz(*values):
        return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(value * 65_536) for value in values))

    curve = b"curv\0\0\0\0" + struct.pack(">IHH", 1, round(2.2 * 256), 0)
    tags = {
        b"rXYZ": xyz(0.1431, 0.0606, 0.7141),
        b"gXYZ": xyz(0.3851, 0.7169, 0.0971),
        b"bXYZ": xyz(0.4361, 0.2225, 0.0139),
        b"wtpt": xyz(0.9642, 1, 0.8249),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    table, data = struct.pack(">I", len(tags)), b""
    for name, value in tags.items():
        table += name + struct.pack(">II", 128 + 4 + 12 * len(tags) + len(data), len(value))
        data += value
    size = 128 + len(table) + len(data)
    header = (
        struct.pack(">I4xI4s4s4s12x4s28x", size, 0x02100000, b"mntr", b"RGB ", b"XYZ ", b"acsp")
        + xyz(0.9642, 1, 0.8249)[8:]
    )
    return header.ljust(128, b"\0") + table + data


def png_in_16_bits(red, profile):
    """Return a PNG of one pixel with 16 bits per channel and an ICC profile."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pixel = b"\0" + struct.pack(">3H", red, 0, 0)
    parts = [(b"IHDR", struct.pack(">2I5B", 1, 1, 16, 2, 0, 0, 0)), (b"iCCP", b"x\0\0" + zlib.compress(profile))]
    parts += [(b"IDAT", zlib.compress(pixel)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


@pytest.mark.parametrize("depth", [8, 16])
@pytest.mark.parametrize("profile", [swapped_profile, lambda: b"not a profile"])
def test_colours_are_those_of_the_profile(editor_client, depth, profile):
    if depth == 16:
        data = png_in_16_bits(65_535, profile())
    else:
        out = io.BytesIO()
        Image.new("RGB", (1, 1), "red").save(out, "PNG", icc_profile=profile())
        data = out.getvalue()

    image, _ = stored(send(editor_client, data))

    red, green, blue = image.convert("RGB").getpixel((0, 0))
    expected = (0, 0, 255) if profile is swapped_profile else (255, 0, 0)
    assert max(abs(a - b) for a, b in zip((red, green, blue), expected, strict=True)) <= 8
    assert "icc_profile" not in image.info
