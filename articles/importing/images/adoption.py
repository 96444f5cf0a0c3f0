"""Records images in the library that were stored before it existed, and measures those that nobody measured."""

from datetime import UTC

from django.core.files.storage import default_storage
from django.utils import timezone

from articles.models import Upload
from articles.workflow.governance import uploads

from .redraw import measure


def adopt():
    """Record every stored image that has no row or no size yet; return how many, and the names of those that can't be read.

    Only these are read, however many are stored. Call it in a command: it lists all files.
    """
    known = dict(Upload.objects.values_list("name", "width"))
    longest = Upload._meta.get_field("name").max_length
    count, unread = 0, []
    for name in _names("uploads"):
        if known.get(name) is not None or len(name) > longest:
            continue
        try:
            with default_storage.open(name) as file:
                size, pixels = file.size, measure(file)
            at = default_storage.get_modified_time(name)
        except OSError:
            unread.append(name)
            continue
        if size and pixels["width"]:
            uploads.adopt(name, size, at=at if timezone.is_aware(at) else at.replace(tzinfo=UTC), **pixels)
            count += 1
        else:
            unread.append(name)
    return count, unread


def _names(folder):
    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:  # nothing has been uploaded yet
        return
    yield from (f"{folder}/{name}" for name in sorted(names) if name)
    for inner in sorted(folders):
        yield from _names(f"{folder}/{inner}")
