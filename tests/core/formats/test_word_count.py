"""Importing keeps every word of prose exactly once."""

from collections import Counter

import pytest

from articles.core.formats import IndexFile, read
from tests.core.formats.prose_words import prose_words
from tests.support.paths import SHARED

RECEIVED = sorted([*(SHARED / "corpus").rglob("*.md"), *(SHARED / "evidence" / "articles").rglob("*.md")])

OWN = """---
title: Tides
videoId: abcdefghijk
---

From: [[harbour]] <br/>

The sea rises <a class="yt-timestamp" data-t="00:01:02">[00:01:02]</a>, then
[falls](<a data-t="00:01:05"></a>).

# Moon (<a class="yt-timestamp" data-t="00:02:02">00:02:02</a>)

It <b>pulls</b> the water<br>twice <a data-t="00:03:00">as she says</a>; see [[neap_tide | neap tides]].

<div class="callout">
  <div class="callout-title">Mind</div>
  <div>the quay</div>
</div>

| port | turn |
|------|------|
| Ayr  | [00:04:00 | 00:04:09] late |

```js
let tide = "<b>high</b>"; // # not a heading
```

## Sun &amp; wind ##

1. مد وجزر 潮汐 l’eau <a class="yt-timestamp" data-t="00:29:29]</a>. Then <iframe src="https://example.org/a"></iframe>
2. <img src="https://example.org/q.png" alt="a quay"> at 4:00 PM <!-- unseen -->
"""


def lost_and_gained(text, article):
    """Return the words lost and gained by importing; a removed title is reported and doesn't count as lost."""
    before, after = prose_words(text), prose_words(article)
    removed_titles = sum((prose_words(p.text) for p in article.problems if p.code == "title"), Counter())
    return before - after - removed_titles, after - before


def test_words_are_counted_without_markup():
    words = prose_words(
        "From: harbour\n\nThe sea <a data-t='00:01:02'>[00:01:02]</a> the <b>sea</b> [x](https://a.b/c)"
    )

    assert words == Counter({"The": 1, "the": 1, "sea": 2, "x": 1})


def test_no_word_of_the_example_is_lost():
    article = read(OWN, "tides")

    assert lost_and_gained(OWN, article) == (Counter(), Counter())
    assert [section.heading for section in article.sections] == ["Moon [00:02:02]", "Sun &amp; wind"]


@pytest.mark.skipif(not RECEIVED, reason="the imported articles are not available")
def test_no_word_of_the_imported_articles_is_lost():
    lost = {}
    for path in RECEIVED:
        text = path.read_text(encoding="utf-8")
        received = read(text, path.stem)
        if not isinstance(received, IndexFile) and any(difference := lost_and_gained(text, received)):
            lost[path.name] = difference

    assert lost == {}


@pytest.mark.skipif(not RECEIVED, reason="the imported articles are not available")
def test_no_time_link_remains_in_the_imported_articles():
    left = []
    for path in RECEIVED:
        received = read(path.read_bytes(), path.stem)
        if isinstance(received, IndexFile):
            continue
        texts = [received.lead, *(text for s in received.sections for text in (s.heading, s.body))]
        left += [path.name for text in texts if "data-t=" in text or "</a>" in text]

    assert left == []
