"""Static files for production: each stylesheet bundled into one file, hashed and compressed, and then served."""

import gzip
import posixpath
import re
import zlib
from functools import cache
from pathlib import Path

import brotli
from django.core.files.base import ContentFile
from whitenoise.compress import Compressor
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.storage import CompressedManifestStaticFilesStorage

# The form used in our own stylesheets: a relative file and, optionally, its layer.
_IMPORT = re.compile(r"""@import\s+url\(["']?(?P<name>[\w./-]+\.css)["']?\)(?:\s+layer\((?P<layer>[\w.-]+)\))?\s*;""")


class JoinedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Inline a stylesheet's imports before hashing, so that a page loads one stylesheet instead of ten.

    Scripts import each other by their hashed names too, so they can be cached forever and none is loaded twice.
    """

    support_js_module_import_aggregation = True
    # Each pass may settle only one link of a chain of imports, because Django takes deep folders first. The longest chain
    # of scripts needs six after the first pass.
    max_post_process_passes = 12

    def post_process(self, paths, dry_run=False, **options):
        bundles, self._named = {}, {}
        if not dry_run:
            for name in paths:
                if name.endswith(".css") and _IMPORT.search(read(paths, name)):
                    self.delete(name)
                    self._save(name, ContentFile(inline_imports(paths, name).encode()))
                    bundles[name] = (self, name)
        yield from super().post_process({**paths, **bundles}, dry_run, **options)

    def _post_process(self, paths, adjustable_paths, hashed_files):
        """Take a file again only if one that it names has another name now: Django takes all of them in each pass."""
        for name in sorted(paths, key=lambda name: name.count("/"), reverse=True):
            if any(hashed_files.get(key) != found for key, found in self._named.get(name, {"": ""}).items()):
                self._names = self._named[name] = {}
                yield from super()._post_process({name: paths[name]}, adjustable_paths, hashed_files)

    def _stored_name(self, name, hashed_files):
        found = super()._stored_name(name, hashed_files)
        self._names[posixpath.normpath(name)] = found
        return found

    def create_compressor(self, **options):
        return _Compressor(**options)


class _Compressor(Compressor):
    """Compresses only what isn't compressed yet, because Brotli takes seconds for all files."""

    def __init__(self, **options):
        super().__init__(**options)
        # Most files have two names, with and without a hash.
        self.compress_brotli, self.compress_gzip = cache(self.compress_brotli), cache(self.compress_gzip)

    def compress(self, path):
        """Return the paths of the compressed files that it has written: none if those of `path` are right already."""
        return [] if _is_compressed(path) else super().compress(path)


def _is_compressed(path):
    data = Path(path).read_bytes()
    try:
        return all(
            decompress(Path(path + suffix).read_bytes()) == data
            for suffix, decompress in ((".br", brotli.decompress), (".gz", gzip.decompress))
        )
    except (OSError, EOFError, brotli.error, zlib.error):  # there is none, or it is damaged
        return False


class StaticFilesMiddleware(WhiteNoiseMiddleware):
    """Serve all static files but the list of them, which is for this site only."""

    def add_file_to_dictionary(self, url, path, stat_cache=None):
        if posixpath.basename(url) != JoinedStaticFilesStorage.manifest_name:
            super().add_file_to_dictionary(url, path, stat_cache)


def inline_imports(paths, name, above=()):
    """Return the text of stylesheet `name` with its imports inlined; `paths` is {name: (storage, path)}.

    Imports of other files are left to the browser. Raises ValueError for a circular import.
    """
    if name in above:
        raise ValueError(f"{' imports '.join([*above, name])}: a stylesheet cannot import itself.")

    def inline(match):
        imported = posixpath.normpath(posixpath.join(posixpath.dirname(name), match["name"]))
        if imported not in paths:
            return match[0]
        text = inline_imports(paths, imported, (*above, name))
        return f"@layer {match['layer']} {{\n{text}\n}}" if match["layer"] else text

    return _IMPORT.sub(inline, read(paths, name))


def read(paths, name):
    storage, path = paths[name]
    with storage.open(path) as file:
        return file.read().decode()
