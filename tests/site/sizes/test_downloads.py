"""Every download is read to its last byte, on a site with everything; one that fails is an error, never a shorter file."""

import csv
import io
import json
import re
from itertools import count

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import request_finished
from django.db import OperationalError, close_old_connections, connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch
from lxml import etree
from PIL import Image

from articles import workflow
from articles.admin.report.export import COLUMNS
from articles.models import Article, Citation
from articles.views.http import download
from articles.views.http.responses import SPOOLED_BYTES
from tests.support.clients import logged_in
from tests.support.factories import make_moderator, make_published
from tests.support.paths import PROJECT
from tests.support.scenarios.sites.every_address import every_address, is_left_out, route_of, routes
from tests.support.scenarios.sites.full_site import make_everything


@pytest.fixture(scope="module")
def site(module_rows):
    site = make_everything()
    cited = Citation.objects.filter(is_public=True).exclude(claim="").order_by("pk").first()
    workflow.confirm_citation(
        cited.revision.article,
        by=make_moderator("listener"),
        episode=cited.episode,
        start_seconds=cited.start_seconds,
        end_seconds=cited.end_seconds,
        claim=cited.claim,
    )
    return site


@pytest.fixture
def client(db, site):
    return logged_in(site.draft.author)  # a superuser


# Readers of each format; each fails if the end is missing ------------------------------------------


def read_csv(text):
    assert text.endswith("\r\n")
    header, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    assert {len(row) for row in rows} == {len(header)}
    return rows


def read_vtt(text):
    assert text.startswith("WEBVTT\n\n")
    cues = read_cues(text.removeprefix("WEBVTT\n\n"), ".")
    if cues[0].startswith("{"):  # citations, not speech
        return [json.loads(cue) for cue in cues]
    return cues


def read_subrip(text):
    return read_cues(text, ",")


def read_cues(text, point):
    assert text.endswith("\n")
    cues = text.removesuffix("\n").split("\n\n")
    for number, cue in enumerate(cues, 1):
        first, times, _ = cue.split("\n")
        assert first == str(number)
        assert re.fullmatch(rf"\d\d:\d\d:\d\d{point}\d\d\d --> \d\d:\d\d:\d\d{point}\d\d\d", times)
    return [cue.split("\n")[2] for cue in cues]


def read_xml(text):
    return etree.fromstring(text.encode())


def read_lines(text):
    assert text.endswith("\n")
    return text.splitlines()


def read_playlist(text):
    assert text.startswith("#EXTM3U\n")
    last = text.removesuffix("\n").rpartition("\n")[2]
    assert not last.startswith("#")  # an address follows each description
    return read_lines(text)


def read_bibtex(text):
    assert text.startswith("@")
    assert text.endswith("}\n")
    assert text.count("{") == text.count("}")
    return text


def read_script(text):
    assert re.search(r"[};]\s*\Z", text)
    assert text.count("{") == text.count("}")
    return text


READERS = {
    "application/json": json.loads,
    "application/json+chapters": json.loads,
    "application/jsonl": lambda text: [json.loads(line) for line in read_lines(text)],
    "application/jwk-set+json": json.loads,
    "application/problem+json": json.loads,
    "application/feed+json": json.loads,
    "application/vnd.citationstyles.csl+json": json.loads,
    "application/atom+xml": read_xml,
    "application/rss+xml": read_xml,
    "application/xml": read_xml,
    "application/x-subrip": read_subrip,
    "audio/x-mpegurl": read_playlist,
    "application/x-bibtex": read_bibtex,
    "text/csv": read_csv,
    "text/javascript": read_script,
    "text/markdown": read_lines,
    "text/plain": read_lines,
    "text/vtt": read_vtt,
}


