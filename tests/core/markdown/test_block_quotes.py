"""Which sentences of block quotes count as somebody’s words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core import markdown
from articles.core.markdown import Context
from tests.core.markdown.contexts import MARKDOWN_LIKE, Tape


def sentences(text):
    return markdown.render(text, Context({"": Tape()}, lambda slug: None)).sentences


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("> The sea keeps no promises. It never has.", ["The sea keeps no promises.", "It never has."]),
        ("> The sea keeps no promises.\n>\n> — Agathe Lindqvist", ["The sea keeps no promises."]),
        ("> The sea keeps no promises.\n> -- Agathe Lindqvist", ["The sea keeps no promises."]),
        ("1. Winter\n\n   > The sea keeps no promises.", ["The sea keeps no promises."]),
        ("> “The sea keeps no promises. It never has.”", ["“The sea keeps no promises.", "It never has.”"]),
        (
            '> She was clear: "The sea sleeps. It wakes." Then she left.',
            ['She was clear: "The sea sleeps.', 'It wakes."'],
        ),
        ("> “The sea keeps no promises.” She rowed on. The boat sank.", []),
        ("> [!quote] Winter\n> The sea keeps no promises.", []),
        ("> **Example:** The sea keeps no promises.", []),
        ("> Tip (boats): The sea keeps no promises. It never has.", []),
        ("> The sea:\n> - keeps no promises", []),
        ("> ### Winter\n> The sea keeps no promises.", []),
        ("> Winter\n>\n> > The sea keeps no promises.", []),
        ("The sea keeps no promises.", []),
        (">", []),
    ],
)
def test_sentences_of_block_quotes_are_quoted(text, quoted):
    assert [sentence.text for sentence in sentences(text) if sentence.is_quotation] == quoted


def test_a_citation_knows_that_its_claim_is_quoted():
    text = "She rows [00:00:05].\n\n> The sea keeps no promises [00:00:09].\n> — Agathe Lindqvist"

    rendered = markdown.render(text, Context({"": Tape()}, lambda slug: None))

    assert [(citation.claim, citation.is_quotation) for citation in rendered.citations] == [
        ("She rows.", False),
        ("The sea keeps no promises.", True),
    ]


@pytest.mark.parametrize(
    ("text", "claim", "others"),
    [
        ('> "The sea keeps no promises." — Agathe Lindqvist [00:00:09]', '"The sea keeps no promises."', []),
        ('> "The sea keeps no promises." [00:00:09] — Agathe Lindqvist', '"The sea keeps no promises."', []),
        ('> "The sea keeps no promises" -- Agathe Lindqvist [00:00:09]', '"The sea keeps no promises"', []),
        ("> “The sea sleeps” — Agathe Lindqvist, Professor of Rowing. [00:00:09]", "“The sea sleeps”", []),
        ("> The sea sleeps — Agathe Lindqvist, Professor of Rowing [00:00:09]", "The sea sleeps", []),
        ("> It sank. It rose.\n> — Dr. Agathe van Lind, Captain [00:00:09]", "It rose.", ["It sank."]),
        ("> “It sank. It rose.”\n>\n> — Agathe Lindqvist, Captain [00:00:09]", "It rose.”", ["“It sank."]),
        ("> It sank.\n\n— Agathe [00:00:09]", "It sank.", []),
        ("> It sank [00:00:09].\n> – *Agathe*", "It sank.", []),
        ("She knew. “It sank.” — Agathe Lindqvist [00:00:09]", "“It sank.”", ["She knew."]),
        ("> Did it? — It sank, she said [00:00:09].", "— It sank, she said.", ["Did it?"]),
        ("> — Did it?\n>\n> — Yes [00:00:09]", "— Yes", ["— Did it?"]),
        ("> It was cold. — But I rowed on [00:00:09].", "— But I rowed on.", ["It was cold."]),
        ("It sank.\n\n— Agathe [00:00:09]", "— Agathe", ["It sank."]),
    ],
)
def test_the_mark_of_an_attribution_belongs_to_the_quotation(text, claim, others):
    rendered = markdown.render(text, Context({"": Tape()}, lambda slug: None))

    assert [citation.claim for citation in rendered.citations] == [claim]
    assert [sentence.text for sentence in rendered.sentences if not sentence.is_cited] == others


@given(st.lists(MARKDOWN_LIKE, max_size=4).map("\n> ".join))
def test_only_sentences_of_block_quotes_are_quoted(text):
    if ">" not in text:
        assert not any(sentence.is_quotation for sentence in sentences(text))
    assert sentences(text) == sentences(text)
