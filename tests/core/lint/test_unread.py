"""Citations, headings, lists, links and images that were meant but can't be read: each is flagged, with its repair."""

import dataclasses
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.lint import find_issues
from articles.core.timestamps import Mark, find_intended, find_marks, format_mark
from tests.core.lint.flagging import repaired
from tests.support.samples.lint import TALK, make_text

VIDEO = dataclasses.replace(TALK, address="https://www.youtube.com/watch?v=abcdefghijk&t=0s")
OTHER = dataclasses.replace(TALK, address="https://talks.example/winds.mp3#t=0")
UNREAD = ("unread-citation", "escaped-citation", "unread-block", "unread-link")


def issues_of(body, **kwargs):
    return [issue for issue in find_issues(make_text(body, **kwargs)) if issue.code in UNREAD]


@pytest.mark.parametrize(
    ("written", "mark"),
    [
        ("[@6:31]", "[00:06:31]"),
        ("[6:31―7:10]", "[00:06:31-00:07:10]"),
        ("[06:31 →]", "[00:06:31]"),
        ("[06:31⇒]", "[00:06:31]"),
        ("[@391]", "[00:06:31]"),
        ("[00&#58;06:31]", "[00:06:31]"),
        ("[00&#x3a;06&colon;31]", "[00:06:31]"),
        ("[0:6:5]", "[00:06:05]"),
        ("[0:6:5.2]", "[00:06:05]"),
        ("[e2 0:6:5–0:7:1]", "[e2 00:06:05-00:07:01]"),
        ("[@ 00:06:31]", "[00:06:31]"),
        ("[6m31s]", "[00:06:31]"),
        ("[1h2m3s]", "[01:02:03]"),
        ("[6 min 31 s]", "[00:06:31]"),
        ("[6′31″]", "[00:06:31]"),
        ("[t=391]", "[00:06:31]"),
        ("[t=6m31s]", "[00:06:31]"),
        ("[#t=391]", "[00:06:31]"),
        ("[6:31--7:10]", "[00:06:31-00:07:10]"),
        ("[6:31 → 7:10]", "[00:06:31-00:07:10]"),
        ("[6:31 -> 7:10]", "[00:06:31-00:07:10]"),
        ("[6:31...7:10]", "[00:06:31-00:07:10]"),
        ("[6m31s–7m10s]", "[00:06:31-00:07:10]"),
        ("[6m31s, @7:10]", "[00:06:31, 00:07:10]"),
        ("[e2 6m31s]", "[e2 00:06:31]"),
        ("[00：06：31]", "[00:06:31]"),
        ("【00:06:31】", "[00:06:31]"),
        ("［6:31］", "[00:06:31]"),
        ("(00:06:31)", "[00:06:31]"),
        ("[**06:31**]", "[00:06:31]"),
        ("[T00:06:31]", "[00:06:31]"),
        ("[PT6M31S]", "[00:06:31]"),
        ("[time: 00:06:31]", "[00:06:31]"),
        ("[ca. 6:31]", "[00:06:31]"),
        ("[6min31]", "[00:06:31]"),
        ("[391 s]", "[00:06:31]"),
        ("[00.06.31]", "[00:06:31]"),
        ("[01.31.05]", "[01:31:05]"),
        ("[06.31]", "[00:06:31]"),
        ("[00-06-31]", "[00:06:31]"),
        ("[00 06 31]", "[00:06:31]"),
        ("[00: 06: 31]", "[00:06:31]"),
        ("[00::06::31]", "[00:06:31]"),
        ("[O0:06:3l]", "[00:06:31]"),
        ("[6:31 >> 7:10]", "[00:06:31-00:07:10]"),
        ("[⁰⁰:⁰⁶:³¹]", "[00:06:31]"),
        ("⁰⁰:⁰⁶:³¹", "[00:06:31]"),
        ("[“00:06:31”]", "[00:06:31]"),
        ("[(00:06:31)]", "[00:06:31]"),
        ("【00:06:31]", "[00:06:31]"),
        ("(00:06:31]", "[00:06:31]"),
        ("〖6:31〗", "[00:06:31]"),
        ("<00:06:31>", "[00:06:31]"),
        ("《00:06:31》", "[00:06:31]"),
        ("「00:06:31」", "[00:06:31]"),
        ("«00:06:31»", "[00:06:31]"),
        ("&#91;00:06:31&#93;", "[00:06:31]"),
        ("&lt;00:06:31&gt;", "[00:06:31]"),
        (r"\(00:06:31\)", "[00:06:31]"),
        ("(00:06:31–00:07:10)", "[00:06:31-00:07:10]"),
        ("(00:06:31, 00:07:10)", "[00:06:31, 00:07:10]"),
        ("(see 00:06:31)", "[00:06:31]"),
        ("(6:31)", "[00:06:31]"),
        ("(6m31s)", "[00:06:31]"),
        ("(@6:31)", "[00:06:31]"),
        ("@6:31", "[00:06:31]"),
        ("@ 00:06:31", "[00:06:31]"),
        ("t=391", "[00:06:31]"),
        ("00:06:31", "[00:06:31]"),
        ("<sup>00:06:31</sup>", "[00:06:31]"),
        ("^6:31^", "[00:06:31]"),
        ("`[00:06:31]`", "[00:06:31]"),
        ("[06;31]", "[00:06:31]"),
        ("[00.06:31]", "[00:06:31]"),
        ("[O6:31]", "[00:06:31]"),
        ("[06:3l]", "[00:06:31]"),
        ("[6:3I-7:1O]", "[00:06:31-00:07:10]"),
        ("[e2:06:31]", "[e2 00:06:31]"),
        ("[e2, 6:31]", "[e2 00:06:31]"),
        ("[e2; 00:06:31]", "[e2 00:06:31]"),
        ("[t1: 00:06:31]", "[t1 00:06:31]"),
        ("06:31]", "[00:06:31]"),
        ("00:06:31]", "[00:06:31]"),
        ("6:31–7:10]", "[00:06:31-00:07:10]"),
        ("e2 06:31]", "[e2 00:06:31]"),
        ("(6:31]", "[00:06:31]"),
        ("{06:31]", "[00:06:31]"),
    ],
)
def test_another_notation_is_flagged_with_the_mark_as_its_repair(written, mark):
    (issue,) = issues_of(f"The pump fails {written}.")

    assert (issue.code, issue.text, issue.repair.replacement) == ("unread-citation", written, mark)
    assert repaired(f"The pump fails {written}.") == f"The pump fails {mark}."


