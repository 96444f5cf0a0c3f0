"""That what people read can be translated: no sentence stands outside of what the catalogue is made from."""

import re
from html.parser import HTMLParser

import pytest
from django.template.base import Lexer, TokenType
from django.utils import translation

from tests.support.paths import PROJECT

TEMPLATES = PROJECT / "templates"
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))
SCRIPTS = sorted(str(path.relative_to(PROJECT / "static/js")) for path in (PROJECT / "static/js").rglob("*.js"))

# Attributes that are read out or shown.
READ = {"alt", "aria-description", "aria-label", "aria-placeholder", "label", "placeholder", "title"}
# What stands in these is no language, or is written in the language of the machine.
MUTE = {"code", "kbd", "script", "style"}
# Texts that are the same in every language; each with the reason.
ALLOWED = {
    "SHA-256": "the name of a digest",
    "API": "the name of a thing",
    "JSON Feed": "the name of a format",
    "CSV": "the name of a format",
    "Atom": "the name of a format",
    "RSS": "the name of a format",
    "BibTeX": "the name of a format",
    "CSL-JSON": "the name of a format",
    "JSON": "the name of a format",
    "Markdown": "the name of a format",
}
# A template that is rendered without a context and without the site's settings cannot ask for a language.
UNTRANSLATED = {
    "500.html": "shown when the site itself is broken: nothing may be asked of it, the catalogue neither",
}

_WORD = re.compile(r"[^\W\d_]{2,}")
_HOLE = "\N{OBJECT REPLACEMENT CHARACTER}"  # where something is put in
_LITERAL = re.compile(r"""\|(?:default|default_if_none|yesno|join):(?P<mark>["'])(?P<text>.*?)(?P=mark)""")
_WITH = re.compile(r"""\b\w+=(?P<mark>["'])(?P<text>[^"']* [^"']*)(?P=mark)""")


def without_tags(source):
    """A template as HTML: its tags are gone, with them what they translate; a hole stands for every value."""
    pieces, skipped_until = [], ""
    for token in Lexer(source).tokenize():
        name = token.contents.split(" ", 1)[0] if token.contents else ""
        if skipped_until:
            if token.token_type == TokenType.BLOCK and name == skipped_until:
                skipped_until = ""
        elif token.token_type == TokenType.TEXT:
            pieces.append(token.contents)
        elif token.token_type == TokenType.VAR:
            pieces.append(_HOLE)
        elif token.token_type == TokenType.BLOCK:
            if name in {"blocktranslate", "comment"}:
                skipped_until = f"end{name}"
            elif re.fullmatch(
                r"block (bodyclass|\w+_current)", token.contents
            ):  # a class, an attribute: nobody reads it
                skipped_until = "endblock"
            if name in {"blocktranslate", "translate"}:
                pieces.append(_HOLE)
    return re.sub(rf"(</?){_HOLE}", r"\1hole", "".join(pieces))  # a heading's level can be a value, too


class Reader(HTMLParser):
    """Collects what people read in `found`: texts, and attributes that are shown or read out."""

    def __init__(self):
        super().__init__()
        self.found = []
        self._mute = []

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        for name, value in attrs:
            is_said = name in READ or (name == "content" and named.get("name") == "description")
            is_label = name == "value" and tag == "input" and named.get("type") in {"submit", "button", "reset"}
            if is_said or is_label:
                self._keep(value or "")
        if tag in MUTE:
            self._mute.append(tag)

    def handle_endtag(self, tag):
        if self._mute and self._mute[-1] == tag:
            self._mute.pop()

    def handle_data(self, data):
        if not self._mute:
            self._keep(data)

    def _keep(self, text):
        for piece in text.split(_HOLE):
            said = " ".join(piece.split())
            if _WORD.search(said) and said.strip(" ,.:;()") not in ALLOWED:
                self.found.append(said)


def said(source):
    reader = Reader()
    reader.feed(without_tags(source))
    reader.close()
    return reader.found


def literals(source):
    """Words that a tag or a variable gives itself, as in `default:"Untitled"`, without asking the catalogue."""
    found = []
    for token in Lexer(source).tokenize():
        if token.token_type == TokenType.VAR or token.token_type == TokenType.BLOCK:
            found += [match["text"] for match in _LITERAL.finditer(token.contents) if is_words(match["text"])]
        if token.token_type == TokenType.BLOCK and token.contents.startswith("include "):
            found += [match["text"] for match in _WITH.finditer(token.contents) if _WORD.search(match["text"])]
    return found


def is_words(text):
    """Whether a filter's argument is read by people: values such as "true,false", "0,1" and class names are not."""
    return bool(re.search(r"[A-Z][a-z]|[a-z] [a-z]", text)) or (text not in _VALUES and bool(_WORD.search(text)))


_VALUES = {"true,false", "website", "page", "none", "asc", "desc"}


def templates_with(find):
    found = {name: find((TEMPLATES / name).read_text()) for name in NAMES if name not in UNTRANSLATED}
    return {name: texts for name, texts in found.items() if texts}


def test_no_template_says_what_cannot_be_translated():
    assert templates_with(said) == {}


