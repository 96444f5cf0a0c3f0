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


@given(st.lists(MARKDOWN_LIKE, max_size=4).map("\n> ".join))
def test_only_sentences_of_block_quotes_are_quoted(text):
    if ">" not in text:
        assert not any(sentence.is_quotation for sentence in sentences(text))
    assert sentences(text) == sentences(text)