@pytest.mark.parametrize(
    ("body", "written"),
    [
        ("It fails [0:6.31].", "[0:6.31]"),
        ("It fails [00.6:31].", "[00.6:31]"),
        ("It fails [6.31]. It stops [00:07:10].", "[6.31]"),
        ("It stops [00:07:10]. It fails [06.11].", "[06.11]"),
        ("It fails [12;31]. It stops [00:13:10].", "[12;31]"),
    ],
)
def test_a_doubtful_time_is_flagged_without_a_repair(body, written):
    (issue,) = issues_of(body)

    assert (issue.code, issue.text, issue.repair) == ("unread-citation", written, None)
    assert "Write it like [00:06:31]." in str(issue.message)


def test_other_digits_are_flagged_with_the_mark_as_their_repair():
    (issue,) = find_issues(make_text("The pump fails [０６:３１]."))

    assert (issue.code, issue.repair.replacement) == ("malformed", "[00:06:31]")


@pytest.mark.parametrize(
    "body",
    [
        "At (10:30) the boats leave.", "A ratio of [16:9].", "The [1980s], [90s], [5 min] and [3].", "[@smith2020] says.",
        "Issue [#391] and [see 6m31s].", "`[6m31s]`", "```\n[6m31s]\n```", "Call [x](00:06:31).", "[[6m31s]]",
        "[6m31s](see there)", "[7:10 → 6:31]", "[2026-11-28]", "[06:31 pm]", "[^6m31s]", "Tide [00:06:31, 00:07:10].",
        "A list\n\n- one\n    - two [00:06:31]", "- Bonjour", "1.\u00a0Januar", "#hashtag", "# Heading", "[map](https://a.example/x)",
        "We met at 6:31 am.", "It opens (6:31 pm).", "They won 21:15 (11:09).", "John (3:16).", "(John 3:16)", "A ratio (3:1).",
        "[10:30 am]", "[2026-11-28 10:30]", "On 2026-11-28T10:30:00.", "(2026-11-28 10:30:00)", "[1.2.3]", "[1.20]", "[06.05.24]",
        "It took 6m31s.", "It lasts (6:31).", "It was 00:06:31.", "f(t=391)", "Let (t=391) be", "At t=391.", "user@10:30", "[5'10\"]", "[48°51′24″]",
        "Write `[00:06:31]` here.", "Write `[00:06:31]`.", "`x[1:20]`", "[1980s]", "[2:1]", "![the sea [6m31s]](/media/uploads/x.webp)",
        r"![the sea \[00:06:31\]](/media/uploads/x.webp)", "Tide [00:05:00]. It turns (6:31).", "We had lunch @12:30 there.",
        "a[i][j]", "[a][b]\n\n[b]: https://a.example/x", "[map](https://a.example/x 'see [00:06:31]')", "[here](/articles/tides/)", "[10:30](/timetable/)", "[10:30](https://trains.example/)", "[10:30](tel:123)",
        "[mail](mailto:a@b.example)", "[up](#tides)", "[map](https://a.example/x_(y))", "    code(1);\n    more();",
        "- item\n\n    The pump fails in a long sentence here.", "1 < 2 and 3 > 2", "[[tides|x]]", "#1 in the list", "#winning at life", "x [1] (https://a.example/)",
        "Version [6.31] and [12;31] and [06.11].", "Ratio [1:2.55] [00:05:00].", "x[6.31] [00:05:00]", "[6,31] and [12, 31] [00:05:00]", "x[lo:10] and x[10:lo]",
        "Open (from 9:30 to 12:45] daily.", "Open [from 9 [sic] to 12:45] daily.", "Open [from 9\nto 12:45] daily.", "`x 12:45]`", "[open until 12:45](https://a.example/)",
        "[[open|until 12:45]]", "[John: 3:16]", "See [@12] and [@smith391].", "[→ end]", "[391 →]", "x[0:1:5]", "f(x)[0:1:5]", "A ratio of [1:2:3].",
        "Tide (see below) [00:06:31].", "![map](/media/uploads/x.webp)",
    ],
)  # fmt: skip
def test_what_may_be_meant_as_written_is_not_flagged(body):
    assert issues_of(body) == []


