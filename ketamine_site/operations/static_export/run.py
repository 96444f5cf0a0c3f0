"""The export: each public address is answered as the live site answers it, and what changed is written."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.db import connection
from django.db.models import Count, Sum
from django.urls import reverse

from articles.derived.responses import fresh, keys, stored
from articles.models import PublicVersion
from ketamine_site.public import rendered
from ketamine_site.static_files import JoinedStaticFilesStorage

from . import addresses, fallbacks, files, layout, nginx
from .folder import SITE, ExportError, opened

ELSEWHERE = -2  # the scope of what isn't made from the database alone; its version is that of its file, or 0
FILES, GONE = f"{SITE}/files/", f"{SITE}/gone/"
# Headers that depend on the request or the file, which nginx has of its own, and those for a CDN before the live site.
_NOT_EXPORTED = {
    *("etag", "last-modified", "content-length", "content-encoding", "accept-ranges", "date", "connection"),
    *("x-request-id", "location", "allow", "set-cookie"),
}
_IS_COMPLETE = {301, 302, 404}  # nothing is written for these: nginx knows where names lead, and what is missing


@dataclass
class Result:
    """How many addresses there are, were answered again, and files written and removed; `failed` are (address, why)."""

    addresses: int = 0
    answered: int = 0
    written: int = 0
    removed: int = 0
    must_reload: bool = False
    changed_meanwhile: bool = False
    failed: list[tuple[str, str]] = field(default_factory=list)


def export(path, live="", report=lambda count: None):
    """Bring the folder at `path` in line with the public site; returns a `Result`.

    `live` is the address of a running site, such as http://127.0.0.1:8000, to which nginx passes everything that isn't a
    file; "" if there is none. Calls `report` with the number of addresses after each. Raises `ExportError` if
    nothing can be exported.
    """
    if settings.DEBUG:
        raise ExportError("DEBUG is on: pages name static files that only the development server has. Unset DEBUG.")
    if not settings.SITE_URL:
        raise ExportError("Set SITE_URL, such as https://example.org: feeds and sitemaps have absolute addresses.")
    if not Path(settings.STATIC_ROOT, JoinedStaticFilesStorage.manifest_name).is_file():
        raise ExportError(f"{settings.STATIC_ROOT} has no static files. Run collectstatic first.")
    with opened(path) as folder:
        return _Export(folder, report).run(live)


class _Export:
    def __init__(self, folder, report):
        self.folder, self.index, self.report = folder, folder.index, report
        self.scheme = urlsplit(settings.SITE_URL).scheme
        self.result = Result()

    def run(self, live):
        if self.index.note("release") != keys.release():
            self.index.outdate()
            self.index.set_note("release", keys.release())
        self.folder.check()
        state = _state()
        if self.index.note("state") == state:
            self.index.keep_all_in_scopes()
            wanted = [*(reverse(name) for name in addresses.SINGLE), *self.index.outdated()]
        else:
            self.index.set_note("state", "")
            wanted = addresses.every()
        for address in wanted:
            if layout.is_page(address):
                self.visit(address)
        for address in self.index.linked(settings.MEDIA_URL):
            self.visit_upload(address)
        for name in files.static_files():
            self.visit_file(f"{settings.STATIC_URL}{name}", settings.STATIC_ROOT, settings.STATIC_URL, nginx.STATIC)
        fallbacks.write_missing(self)
        self.result.must_reload = fallbacks.write_configuration(self, live)
        self.folder.flush()
        self.result.changed_meanwhile = state != _state()
        if not self.result.failed:
            self.index.set_note("state", state)
        self.folder.sweep()
        self.result.written, self.result.removed = self.folder.written, self.folder.removed
        self.result.addresses = self.index.count()
        return self.result

    def visit(self, address):
        """Bring the files of `address` in line, and those of all addresses that are found from there."""
        waiting = [address]
        while waiting:
            address = waiting.pop()
            known = self.index.known(address)
            if known and known.run == self.index.run:
                continue
            if known and known.scope != ELSEWHERE and known.version == _number(known.scope):
                self.index.keep(address)
                links = known.links
            else:
                links = self.answer(address, known)
            waiting += [link for link in links if not link.startswith(settings.MEDIA_URL)]

    def answer(self, address, known):
        """Answer `address` as the live site does, have it written if that is new, and return the links found there."""
        place = layout.place_of(address)
        if place is None:
            return self.fail(address, "It is too long for the name of a file.", known)
        at = keys.Address(self.scheme, settings.SITE_URL, place.path, place.query)
        response, answer, scope, version = rendered(fresh.whole_site(), at)
        if not place.is_stored:
            scope, version = ELSEWHERE, 0
        self.count_answer()
        status, links = response.status_code, []
        if status == 200 and answer:
            bodies = {FILES + ending: [answer.bodies[coding]] for coding, ending in layout.CODINGS.items() if coding in answer.bodies}  # fmt: skip
            digest, headers = answer.etag, answer.headers
            if b"\0" not in answer.bodies[""][:100]:  # an image leads nowhere
                links = self.links_in(answer.bodies[""], place)
        elif status == 200 and response.streaming:  # a download that is too long for memory, and has a digest
            bodies, digest, headers = {FILES: response.streaming_content}, response.headers["ETag"], response.items()
        elif status == 410:
            digest = hashlib.sha256(response.content).hexdigest()[:32]
            bodies, headers = {GONE: [response.content]}, response.items()
        elif status in _IS_COMPLETE:
            bodies, digest, headers = {}, "", []
        else:
            return self.fail(address, f"The site answers with {status}.", known)
        self.keep_headers(place.variant, status, headers, place.address)
        contents = {_name(part, place.name): pieces for part, pieces in bodies.items()}
        self.write(address, (scope, version), f"{status} {digest}", links, contents, known)
        response.close()
        return links

    def links_in(self, body, place):
        """Return the addresses of files that an answer leads to, in the form in which each has one."""
        links = []
        for link in addresses.links_in(body.decode(errors="replace"), quote(place.path), settings.SITE_URL):
            if link.startswith(settings.MEDIA_URL):
                links.append(link)
            elif (there := layout.place_of(link)) and there.query and there.is_stored:
                links.append(there.address)
        return links

    def visit_file(self, address, root, prefix, kind):
        """Bring the copies of a file below `root` in line, with those in other codings next to it."""
        codings = layout.CODINGS if kind == nginx.STATIC else [""]
        present = files.in_codings(Path(root, address.removeprefix(prefix)), codings)
        version = files.version_of(present)
        known = self.index.known(address)
        if known and known.version == version and known.digest:
            self.index.keep(address)
            return
        response = fresh.render(fresh.whole_site(), keys.Address(self.scheme, settings.SITE_URL, address, ""))
        response.close()
        self.count_answer()
        contents = {}
        if response.status_code == 200:
            self.keep_headers(files.variant_of(kind, address), 200, response.items(), address)
            name = layout.split(address.removeprefix("/").encode())
            contents = {_name(FILES + ending, name): files.pieces(path) for ending, path in present.items()}
        self.write(address, (ELSEWHERE, version), f"{response.status_code} {version}", [], contents, known)

    def visit_upload(self, address):
        """Bring the copy of an upload in line."""
        if not settings.MEDIA_BUCKET:
            return self.visit_file(address, settings.MEDIA_ROOT, settings.MEDIA_URL, nginx.UPLOAD)
        known, version = self.index.known(address), files.version_in_bucket(address.removeprefix(settings.MEDIA_URL))
        if version is None:
            return self.fail(address, "The bucket can’t be read.", known)
        if known and known.version == version and known.digest:
            return self.index.keep(address)
        response = fresh.render(fresh.whole_site(), keys.Address(self.scheme, settings.SITE_URL, address, ""))
        self.count_answer()
        if response.status_code not in (200, 404):
            return self.fail(address, f"The site answers with {response.status_code}.", known)
        contents = {}
        if response.status_code == 200:
            self.keep_headers(files.variant_of(nginx.UPLOAD, address), 200, response.items(), address)
            contents = {_name(FILES, layout.split(address.removeprefix("/").encode())): [response.content]}
        return self.write(address, (ELSEWHERE, version), f"{response.status_code} {version}", [], contents, known)

    def write_own(self, name, body):
        """Have `body` in the file of this name; returns whether it is new."""
        known, digest = self.index.known(name), hashlib.sha256(body).hexdigest()
        self.write(name, (ELSEWHERE, 0), digest, [], {name.encode(): [body]}, known)
        return known is None or known.digest != digest

    def write(self, address, made_from, digest, links, contents, known):
        """Note an answer, and have its files written unless they are there already."""
        if not (known and known.digest == digest and self.index.files_of(address) == contents.keys()):
            self.folder.write(address, contents)
        self.index.set_answer(address, *made_from, digest, links)

    def keep_headers(self, variant, status, headers, address):
        """Note the headers of a variant; raises `ExportError` if another answer of it has others: nginx sends the same."""
        name = address.split("/")[2].partition(".")[0] if address.count("/") > 1 else ""
        for header, value in headers:
            if header.lower() in _NOT_EXPORTED:
                continue
            if header == "Content-Disposition":
                value = value.partition(";")[0]  # browsers name the file by its address
            elif header == "Link":
                value = value.replace(f"/{name}/", f"/{layout.NAME}/")
            if other := self.index.add_header(variant, status, header, value, address):
                raise ExportError(
                    f"{address} is sent with {header}: {value}, and {other[1]} with {other[0]}, but nginx knows no "
                    "difference between them. This is a mistake of the export: please report it."
                )

    def fail(self, address, why, known):
        """Note that `address` can't be exported; what is there from an earlier export stays."""
        self.result.failed.append((address, why))
        if known:
            self.index.keep(address)
        return known.links if known else []

    def count_answer(self):
        self.result.answered += 1
        if self.result.answered % 1000 == 0:
            self.folder.flush()  # also if nothing is to be written: what was answered needn’t be again
        self.report(self.result.answered)


def _name(part, name):
    """Return the file name of `name` in the coding and the folder that `part` begins with: site/files/.br → ….br."""
    folder, ending = part[: part.rindex("/") + 1], part[part.rindex("/") + 1 :]
    return folder.encode() + name + ending.encode()


def _number(scope):
    """Return how often what is made from `scope` has changed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM articles_publicversion WHERE scope = %s", [scope])
        row = cursor.fetchone()
        return row[0] if row else 0


def _state():
    """Return a text that is another one after every change of anything public."""
    total = PublicVersion.objects.aggregate(count=Count("pk"), total=Sum("number"))
    return f"{keys.release()} {stored.site_version()} {total}"
