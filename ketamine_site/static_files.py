"""Static files for production: each stylesheet in one file, named by its content, compressed."""

import posixpath
import re

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

# As our own stylesheets write it: a file beside it, and the layer that it goes into, if any.
_IMPORT = re.compile(r"""@import\s+url\(["']?(?P<name>[\w./-]+\.css)["']?\)(?:\s+layer\((?P<layer>[\w.-]+)\))?\s*;""")


class JoinedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Puts what a stylesheet imports into it before the names are made: a page asks for one stylesheet, not for ten.

    Scripts import each other by those names too, so that they can be kept for ever and none is loaded twice.
    """

    support_js_module_import_aggregation = True

    def post_process(self, paths, dry_run=False, **options):
        whole = {}
        if not dry_run:
            for name in paths:
                if name.endswith(".css") and _IMPORT.search(read(paths, name)):
                    self.delete(name)
                    self._save(name, ContentFile(joined(paths, name).encode()))
                    whole[name] = (self, name)
        yield from super().post_process({**paths, **whole}, dry_run, **options)


def joined(paths, name, above=()):
    """The text of stylesheet `name` with all that it imports, from the sources `paths` ({name: (storage, path)}).

    What is not there is left to the browser. Raises ValueError where two import each other.
    """
    if name in above:
        raise ValueError(f"{' imports '.join([*above, name])}: a stylesheet cannot import itself.")

    def put_in(match):
        imported = posixpath.normpath(posixpath.join(posixpath.dirname(name), match["name"]))
        if imported not in paths:
            return match[0]
        text = joined(paths, imported, (*above, name))
        return f"@layer {match['layer']} {{\n{text}\n}}" if match["layer"] else text

    return _IMPORT.sub(put_in, read(paths, name))


def read(paths, name):
    storage, path = paths[name]
    with storage.open(path) as file:
        return file.read().decode()