@pytest.mark.parametrize("written", [r"\[00:06:31\]", r"\[00:06:31]", r"[00:06:31\]", r"\[6m31s\]", r"[00\:06\:31]"])
def test_an_escaped_citation_is_text_with_a_flag(written):
    (issue,) = issues_of(f"The pump fails {written}.")

    assert (issue.code, issue.repair.written, issue.repair.replacement) == ("escaped-citation", written, "[00:06:31]")
    assert make_text(f"The pump fails {written}.").parts[0].rendered.citations == []


@pytest.mark.parametrize(
    ("written", "replacement"),
    [
        ("[06:31](https://youtu.be/abcdefghijk?t=391)", "[00:06:31]"),
        ("[06:31](https://www.youtube.com/watch?v=abcdefghijk&t=6m31s)", "[00:06:31]"),
        ("[06:31](https://m.youtube.com/embed/abcdefghijk?start=391)", "[00:06:31]"),
        ("[06:31](<https://youtu.be/abcdefghijk> 'Talk')", "[00:06:31]"),
        ("[06:31](https://youtu.be/abcdefghijk?t=400)", "[00:06:40]"),
        ("[06:31](https://talks.example/winds.mp3#t=391)", "[e2 00:06:31]"),
        ("[John 3:16](https://youtu.be/abcdefghijk?t=391)", "John 3:16 [00:06:31]"),
        ("[John 3:16](https://talks.example/winds.mp3#t=391)", "John 3:16 [e2 00:06:31]"),
        ("[06:31](https://youtu.be/zzzzzzzzzzz?t=391)", None),
        ("[06:31](#t=06:31)", "[00:06:31]"),
        ("[6:31](#)", "[00:06:31]"),
        ("[6:31]()", "[00:06:31]"),
        ("[(6:31)](https://youtu.be/abcdefghijk?t=391)", "[00:06:31]"),
        ("[`6:31`](https://youtu.be/abcdefghijk?t=391)", "[00:06:31]"),
        (r"\[[6:31](https://youtu.be/abcdefghijk?t=391)\]", "[00:06:31]"),
        ("[6:31](https://www.google.com/url?q=https://youtu.be/abcdefghijk?t%3D391&sa=D)", "[00:06:31]"),
        ("[6:31](talk.mp3#t=391)", "[00:06:31]"),
        ("[6:31](obsidian://open?vault=x)", "[00:06:31]"),
        ('<a href="https://youtu.be/abcdefghijk?t=391">6:31</a>', "[00:06:31]"),
        ("https://youtu.be/abcdefghijk?t=391", "[00:06:31]"),
        ("<https://talks.example/winds.mp3#t=391>", "[e2 00:06:31]"),
    ],
)
def test_a_linked_time_is_a_citation_if_it_leads_to_a_source(written, replacement):
    (issue,) = issues_of(f"The pump fails {written} often.", sources={"e1": VIDEO, "e2": OTHER})

    assert (issue.code, issue.text) == ("unread-citation", written)
    assert (issue.repair and issue.repair.replacement) == replacement


