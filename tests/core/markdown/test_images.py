"""The addresses of a text's images are found wherever Markdown shows an image, and nowhere else."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.formats import with_own_images
from articles.core.markdown import Context, image_addresses, is_foreign_image, render

ADDRESS = "https://a.example/x.png"


def shown(text):
    """The text's HTML with uploads and images of other sites."""
    return render(text, Context(sources={}, link_url=lambda slug: None)).html


def own(text):
    return with_own_images(text, (), lambda image: "/media/uploads/x.webp", lambda *problem: None).text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"![map]({ADDRESS})", "![map](OWN)"),
        (f"![map]( <{ADDRESS}> \"T (1)\" )", '![map]( OWN "T (1)" )'),
        (f"![a [b] \\] c]({ADDRESS})", "![a [b] \\] c](OWN)"),
        (f"![tide [00:06:31]]({ADDRESS})", "![tide [00:06:31]](OWN)"),
        (f"[![map]({ADDRESS})]({ADDRESS})", f"[![map](OWN)]({ADDRESS})"),
        (f"![map][1] and [1]\n\n[1]: {ADDRESS} 'T'", "![map][1] and [1]\n\n[1]: OWN 'T'"),
        (f"![map][]\n\n[MAP]: <{ADDRESS}>", "![map][]\n\n[MAP]: OWN"),
        (f"> ![map]\n\n> [map]:\n> {ADDRESS}", "> ![map]\n\n> [map]:\n> OWN"),
        ("![map](//a.example/(x).png)", "![map](OWN)"),
        ("![map](http://a.example/x.png)", "![map](OWN)"),
        (f"![map]({ADDRESS}) `![map]({ADDRESS})` \\![map]({ADDRESS})", f"![map](OWN) `![map]({ADDRESS})` \\![map]({ADDRESS})"),
        (f"```\n![map]({ADDRESS})\n```", f"```\n![map]({ADDRESS})\n```"),
        (f"[map]({ADDRESS}) ![x](/media/a.webp)", f"[map]({ADDRESS}) ![x](/media/a.webp)"),
        (f"![map]({ADDRESS} =300x200)", f"![map]({ADDRESS} =300x200)"),
        (f"![map\n\nx]({ADDRESS})", f"![map\n\nx]({ADDRESS})"),
        (f"[map]: {ADDRESS}", f"[map]: {ADDRESS}"),
        (f"- ![a]({ADDRESS})\n  | ![b]({ADDRESS})", "- ![a](OWN)\n  | ![b](OWN)"),
        (f"[^1]: ![a]({ADDRESS})\n\nx[^1]", "[^1]: ![a](OWN)\n\nx[^1]"),
    ],
)  # fmt: skip
def test_our_own_address_takes_the_place_of_a_foreign_one(text, expected):
    assert own(text) == expected.replace("OWN", "/media/uploads/x.webp")


PIECES = [
    "![", "[", "]", "(", ")", "<", ">", "a", " ", "\n", "\n\n", "> ", "- ", "`", "\\", ADDRESS, "//b.example/y.png", "/media/a.webp",
    f"![map]({ADDRESS})", "![b][r]", "[r]: ", "'T'", '"', "[00:06:31]", "[[tides]]", "|", "\n|-|\n", "!", "https:c.example", "[^1]", "[^1]: ",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=16).map("".join))
def test_no_text_makes_a_browser_ask_another_site(text):
    sources = re.findall(r'<img src="([^"]*)"', shown(text))

    assert not re.search(r"<(?!img |a )[^<>]*\b(?:src|srcset|poster|href|style)=", shown(text))
    assert all(source.startswith("/media/") for source in sources)


@given(st.lists(st.sampled_from(PIECES), max_size=16).map("".join))
def test_only_addresses_change_and_only_once(text):
    changed = own(text)
    addresses = [found for found in image_addresses(text) if is_foreign_image(found.address)]

    assert own(changed) == changed
    assert changed.count("/media/uploads/x.webp") == len(addresses)


@given(st.lists(st.sampled_from([*PIECES, f"\n\n![map]({ADDRESS} 'T')\n\n"]), max_size=12).map("".join))
def test_what_markdown_shows_as_a_foreign_image_in_a_plain_paragraph_is_found(text):
    paragraph = f"{text}\n\n```\n```\n\nSee ![the map]({ADDRESS}) here.\n"
    if f'See <a class="image-link" href="{ADDRESS}"' in shown(paragraph):
        assert f"See ![the map]({ADDRESS}) here." not in own(paragraph)


@pytest.mark.parametrize("piece", ["![", "![](", "![](<", "![a](b", "![[", "]", "![a][", "[a]: <", "![a](\\"])
def test_reading_takes_time_in_proportion_to_the_text(piece):
    def seconds(times):
        started = time.process_time()
        image_addresses(f"![a]\n\n{piece * times}")
        return time.process_time() - started

    assert seconds(20_000) < 30 * seconds(2_000) + 0.2
