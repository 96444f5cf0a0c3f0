"""Reads which uploads texts show as images."""

from urllib.parse import unquote, urlsplit

from django.conf import settings

from articles.core import markdown
from articles.models import ImageUse

_LONGEST = ImageUse._meta.get_field("name").max_length


def shown_in(texts):
    """Return the names of the uploads that `texts` show as images, sorted; what they only mention may not exist."""
    addresses = {image.address for text in texts for image in markdown.image_addresses(text)}
    own = [address for address in addresses if markdown.is_own_image(address, f"{settings.MEDIA_URL}uploads/")]
    return sorted({unquote(urlsplit(address.removeprefix(settings.MEDIA_URL)).path) for address in own})


def storable(names):
    """Return those of `names` that a row can have; the others can't be those of uploads."""
    return [name for name in names if len(name) <= _LONGEST and "\0" not in name]