def test_no_tag_says_what_cannot_be_translated():
    assert templates_with(literals) == {}


def test_no_template_makes_plurals_the_english_way():
    assert templates_with(lambda source: re.findall(r"\|\s*pluralize\b[^ }]*", source)) == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        pytest.param("<p>Nothing yet.</p>", ["Nothing yet."], id="text"),
        pytest.param('<p>{% translate "Nothing yet." %}</p>', [], id="translated"),
        pytest.param(
            "{% blocktranslate count n=n %}a cue{% plural %}{{ n }} cues{% endblocktranslate %}", [], id="block"
        ),
        pytest.param("<p>Heard by {{ name }}.</p>", ["Heard by"], id="around a value"),
        pytest.param('<a aria-label="Pages" class="pages">1</a>', ["Pages"], id="attribute"),
        pytest.param("<a aria-label=\"{% translate 'Pages' %}\">1</a>", [], id="attribute, translated"),
        pytest.param('<b class="tag{% if x %} tag--warn{% endif %}">1</b>', [], id="class"),
        pytest.param("{% if x %}public now{% else %}{{ y }}{% endif %}", ["public now"], id="in a condition"),
        pytest.param("<p><code>manage.py rebuild</code> <kbd>Enter</kbd></p>", [], id="code and keys"),
        pytest.param("{# For the reader of the template. #}<p>1 · 2 → 3</p>", [], id="comment"),
        pytest.param('<meta name="description" content="Articles.">', ["Articles."], id="description"),
    ],
)
def test_what_is_said_in_a_template(source, found):
    assert said(source) == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        pytest.param('{{ title|default:"Untitled" }}', ["Untitled"], id="default"),
        pytest.param('{{ title|default:_("Untitled") }}', [], id="default, translated"),
        pytest.param('{{ is_on|yesno:"true,false" }}', [], id="value"),
        pytest.param('{{ side|yesno:"before,after" }}', ["before,after"], id="words"),
        pytest.param('{% include "a.html" with side="the claim now" only %}', ["the claim now"], id="include"),
    ],
)
def test_what_a_tag_says_itself(source, found):
    assert literals(source) == found


# Scripts ------------------------------------------------------------------------------------------

_COMMENT = re.compile(r"^\s*//.*$|(?<=[;{},\s])//\s.*$", re.MULTILINE)
_STRING = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|`(?:[^`\\]|\\.)*`")
_SHOWN = re.compile(
    r"(?:\.(?:textContent|title|placeholder|ariaLabel)\s*=|setAttribute\(\"aria-label\",|say\(\w+,|warn\(\w+,)\s*$"
)
_SENTENCE = re.compile(r"[A-Z][a-z]+ .*[a-z]|.* [a-z]+.*[.!?…]")
_ASKED = re.compile(r"\bgettext\(\s*$|\bngettext\(\s*(?:\"[^\"]*\",\s*)?$")


def said_in(script):
    """The texts of a script that it shows and does not ask the catalogue for."""
    code = _COMMENT.sub("", script)
    found = []
    for match in _STRING.finditer(code):
        text, before = match.group()[1:-1], code[: match.start()]
        is_sentence = _SENTENCE.fullmatch(text) and not text.startswith(("[", "."))
        is_shown = _SHOWN.search(before) and _WORD.search(re.sub(r"\$\{.*?\}", "", text))
        if (is_sentence or is_shown) and not _ASKED.search(before):
            found.append(text)
    return found


def test_no_script_says_what_cannot_be_translated():
    found = {name: said_in((PROJECT / "static/js" / name).read_text()) for name in SCRIPTS}

    assert {name: texts for name, texts in found.items() if texts} == {}


def test_scripts_ask_for_whole_texts_only():
    """A text put together by a template literal is in no catalogue: `fill` puts the values in afterwards."""
    source = {name: (PROJECT / "static/js" / name).read_text() for name in SCRIPTS}

    assert [name for name, script in source.items() if re.search(r"gettext\(\s*[`\w(]", script)] == []


@pytest.mark.parametrize(
    ("script", "found"),
    [
        pytest.param('say(form, "Taken back.");', ["Taken back."], id="sentence"),
        pytest.param('say(form, gettext("Taken back."));', [], id="asked for"),
        pytest.param('button.textContent = "Open";', ["Open"], id="word"),
        pytest.param("line.textContent = `${name} is back.`;", ["${name} is back."], id="put together"),
        pytest.param('ngettext("%(count)s place.", "%(count)s places.", count)', [], id="plural"),
        pytest.param('form.querySelector("textarea, input[type=text]")', [], id="selector"),
        pytest.param('// Says "Nothing is here." to nobody.', [], id="comment"),
    ],
)
def test_what_is_said_in_a_script(script, found):
    assert said_in(script) == found


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "is_there"), [("en", False), ("de", True)])
def test_admin_brings_the_words_of_its_scripts(client, language, is_there):
    with translation.override(language):
        html = client.get("/admin/login/").content.decode()

    assert ('<script src="/words.js"></script>' in html) is is_there


# The catalogue ------------------------------------------------------------------------------------