def body_of(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def read(response):
    """Return the complete content of a response, parsed."""
    body = body_of(response)
    assert response.headers.get("Content-Length", str(len(body))) == str(len(body))
    content_type = response.headers["Content-Type"].partition(";")[0]
    if content_type == "image/png":
        image = Image.open(io.BytesIO(body))
        image.load()
        return image
    return READERS[content_type](body.decode())


# The sweep ----------------------------------------------------------------------------------------


def test_every_url_is_requested_or_left_out_for_a_reason(site):
    requested = {route_of(address) for address in every_address(site).values() if address != "/nowhere/"}

    assert sorted(route for route in routes() - requested if not is_left_out(route)) == []
    assert sorted(route for route in requested if is_left_out(route)) == []


def test_every_download_is_complete(client, site):
    downloads, formats = {}, set()
    for name, address in every_address(site).items():
        response = client.get(address)
        assert response.status_code in {200, 403} or name in {"not found", "/api/nothing/", "/health/"}, (
            name,
            response,
        )
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            downloads[address] = read(response)
            formats.add(response.headers["Content-Type"].partition(";")[0])

    cited = Citation.objects.filter(is_public=True)
    of_episode = cited.filter(episode=site.episode).count()
    text = downloads["/articles/sleep.json"]
    assert formats == {*READERS, "image/png"}
    assert len(downloads["/admin/evidence/export.csv"]) == cited.count()
    assert len(downloads["/shows/night-talks/on-sleep/citations.vtt"]) == of_episode
    assert len(downloads["/api/citations/?limit=100"]["results"]) == cited.count()
    assert len(downloads["/api/shows/night-talks/episodes/on-sleep/"]["citations"]["results"]) == of_episode
    assert len(text["citations"]) == site.article.published_revision.citation_set.count()
    assert downloads["/api/articles/sleep/"] == text
    assert len(downloads["/sitemap-articles.xml"]) == 2
    assert downloads["/articles/sleep.md"][-1] == site.article.published_revision.section_set.last().body
    assert downloads["/articles/sleep/share.png"].size == (1200, 630)


def test_report_has_an_open_flag(client, site):
    rows = read(client.get("/admin/evidence/export.csv"))

    assert "In a sponsor’s chapter" in {row[COLUMNS.index("checks")] for row in rows}


# Failures -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, SPOOLED_BYTES])
def test_a_download_has_its_length_and_tag(count):
    response = download(("océan\n" for _ in range(count)), "text/plain")

    assert body_of(response) == "océan\n".encode() * count
    assert response.headers["Content-Length"] == str(len("océan\n".encode()) * count)
    assert re.fullmatch(r'"[0-9a-f]{32}"', response.headers["ETag"])
    request_finished.disconnect(close_old_connections)  # as the test client does: other tests still use theirs
    try:
        response.close()
    finally:
        request_finished.connect(close_old_connections)


@pytest.mark.parametrize("count", [1, SPOOLED_BYTES])
def test_a_download_that_fails_never_begins(count):
    def pieces():
        yield from ["begun\n"] * count
        raise ImproperlyConfigured("the last row can’t be written")

    with pytest.raises(ImproperlyConfigured):
        download(pieces(), "text/plain")


@pytest.mark.parametrize(
    "address", ["/admin/evidence/export.csv?sort=moment", "/shows/night-talks/on-sleep/citations.vtt"]
)
def test_a_file_with_a_row_that_fails_is_an_error(client, site, address):
    people = {"by": site.draft.author, "moderator": site.profile.user}
    article = make_published("late", episode=site.episode, lead="Late [01:39:00].", **people)
    Article.objects.filter(pk=article.pk).update(slug="not/an address")
    client.raise_request_exception = False

    response = client.get(address)

    assert response.status_code == 500
    with pytest.raises(NoReverseMatch):
        raise response.exc_info[1]


def failing_at(place):
    """Return a wrapper of database queries that fails at the one with this number, and a list that then isn't empty."""
    failed, numbers = [], count(1)

    def run(execute, *query):
        if next(numbers) == place:
            failed.append(query[0])
            raise OperationalError("the connection was lost")
        return execute(*query)

    return run, failed


def test_a_download_is_an_error_whichever_query_fails(client, site):
    client.raise_request_exception = False
    shortened = []
    for address in every_address(site).values():
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
            body_of(response)
        if response.status_code != 200 or response.headers.get("Content-Type", "").startswith("text/html"):
            continue
        for place in {1, len(queries) // 2, len(queries) - 1, len(queries)}:
            run, failed = failing_at(place)
            with connection.execute_wrapper(run):
                response = client.get(address)
                body_of(response)
            if failed and response.status_code < 500:
                shortened.append((address, failed))

    assert shortened == []


def test_only_the_helper_streams():
    modules = [
        path
        for folder in ("articles", settings.ROOT_URLCONF.split(".")[0])
        for path in PROJECT.glob(f"{folder}/**/*.py")
    ]
    streaming = [
        str(path.relative_to(PROJECT)) for path in modules if re.search("StreamingHttp|FileResponse", path.read_text())
    ]

    assert streaming == ["articles/views/http/responses.py"]