def test_the_message_names_a_label_that_differs_from_the_link():
    (issue,) = issues_of("It fails [06:31](https://youtu.be/abcdefghijk?t=400).", sources={"e1": VIDEO})

    assert "different time than its label, 06:31" in str(issue.message)


@pytest.mark.parametrize("indent", ["\t", "    ", "  \t"])
def test_a_citation_in_an_indented_line_is_flagged(indent):
    body = f"First.\n\n{indent}The pump fails after a long night at sea [00:06:31]."
    (issue,) = issues_of(body)

    assert (issue.code, issue.text, issue.line) == ("unread-citation", "[00:06:31]", 3)
    assert repaired(body) == "First.\n\nThe pump fails after a long night at sea [00:06:31]."


@pytest.mark.parametrize(
    ("line", "fixed"),
    [
        ("##\u00a0My heading", "## My heading"),
        ("##\u200bMy heading", "## My heading"),
        ("\ufeff## My heading", "## My heading"),
        ("\u00a0\u00a0## My heading", "## My heading"),
        ("##My heading", "## My heading"),
        ("＃＃ 見出し", "## 見出し"),
        ("\u00a0- an item", "- an item"),
        ("-\u00a0an item", "- an item"),
        ("\u200b> a quotation", "> a quotation"),
        ("#My heading", "# My heading"),
        ("<h2>My heading</h2>", "## My heading"),
        ('<h3 id="x">My\nheading</h3>', "### My heading"),
        ("\t## My heading", "## My heading"),
        ("\tThe pump fails after a long night at sea.", "The pump fails after a long night at sea."),
    ],
)
def test_a_heading_or_list_with_unseen_characters_is_flagged(line, fixed):
    body = f"First.\n\n{line}\n\nLast."
    (issue,) = issues_of(body)

    assert (issue.code, issue.line) == ("unread-block", 3)
    assert repaired(body) == f"First.\n\n{fixed}\n\nLast."


