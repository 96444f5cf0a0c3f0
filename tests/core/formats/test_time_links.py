"""Time links in all the forms in which they are imported."""

import pytest

from articles.core.formats import read


def received(text):
    return read(f"---\ntitle: Tides\nvideoId: abcdefghijk\n---\n\nFrom: [[harbour]] <br/>\n\n{text}", "tides")


def link(data, label):
    return f'<a class="yt-timestamp" data-t="{data}">{label}</a>'


M = link("00:06:31", "[00:06:31]")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"The tide turns {M}.", "The tide turns [00:06:31]."),
        (f"The tide turns{M}.", "The tide turns[00:06:31]."),
        (f"It turns [{link('00:06:31', '00:06:31')}].", "It turns [00:06:31]."),
        (f"It turns [{link('00:06:31', '6:31')}].", "It turns [00:06:31]."),
        (f"It turns ({M}).", "It turns [00:06:31]."),
        (f"It turns [00:06:31]({M}).", "It turns [00:06:31]."),
        (f"It turns [00:06:31]({link('00:06:31', '00:06:31')}).", "It turns [00:06:31]."),
        (f"It [turns]({M}) twice.", "It turns [00:06:31] twice."),
        (f"It turns {link('06:31', '')}.", "It turns [00:06:31]."),
        (f"It turns {link('06:31', '[06:31]')}.", "It turns [00:06:31]."),
        (f"It turns {link('01:02:03]', '[01:02:03]')}.", "It turns [01:02:03]."),
        ('It turns <a class="yt="yt-timestamp" data-t="00:06:31">[00:06:31]</a>.', "It turns [00:06:31]."),
        ('It turns <a class="yt:timestamp" data-t="00:06:31">[00:06:31]</a>.', "It turns [00:06:31]."),
        ('It turns <a class="yt-0:00:11">[00:00:11]</a>.', "It turns [00:00:11]."),
        ('It turns <a data-t="00:06:31">[00:06:31]</a>.', "It turns [00:06:31]."),
        ("It turns <a>[00:06:31]</a>.", "It turns [00:06:31]."),
        (f"It turns {link('00:06:31', 'as she says')}.", "It turns as she says [00:06:31]."),
        (f"It turns {link('00:06:31', '[00:06:31 - 00:07:10]')}.", "It turns [00:06:31-00:07:10]."),
        (f"It turns {link('00:06:31, 00:08:44', '')}.", "It turns [00:06:31, 00:08:44]."),
        (f"It turns {M}, {link('00:08:44', '[00:08:44]')}.", "It turns [00:06:31], [00:08:44]."),
        (f"It turns {M}{link('00:08:44', '[00:08:44]')}.", "It turns [00:06:31][00:08:44]."),
        (f"It turns [{M} | {link('00:06:40', '[00:06:40]')}].", "It turns [00:06:31-00:06:40]."),
        (f"It turns [{link('00:08:44', '')} | {M}].", "It turns [00:08:44, 00:06:31]."),
        (f"It turns ({M}, {link('00:08:44', '[00:08:44]')}).", "It turns [00:06:31], [00:08:44]."),
        (f"It turns ({M} and more).", "It turns ([00:06:31] and more)."),
        ("It turns [01:12:25 | 01:12:28].", "It turns [01:12:25-01:12:28]."),
        ("It turns [01:12:28 | 01:12:25].", "It turns [01:12:28, 01:12:25]."),
        ("It turns [0:06:31, 0:08:44].", "It turns [0:06:31, 0:08:44]."),
        ("It turns [06:31 – 07:10].", "It turns [06:31 – 07:10]."),
        (
            f"| Port | Turn |\n|---|---|\n| Ayr | [{M} \\| later] |",
            "| Port | Turn |\n|---|---|\n| Ayr | [[00:06:31] \\| later] |",
        ),
        (
            "| Port | Turn |\n|---|---|\n| Ayr | [00:06:31 | 00:06:40] |",
            "| Port | Turn |\n|---|---|\n| Ayr | [00:06:31-00:06:40] |",
        ),
        ('Some `<a data-t="00:06:31">` in code.', 'Some `<a data-t="00:06:31">` in code.'),
        (f"```html\n{M}\n```", f"```html\n{M}\n```"),
        (f"[[neap_tide | the neap tide]] {M}", "[[neap_tide | the neap tide]] [00:06:31]"),
        ("See [[neap_tide]](x).", "See [[neap_tide]](x)."),
    ],
)
def test_time_link_becomes_mark(text, expected):
    article = received(text)

    assert article.lead == expected
    assert article.problems == ()


@pytest.mark.parametrize(
    ("text", "expected", "code"),
    [
        (f"It turns {link('00:06:31', '[00:06:52]')}.", "It turns [00:06:31].", "time-differs"),
        (f"It turns [00:06:52]({M}).", "It turns [00:06:31].", "time-differs"),
        (f"It turns {link('00:06:31', '[00:06:99]')}.", "It turns [00:06:31].", "time-differs"),
        (f"It turns {link('11:18:00', '[00:11:18]')}.", "It turns [00:11:18].", "time-shifted"),
        (f"It turns {link('HH:07:54', '[00:07:54]')}.", "It turns [00:07:54].", "time-from-label"),
        (f"It turns {link('HH:07:54', '')}.", "It turns [HH:07:54].", "time-broken"),
        (f"It turns {link('05:27:99', '[05:27:99]')}.", "It turns [05:27:99].", "time-broken"),
        (f"It turns {link('01:00:36:00', '[01:00:36:00]')}.", "It turns [01:00:36:00].", "time-broken"),
        (f"It turns {link('soon', 'later')}.", "It turns later [soon].", "time-broken"),
        ("It turns [00:75:12].", "It turns [00:75:12].", "time-broken"),
        ("It turns [00:75:12 | 00:01:00].", "It turns [00:75:12 , 00:01:00].", "time-broken"),
        ('It turns <a class="yt-timestamp" data-t="00:29:29]</a>. So', "It turns [00:29:29]. So", "html"),
        (
            'It turns <a class="yt-timestamp" data-t="00:29:29">[00:29:29] and falls.',
            "It turns [00:29:29] and falls.",
            "html",
        ),
        (f'It turns <a class="yt-timestamp" data-t="00:06:31">{M}', "It turns [00:06:31]", "html"),
        ("It turns</a> again.", "It turns again.", "html"),
        ('It turns <a class="yt-timestamp">now</a>.', "It turns now.", "html"),
        (
            'See <a href="https://example.org/t">the table</a>.',
            "See [the table](https://example.org/t).",
            "html",
        ),
        ('See <a href="javascript:x()">the table</a>.', "See the table.", "html"),
    ],
)
def test_doubtful_time_link_is_reported(text, expected, code):
    article = received(text)

    assert article.lead == expected
    assert [problem.code for problem in article.problems] == [code]


def test_problem_says_where_what_and_why():
    article = received(f"One line.\nIt turns {link('05:27:99', '[05:27:99]')}.")

    (problem,) = article.problems
    assert (problem.line, problem.column) == (9, 10)
    assert problem.text == '<a class="yt-timestamp" data-t="05:27:99">[05:27:99]</a>'
    assert problem.reason == "Seconds go from 00 to 59; “05:27:99” has 99."


def test_time_link_in_heading():
    article = received(f"## Spring tides {M}\n\nHigh water.")

    assert [(section.heading, section.body) for section in article.sections] == [
        ("Spring tides [00:06:31]", "High water.")
    ]
