"""Generated Markdown of all shapes, for what must keep texts as they are."""

import random

PIECES = (
    "# Heading", "### Deeper ###", "Setext\n======", "**bold**", "*italic*", "***both***", "__under__", "~~struck~~", "`code`", "``a`b``",
    "```\nfence\n```", "~~~python\nprint()\n~~~", "    indented", "\tafter a tab", "a\tb", "> quote\n> more", ">> nested", "- one\n- two\n  - three",
    "1. first\n2) second", "* [ ] task", "+ plus", "| a | b |\n|---|:-:|\n| 1 | 2 |", "---", "***", "[link](https://example.org \"title\")",
    "![alt](https://example.org/a.png)", "[ref][id]\n\n[id]: https://example.org", "[[Naps]]", "[[naps|short sleep]]", "[00:06:31]",
    "[e2 06:31-00:07:00, 1:02:03.5]", "\\[00:06:31\\]", "[00:75:00]", "[^1]\n\n[^1]: note", "$x^2$", "$$\n\\sum\n$$", "<b>html</b>", "<!-- c -->",
    "&amp; &nbsp;", "\\*no\\*", "hard  \nbreak", "hard\\\nbreak", "trailing   ", "   leading", "\n\n\n", "", " ", "🙂👩‍👩‍👧🏳️‍🌈", "e\u0301 ﬁ Å", "שלום [00:01:00] עולם",
    "مرحبا **بالعالم**", "\u200f\u202b\u2066", "\u00a0\u2009\u200b\u200d\ufeff", "\u2028\u2029\x0b\x0c\x85", "\x01\x1f\x7f", "中文字符", "ไทย", "x" * 3000, "word " * 600,
    "*unclosed", "**", "[", "](", "[[", "`", "|", ">", "-", "#", "\\", "“quotes” – — …", "line\rreturn", "dos\r\nline\r\n", "\r", "\n\r\n", "\ud83d".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
)  # fmt: skip
JOINTS = ("", " ", "\n", "\n\n", "\r\n", "\r", "  \n", "\t")


def generated(count, seed=15):
    """Return `count` texts, always the same ones: each piece alone, then mixtures."""
    chance = random.Random(seed)  # noqa: S311
    texts = list(PIECES[:count])
    while len(texts) < count:
        parts = [chance.choice(PIECES) + chance.choice(JOINTS) for _ in range(chance.randint(1, 14))]
        texts.append("".join(parts))
    return texts