@pytest.mark.parametrize(
    ("written", "fixed"),
    [
        ("[map] (https://a.example/x)", "[map](https://a.example/x)"),
        ("[map]（https://a.example/x）", "[map](https://a.example/x)"),
        ("(map)[https://a.example/x]", "[map](https://a.example/x)"),
        (r"\[map\](https://a.example/x)", "[map](https://a.example/x)"),
        (r"\[map\]\(https://a.example/x\)", "[map](https://a.example/x)"),
        ("[map](https://a.example/old map)", "[map](<https://a.example/old map>)"),
        (r"\![map](https://a.example/x.png)", "![map](https://a.example/x.png)"),
        ("! [map](https://a.example/x.png)", "![map](https://a.example/x.png)"),
        ("！[map](https://a.example/x.png)", "![map](https://a.example/x.png)"),
        ("![map](https://a.example/x.png =300x200)", "![map](https://a.example/x.png)"),
        ('<img src="https://a.example/x.png" alt="map">', "![map](https://a.example/x.png)"),
        ("[map]\n(https://a.example/x)", "[map](https://a.example/x)"),
        ("[map]\u200b(https://a.example/x)", "[map](https://a.example/x)"),
        ("[map]{https://a.example/x}", "[map](https://a.example/x)"),
        ("[map]<https://a.example/x>", "[map](https://a.example/x)"),
        ("[map][https://a.example/x]", "[map](https://a.example/x)"),
        ("[map](“https://a.example/x”)", "[map](https://a.example/x)"),
        ("[map](https://a.example/x]", "[map](https://a.example/x)"),
        ("(https://a.example/x)[map]", "[map](https://a.example/x)"),
        ("[map|https://a.example/x]", "[map](https://a.example/x)"),
        ("[https://a.example/x map]", "[map](https://a.example/x)"),
        ("[url=https://a.example/x]map[/url]", "[map](https://a.example/x)"),
        ('<a href="https://a.example/x">map</a>', "[map](https://a.example/x)"),
        ("[map](www.a.example/x)", "[map](https://www.a.example/x)"),
        ("[map](https//a.example/x)", "[map](https://a.example/x)"),
        ("[map](htps://a.example/x)", "[map](https://a.example/x)"),
        ("[](https://a.example/x)", "<https://a.example/x>"),
        (r"\[\[tides\]\]", "[[tides]]"),
        ("［［tides|潮］］", "[[tides|潮]]"),
    ],
)
def test_a_link_or_image_shown_as_text_is_flagged(written, fixed):
    (issue,) = issues_of(f"See {written} here.")

    assert issue.code == "unread-link"
    assert repaired(f"See {written} here.") == f"See {fixed} here."


@pytest.mark.parametrize("address", ["other_article", "relative/path.md", "../tides/", "?page=2", "map.jpg"])
def test_a_link_to_a_file_or_page_beside_the_text_is_flagged_without_a_repair(address):
    (issue,) = issues_of(f"See [the map]({address}) here.")

    assert (issue.code, issue.text, issue.repair) == ("unread-link", f"[the map]({address})", None)
    assert str(issue.message).startswith("This address leads nowhere here.")


@pytest.mark.parametrize("end", ["", ".", "\n\nMore."])
def test_an_unclosed_link_is_flagged(end):
    (issue,) = issues_of(f"See [map](https://a.example/x{end}")

    assert issue.repair.replacement.startswith("[map](https://a.example/x")
    assert issue.repair.replacement.endswith(")")


@pytest.mark.parametrize(
    "written",
    [
        "![map](x.png)", "![map](images/my map.png)", "![map](file:///home/x.png)", "![map](C:\\x.png)", "![map](cid:1)",
        "![map](blob:https://docs.example/1)", "![[map.png|300]]",
        '<img src="x.png" alt="map">', '<img src="data:image/png;base64,AAAA">', "![map][image1]", "![map](data:image/png;base64,AAAA)",
        "[map][1]", "[map](file:///home/x.pdf)", "[map](ftp://a.example/x)", "[map]()",
    ],
)  # fmt: skip
def test_what_readers_cannot_load_or_open_is_flagged(written):
    (issue,) = issues_of(f"See {written} here.")

    assert (issue.code, issue.text, issue.repair) == ("unread-link", written, None)


@pytest.mark.parametrize(
    "written",
    ["![map]({})", "![]({} 'The map')", "![map](<{}>)", "[![map]({})](https://a.example/)", "![map][a]\n\n[a]: {}\n\n"],
)
@pytest.mark.parametrize("address", ["https://a.example/x.png", "http://a.example/x.png?a=1", "//a.example/(x).png"])
def test_an_image_of_another_site_is_flagged_by_its_address(written, address):
    (issue,) = issues_of(f"See {written.format(address)} here.")

    assert (issue.code, issue.text.strip("<>"), issue.repair) == ("unread-link", address, None)
    assert address in str(issue.message)


@pytest.mark.parametrize(
    ("word", "fixed"), [("at", "[00:06:31]"), ("see", "[00:06:31]"), ("Time", "[00:06:31]"), ("e9", None)]
)
def test_a_word_before_the_time_is_no_source(word, fixed):
    (issue,) = [issue for issue in find_issues(make_text(f"It fails [{word} 6:31].")) if issue.code == "unknown-source"]

    assert (issue.repair and issue.repair.replacement) == fixed


