"""Takes an image into the text: looked at, drawn anew without what it carried, under a name of our own."""

import io
import secrets

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import JsonResponse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST
from PIL import Image, ImageOps, UnidentifiedImageError

from .preview import editors_only

FORMATS = ["JPEG", "PNG", "WEBP", "GIF"]
DRAWN = {"PNG", "GIF"}  # diagrams and screenshots: kept without loss
SOURCE_PIXELS_MAX = 24_000_000  # redrawing one takes some 200 MB for a moment
ALT_ASKED_FOR = gettext_lazy("Describe this picture for who cannot see it")


class RefusedImage(ValueError):
    """What was sent is not taken; the message says why, `status` is the HTTP status."""

    def __init__(self, message, status=415):
        self.status = status
        super().__init__(message)


def refuse(status, reason):
    """A reason as JSON: markdownx parses every answer to an upload."""
    return JsonResponse({"error": reason}, status=status)


@editors_only(refuse)
@require_POST
def upload(request):
    """Store the image sent as `image`; JSON with `image_code`, the Markdown to insert (as markdownx.js reads it)."""
    image = request.FILES.get("image")
    if image is None:
        return refuse(400, gettext("No file arrived. Choose an image: JPEG, PNG, WebP or GIF."))
    try:
        data = redraw(image)
    except RefusedImage as refusal:
        return refuse(refusal.status, str(refusal))
    name = f"uploads/{timezone.now():%Y}/{secrets.token_hex(16)}.webp"
    url = default_storage.url(default_storage.save(name, ContentFile(data)))
    return JsonResponse({"image_code": f"![{ALT_ASKED_FOR}]({url})", "image_path": url})


def redraw(file):
    """The pixels of the image in `file` as WebP bytes: one frame, upright, no side longer than the setting allows.

    Nothing else that the file held is kept: no EXIF, no comments, no appended data. Raises `RefusedImage`.
    """
    if file.size > settings.UPLOAD_IMAGE_MAX_BYTES:
        megabytes = settings.UPLOAD_IMAGE_MAX_BYTES / 1024 / 1024
        raise RefusedImage(
            gettext("The file is too large: %(megabytes)s MB fit. Make the image smaller and try again.")
            % {"megabytes": f"{megabytes:g}"},
            413,
        )
    try:
        picture = _read(file)
    except RefusedImage:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except UnidentifiedImageError as error:
        raise RefusedImage(
            gettext("This is not an image that can be shown. Choose a JPEG, PNG, WebP or GIF.")
        ) from error
    except Exception as error:  # Pillow's readers raise whatever a broken file leads them to
        raise RefusedImage(gettext("The image is damaged and cannot be read. Save it anew and try again.")) from error
    out = io.BytesIO()
    picture[0].save(out, "WEBP", lossless=picture[1] in DRAWN, quality=85)
    return out.getvalue()


def _read(file):
    """The first frame of an image as fresh pixels, and the format it came in."""
    with Image.open(file, formats=FORMATS) as image:
        source_format = image.format
        if image.width * image.height > SOURCE_PIXELS_MAX:
            raise _too_many_pixels()
        image.verify()
    file.seek(0)
    with Image.open(file, formats=FORMATS) as image:
        image.draft("RGB", (settings.UPLOAD_IMAGE_MAX_PIXELS,) * 2)  # JPEG: decode no larger than needed
        upright = ImageOps.exif_transpose(image)
        has_transparency = "A" in upright.getbands() or "transparency" in upright.info
        pixels = upright.convert("RGBA" if has_transparency else "RGB")
    pixels.thumbnail((settings.UPLOAD_IMAGE_MAX_PIXELS,) * 2)
    fresh = Image.new(pixels.mode, pixels.size)
    fresh.paste(pixels)
    return fresh, source_format


def _too_many_pixels():
    return RefusedImage(
        gettext("The image has too many pixels: %(value)s million fit. Make it smaller and try again.")
        % {"value": SOURCE_PIXELS_MAX // 1000000},
        413,
    )
