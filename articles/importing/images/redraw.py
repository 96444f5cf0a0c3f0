"""Checks received images, and redraws them without their metadata."""

import io
import threading

from django.conf import settings
from django.utils.translation import gettext
from PIL import Image, ImageChops, ImageCms, ImageOps, UnidentifiedImageError

FORMATS = ["JPEG", "PNG", "WEBP", "GIF"]
LOSSLESS = {"PNG", "GIF"}  # usually diagrams and screenshots
SOURCE_PIXELS_MAX = 24_000_000
# Redrawing an image of this size takes up to 400 MB of memory, so a process redraws one at a time.
_one_at_a_time = threading.Lock()
_GREY_STEPS = {"L;2": 85, "L;4": 17}  # how many of 256 levels are one of a grey with 2 or 4 bits


class RefusedImage(ValueError):
    """The image isn't accepted. The message says why; `status` is the HTTP status."""

    def __init__(self, message, status=415):
        self.status = status
        super().__init__(message)


def redraw(file):
    """Return the image in `file` as WebP bytes: the first frame, upright, no side longer than the setting allows.

    Only the pixels are kept: no EXIF data, comments or appended data. Raises `RefusedImage`.
    """
    require_size(file)
    with _one_at_a_time:
        return _redrawn(file)


def measure(file):
    """Return {"width", "height"} of the image in `file`, in pixels; both None if it can't be read."""
    try:
        with Image.open(file, formats=FORMATS) as image:
            return {"width": image.width, "height": image.height}
    except Exception:  # as below
        return {"width": None, "height": None}


def _redrawn(file):
    try:
        picture, source_format = _read(file)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise RefusedImage(
            gettext("The image has more than %(value)s million pixels. Make it smaller and try again.")
            % {"value": SOURCE_PIXELS_MAX // 1000000},
            413,
        ) from error
    except UnidentifiedImageError as error:
        raise RefusedImage(gettext("This isn’t a supported image. Choose a JPEG, PNG, WebP or GIF.")) from error
    except Exception as error:  # Pillow's readers raise all kinds of exceptions for a broken file
        raise RefusedImage(gettext("The image is damaged. Export it again and try again.")) from error
    out = io.BytesIO()
    picture.save(out, "WEBP", lossless=source_format in LOSSLESS, quality=85)
    return out.getvalue()


def require_size(file):
    """Raise `RefusedImage` if the file is too large to be opened."""
    if file.size > settings.UPLOAD_IMAGE_MAX_BYTES:
        megabytes = settings.UPLOAD_IMAGE_MAX_BYTES / 1024 / 1024
        raise RefusedImage(
            gettext("The file is larger than %(megabytes)s MB. Make the image smaller and try again.")
            % {"megabytes": f"{megabytes:g}"},
            413,
        )


def _read(file):
    """Return the first frame of an image as a new image, and its original format."""
    with Image.open(file, formats=FORMATS) as image:
        source_format = image.format
        if image.width * image.height > SOURCE_PIXELS_MAX:
            raise Image.DecompressionBombError
        image.verify()
    file.seek(0)
    with Image.open(file, formats=FORMATS) as image:
        image.draft("RGB", (settings.UPLOAD_IMAGE_MAX_PIXELS,) * 2)  # JPEG: decode no larger than needed
        upright = ImageOps.exif_transpose(_in_eight_bits(image))
        has_transparency = "A" in upright.getbands() or "transparency" in upright.info
        profile = upright.info.get("icc_profile")
        if profile and upright.mode == "CMYK":
            upright, profile = _in_srgb(upright, profile), None
        pixels = upright.convert("RGBA" if has_transparency else "RGB")
    pixels.thumbnail((settings.UPLOAD_IMAGE_MAX_PIXELS,) * 2)
    pixels = _in_srgb(pixels, profile) if profile else pixels
    fresh = Image.new(pixels.mode, pixels.size)
    fresh.paste(pixels)
    return fresh, source_format


def _in_srgb(image, profile):
    """Return `image` with the colours that its ICC profile means, because none is kept; unchanged if it doesn't fit."""
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError):
        return image


def _in_eight_bits(image):
    """Return `image` with 256 levels per channel, and the colour that PNG makes transparent (tRNS) in the same scale.

    Pillow clips 16-bit greys to 255 instead of scaling them, and leaves tRNS in the bit depth of the file.
    """
    transparent = image.info.get("transparency")
    if image.mode.startswith("I;16"):
        samples = image.tobytes("raw", "I;16")  # little-endian
        low, high = (Image.frombytes("L", image.size, samples[start::2]) for start in (0, 1))
        scaled = high
        if transparent is not None:
            others = (high.point(_is_not(transparent >> 8)), low.point(_is_not(transparent & 255)))
            scaled = Image.merge("LA", [high, ImageChops.lighter(*others)])
        scaled.info |= {name: value for name, value in image.info.items() if name != "transparency"}
        return scaled
    raw_mode = image.tile[0].args if image.format == "PNG" and image.tile else ""
    if raw_mode in _GREY_STEPS and isinstance(transparent, int):
        image.info["transparency"] = transparent * _GREY_STEPS[raw_mode]
    elif raw_mode == "RGB;16B" and transparent is not None:
        image.info["transparency"] = tuple(sample >> 8 for sample in transparent)
    return image


def _is_not(level):
    """Return the table that gives 0 for `level` and 255 for any other."""
    return [255 * (other != level) for other in range(256)]