def test_an_image_written_into_the_text_is_flagged():
    (issue,) = issues_of("See ![map](data:image/png;base64,AAAA) here.")

    assert (issue.code, issue.repair) == ("unread-link", None)


MARK_LIKE = st.text(alphabet="[]()\\0123456789:,-→ @tms=e2【】#`\n\u200b\u00a0", max_size=60)


UPLOAD = f"/media/uploads/{'0a' * 32}.webp"


@pytest.mark.parametrize(
    ("body", "written", "fixed"),
    [
        (f"![\n\nNext paragraph.\n]({UPLOAD})", None, f"![]({UPLOAD})\n\nNext paragraph."),
        (f"![\n\n]({UPLOAD}) and on", f"![\n\n]({UPLOAD})", f"![]({UPLOAD})"),
        (f"See {UPLOAD}.", UPLOAD, None),
        (f"![A map]({UPLOAD})\n\n!\\[A map]({UPLOAD.replace('0a', '0b')} (x", UPLOAD.replace("0a", "0b"), None),
    ],
)
def test_the_address_of_an_upload_shown_as_text_is_flagged(body, written, fixed):
    (issue,) = issues_of(body)

    assert (issue.code, issue.text) == ("unread-link", written or body)
    assert issue.message.startswith("The address of an image is shown as text.")
    assert (issue.repair and issue.repair.replacement) == fixed
    if fixed:
        assert issues_of(repaired(body)) == []


@pytest.mark.parametrize(
    "body", [f"![A map]({UPLOAD})", f"[The map]({UPLOAD})", f"`{UPLOAD}`", f"![A][b]\n\n[b]: {UPLOAD}"]
)
def test_an_upload_that_is_shown_or_linked_is_not_flagged(body):
    assert issues_of(body) == []


@given(MARK_LIKE)
def test_every_replacement_is_a_mark_in_canonical_form(text):
    before = 0
    for intended in find_intended(text):
        assert before <= intended.start
        assert text[intended.start : intended.end] == intended.text
        before = intended.end
        (mark,) = find_marks(intended.replacement)
        if intended.kind != "escaped":
            assert isinstance(mark, Mark)
            assert format_mark(mark) == intended.replacement


SLIPS = st.text(alphabet="[]()0126:;.,-–? efOlI\n", max_size=40)


@given(SLIPS)
def test_a_replacement_is_a_mark_or_missing(text):
    for found in (*find_intended(text), *find_marks(text)):
        if not isinstance(found, Mark) and found.replacement:
            mark, *_ = find_marks(found.replacement)
            assert isinstance(mark, Mark)


@given(MARK_LIKE)
def test_a_mark_that_is_read_is_not_flagged_as_another_notation(text):
    read = {mark.start for mark in find_marks(text, in_code=True)}

    assert not read & {intended.start for intended in find_intended(text) if intended.kind == "notation"}


PIECES = [
    "[",
    "(",
    "[0](",
    "\\",
    "\\[",
    "[6m31s] ",
    "[06:31](#) ",
    "[0\\]",
    "#\u00a0",
    "\u00a0",
    "[x] (http://",
    "\\[x\\](",
    "(x)[",
    "\t[0:00] ",
    "0:00] ",
    "[0:00 f",
    "[0:00 f] ",
    "[0:00\n",
    "[0.00] ",
    "[e2, ",
]


@pytest.mark.parametrize("piece", PIECES)
def test_flags_are_linear(piece):
    started = time.process_time()
    for issue in find_issues(make_text(piece * (100_000 // len(piece)))):
        assert issue.code
    assert time.process_time() - started < 20


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("[00:06:31]", None),
        ("[00:06:31-00:07:10, 00:08:44]", None),
        ("\\\\[00:06:31]", None),  # an escaped backslash before a mark
        ("\\[00:06:31]", "escaped"),
        ("\\[00:06:31\\]", "escaped"),
        ("【00:06:31】", "notation"),
        ("【00:06:31]", "notation"),
        ("[00:06:31】", "notation"),
        ("[[00:06:31]]", None),  # a mark in brackets
    ],
)
def test_marks_are_passed_over_and_what_resembles_them_is_not(written, found):
    kinds = [intended.kind for intended in find_intended(f"Waste goes {written} at night.")]

    assert kinds == ([found] if found else [])
