"""Callouts, footnotes, formulas and tables; HTML that isn't allowed is shown as text."""

import pytest

from articles.core.markdown import render
from tests.core.markdown.contexts import ONE, html_of, make_context

SPRINGS = """
<aside class="callout callout--info" role="note">
<p class="callout__title">Springs</p>
<p>High <em>water</em>.</p>
</aside>
"""
SENTENCE = """
<aside class="callout callout--note" role="note">
<p class="callout__title">Note</p>
<p>High water comes twice.</p>
</aside>
"""
NESTED = """
<aside class="callout callout--note" role="note">
<p class="callout__title">To read</p>
<p>High water.</p>
<aside class="callout callout--tip" role="note">
<p class="callout__title">Tip</p>
<ul>
<li>ebb</li>
</ul>
</aside>
</aside>
"""
TABLE = """
<table>
<thead>
<tr>
<th>a</th>
<th class="align-right">b</th>
</tr>
</thead>
<tbody>
<tr>
<td>c</td>
<td class="align-right">d | e</td>
</tr>
</tbody>
</table>
"""


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("> [!info] Springs\n> High *water*.", SPRINGS.strip()),
        ("> [!NOTE] High water comes twice.", SENTENCE.strip()),
        ("> [!NOTE|To read] High water.\n> > [!tip]\n> > - ebb", NESTED.strip()),
        ("> no [!info] callout", "<blockquote>\n<p>no [!info] callout</p>\n</blockquote>"),
    ],
)
def test_callouts(text, html):
    assert html_of(text) == html


def test_footnotes_are_moved_to_the_end_and_none_is_lost():
    notes = "[^1]: One [00:01:00].\n[^8^]: Eight.\n[^x]: Unused."
    back = ' <a class="footnote-back" href="#fnref-s1-{}" aria-label="Back to the text">↩\ufe0e</a>'

    html = html_of(f"Ebb[^1] and[^8^] not[^2]. Ebb[^1].\n\n{notes}", id_prefix="s1-")

    assert html == (
        '<p>Ebb<sup class="footnote-ref"><a id="fnref-s1-1" href="#fn-s1-1">1</a></sup>'
        ' and<sup class="footnote-ref"><a id="fnref-s1-2" href="#fn-s1-2">2</a></sup>'
        ' not[^2]. Ebb<sup class="footnote-ref"><a id="fnref-s1-1-2" href="#fn-s1-1">1</a></sup>.</p>\n'
        '<section class="footnotes"><ol>\n'
        f'<li id="fn-s1-1"><p>One {ONE}.{back.format("1")}{back.format("1-2")}</p>\n</li>\n'
        f'<li id="fn-s1-2"><p>Eight.{back.format("2")}</p>\n</li>\n'
        '<li id="fn-s1-3"><p>Unused.</p>\n</li>\n'
        "</ol></section>"
    )


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("$a_1$ and $$b*c*$$", '<p><code class="math">a_1</code> and <code class="math">b*c*</code></p>'),
        ("$$\n- a\n$$", '<pre class="math"><code class="math">- a</code></pre>'),
        ("$4-$5 by 2030, $ 6 and $7", "<p>$4-$5 by 2030, $ 6 and $7</p>"),
        ("from $5 million to A$ or B$", "<p>from $5 million to A$ or B$</p>"),
        ("\\$a$", "<p>$a$</p>"),
    ],
)
def test_math_is_code_and_money_is_text(text, html):
    assert html_of(text) == html


FOREIGN = '<a class="image-link" href="{}" rel="noopener">{}</a>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<script>ebb()</script>", "<p>&lt;script&gt;ebb()&lt;/script&gt;</p>"),
        ("<b>ebb</b> &lt;i&gt;", "<p>&lt;b&gt;ebb&lt;/b&gt; &lt;i&gt;</p>"),
        ("<!-- ebb -->", "<p>&lt;!-- ebb --&gt;</p>"),
        ("[x](javascript:ebb())", "<p>[x](javascript:ebb())</p>"),
        ("[x](&#106;avascript:ebb())", "<p>[x](javascript:ebb())</p>"),
        ("[x](data:text/html,ebb)", "<p>[x](data:text/html,ebb)</p>"),
        ("[x](https://e.org)", '<p><a href="https://e.org" rel="noopener">x</a></p>'),
        ("[x](//e.org)", '<p><a href="//e.org" rel="noopener">x</a></p>'),
        ("[x](/a?b#c) [y](mailto:a@e.org)", '<p><a href="/a?b#c">x</a> <a href="mailto:a@e.org">y</a></p>'),
        (
            "![ebb](/media/a.png 'T')",
            '<p><img src="/media/a.png" alt="ebb" title="T" loading="lazy"></p>',
        ),
        (
            "![Decorative](/media/a.png)",
            '<p><img src="/media/a.png" alt="" loading="lazy"></p>',
        ),
        ("![ebb](https://e.org/a.png 'T')", f"<p>{FOREIGN.format('https://e.org/a.png', 'ebb')}</p>"),
        ("![ebb](http://e.org/a.png)", f"<p>{FOREIGN.format('http://e.org/a.png', 'ebb')}</p>"),
        ("![](//e.org/a.png)", f"<p>{FOREIGN.format('//e.org/a.png', '//e.org/a.png')}</p>"),
        ("![ebb](HTTPS:e.org/a.png)", f"<p>{FOREIGN.format('HTTPS:e.org/a.png', 'ebb')}</p>"),
        ("![ebb][a]\n\n[a]: https://e.org/a.png", f"<p>{FOREIGN.format('https://e.org/a.png', 'ebb')}</p>"),
        (
            "[![ebb](https://e.org/a.png) b](/x) ![c](//e.org/)",
            f'<p><a href="/x">ebb b</a> {FOREIGN.format("//e.org/", "c")}</p>',
        ),
        ("![ebb](/admin/logout)", "<p>![ebb](/admin/logout)</p>"),
        ("![ebb](/media/%2e%2e/admin)", "<p>![ebb](/media/%2e%2e/admin)</p>"),
        ("###### deep", "<h3>deep</h3>"),
        ("~~ebb~~", "<p><s>ebb</s></p>"),
        ("[Ebb]: Tides", "<p>[Ebb]: Tides</p>"),
        ("[Ebb]\n\n[ebb]: /x", '<p><a href="/x">Ebb</a></p>'),
        ("|a|b|\n|-|-:|\n|c|d|e|", TABLE.strip()),
    ],
)
def test_html_and_addresses_that_are_not_allowed_are_shown_as_text(text, html):
    assert html_of(text) == html


@pytest.mark.parametrize("marker", ["> ", "- ", "[^a]: "])
def test_content_nested_too_deeply_is_shown(marker):
    rendered = render(marker * 200 + "ebb [00:01:00]", make_context())

    assert "ebb" in rendered.plain_text
    assert len(rendered.citations) == 1
