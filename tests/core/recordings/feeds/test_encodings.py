"""The encoding of a feed: declared by it or the server, detected, or damaged."""

import codecs
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.language.charset import encoding_name
from articles.core.recordings.feeds import (
    SIZE_LIMIT,
    FeedError,
    read,
)
from articles.core.recordings.feeds.decoding import decode
from tests.support.samples.feeds import EPISODE, make_feed, make_item, problems_of


@pytest.mark.parametrize("encoding", ["UTF-8", "ISO-8859-1", "windows-1252"])
def test_read_uses_the_declared_encoding(encoding):
    data = make_feed(make_item(title="Flöße")).decode().replace('"UTF-8"', f'"{encoding}"').encode(encoding)

    assert read(data).episodes[0].title == "Flöße"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_read_reads_text_with_and_without_a_byte_order_mark(encoding):
    data = make_feed(make_item(title="Flöße")).decode().encode(encoding)

    feed = read(data)

    assert (feed.episodes[0].title, feed.problems) == ("Flöße", ())


@pytest.mark.parametrize(
    ("declared", "reason"),
    [
        ("utf-7", "“utf-7” isn’t a text encoding; read as UTF-8."),
        ("cp99999", "“cp99999” isn’t a known encoding; read as UTF-8."),
    ],
)
def test_an_invalid_encoding_is_reported(declared, reason):
    feed = read(make_feed(make_item()).replace(b'"UTF-8"', f'"{declared}"'.encode()))

    assert feed.episodes == (EPISODE,)
    assert problems_of(feed) == [(0, "encoding", declared, reason)]


def test_undecodable_bytes_are_reported():
    feed = read(make_feed(make_item(title="Fl@sse")).replace(b"@", b"\xf6"))

    assert feed.episodes[0].title == "Flösse"
    reason = "Line 9: byte 0xF6 isn’t valid UTF-8; read as Windows-1252 (1, starting here)."
    assert problems_of(feed) == [(0, "encoding", "", f"{reason} Check that the letters are right.")]


@pytest.mark.parametrize(
    ("title", "encoding", "name"),
    [
        ("Беседа о приливах и о том, почему море уходит от берега", "cp1251", "cp1251"),
        ("潮の満ち引きと、月がそれをどのように引き起こすかについて話します", "cp932", "Shift JIS"),
        ("Rozmowa o pływach, żegludze i łodziach, które wracają z morza", "cp1250", "Windows-1250"),
        ("La marée qui s’en va est déjà là, et l’été aussi", "cp1252", "Windows-1252"),
    ],
)
@pytest.mark.parametrize("declaration", [b"", b'<?xml version="1.0" encoding="UTF-8"?>'])
def test_other_encodings_without_a_true_declaration_are_detected(title, encoding, name, declaration):
    body = make_feed(make_item(title=title)).decode().partition("?>")[2].encode(encoding)

    feed = read(declaration + body)

    assert feed.episodes[0].title == title
    assert [problem.part for problem in feed.problems] == ["encoding"]
    assert encoding_name(codecs.lookup(encoding).name) in feed.problems[0].reason


def test_one_item_in_another_encoding_and_a_cut_letter_leave_the_rest_alone():
    items = [make_item(1, title="Flöße und Bäche"), make_item(2, title="@"), make_item(3, title="Über Öl und Fl@")]
    first, _, last = make_feed(*items).rpartition(b"@")
    data = first.replace(b"@", "Ebbe in Köln".encode("cp1252")) + b"\xc3" + last

    feed = read(data)

    assert [episode.title for episode in feed.episodes] == ["Flöße und Bäche", "Ebbe in Köln", "Über Öl und FlÃ"]
    assert ["(2, starting here)" in problem.reason for problem in feed.problems] == [True]


@pytest.mark.parametrize(
    ("declared", "charset", "title", "encoding", "reasons"),
    [
        ("", "windows-1251", "Море", "cp1251", []),
        ("windows-1251", "ISO-8859-1", "Море", "cp1251", []),
        ("UTF-8", "ISO-8859-1", "Ebbe – Köln", "cp1252", ["read as Windows-1252 (1, starting here)"]),
        ("UTF-8", "windows-1251", "Море", "cp1251", ["read as WINDOWS-1251, as the server says"]),
        ("ISO-8859-1", "", "Ebbe – Köln", "cp1252", []),
        ("", "ISO-8859-1", "Ebbe – Köln", "utf-8", []),
    ],
)
def test_the_declaration_comes_before_the_server_and_utf_8_before_both(declared, charset, title, encoding, reasons):
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    body = make_feed(make_item(title=title)).decode().partition("?>")[2]

    feed = read((declaration + body).encode(encoding), charset=charset)

    assert feed.episodes[0].title == title
    assert [reason in problem.reason for reason, problem in zip(reasons, feed.problems, strict=True)] == [True] * len(
        reasons
    )


def test_compressed_feeds_are_read():
    data = make_feed(make_item(1), make_item(2))

    assert read(gzip.compress(data)) == read(gzip.compress(data[:200]) + gzip.compress(data[200:])) == read(data)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            gzip.compress(make_feed(make_item()))[:-20],
            "the compressed file ends before it is complete. Fetch the feed again.",
        ),
        (b"\x1f\x8b" + make_feed(make_item()), "the compressed file is damaged. Fetch the feed again."),
        (gzip.compress(bytes(SIZE_LIMIT + 10)), "the file is larger than 32 MB, too large for a feed."),
    ],
)
def test_damaged_and_too_large_compressed_feeds_are_refused(data, message):
    with pytest.raises(FeedError) as refusal:
        read(data)

    assert str(refusal.value) == message


@given(st.binary(max_size=300))
def test_decoding_loses_no_ascii(data):
    text, _ = decode(b"<a>" + data + b"</a>")

    assert text.startswith("<a>")
    assert [c for c in text if c in "<>"] == [chr(b) for b in b"<a>" + data + b"</a>" if b in b"<>"]


def test_utf_8_declared_as_something_else_is_read_and_reported():
    feed = read(make_feed(make_item(title="Flöße")).replace(b'"UTF-8"', b'"ISO-8859-1"'))

    assert feed.episodes[0].title == "Flöße"
    assert problems_of(feed) == [(0, "encoding", "ISO-8859-1", "The text isn’t ISO-8859-1 as declared; read as UTF-8.")]
