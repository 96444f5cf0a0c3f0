"""Prints what a reader's browser receives for a page of the demo content: KB compressed, first and later.

Headers and, over https, encryption come on top. First everything that the page loads, as its HTML and styles name it;
later, when the browser has kept what may be kept, the page alone. `traffic.py /about/` looks at other paths.
"""

import gzip
import re
import sys
import tempfile
import urllib.request
from pathlib import Path
from urllib.parse import urljoin

sys.path.insert(0, str(Path(__file__).parent.parent))

import brotli

from tests.support.servers.production import environment_in, manage, serving

PATHS = ["/articles/ketamine/", "/", "/search/?q=ketamine"]
LOADED = re.compile(
    r"""<link[^>]+rel="(?:stylesheet|preload|modulepreload|icon)"[^>]*href="([^"]+)|<(?:script|img)[^>]+src="([^"]+)"""
)
NAMED_IN_STYLES = re.compile(r"""(?:url\(|@import )["']?([^"')]+)""")


def receive(address):
    """Return (bytes as sent, text, content type)."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip, br"})
    with urllib.request.urlopen(request) as response:
        sent, encoding, kind = response.read(), response.headers["Content-Encoding"], response.headers["Content-Type"]
    decode = {"br": brotli.decompress, "gzip": gzip.decompress}.get(encoding, bytes)
    return len(sent), decode(sent).decode("utf-8", "replace"), kind


def weigh(address):
    """Return the bytes of a page, of everything that it loads from its own site, and how many files these are."""
    page, text, _ = receive(address)
    waiting = [urljoin(address, "".join(found)) for found in LOADED.findall(text)]
    files = {}
    while waiting:
        other = waiting.pop().partition("#")[0]
        if other in files or not other.startswith(address[: address.index("/", 8)]):
            continue
        files[other], text, kind = receive(other)
        if kind.startswith("text/css"):
            waiting += [urljoin(other, name) for name in NAMED_IN_STYLES.findall(text) if not name.startswith("data:")]
    return page, sum(files.values()), len(files)


def main(paths):
    with tempfile.TemporaryDirectory() as folder:
        environment = environment_in(folder, SCHEDULER="0")
        manage(environment, "prepare_demo")
        with serving(environment) as origin:
            for path in paths:
                page, others, number = weigh(origin + path)
                print(
                    f"{path:<28} page {page / 1000:6.1f} KB   first {(page + others) / 1000:6.1f} KB ({number} files)"
                )


if __name__ == "__main__":
    main(sys.argv[1:] or PATHS)
