"""Every text that people read can be translated: none is outside the catalogue."""

import re
from html.parser import HTMLParser

import pytest
from django.template.base import Lexer, TokenType
from django.utils import translation

from tests.support.paths import PROJECT

TEMPLATES = PROJECT / "templates"
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))
SCRIPTS = sorted(str(path.relative_to(PROJECT / "static/js")) for path in (PROJECT / "static/js").rglob("*.js"))

# Attributes that are shown or read out by screen readers.
VISIBLE_ATTRIBUTES = {"alt", "aria-description", "aria-label", "aria-placeholder", "label", "placeholder", "title"}
# Elements whose content isn't prose.
NOT_PROSE = {"code", "kbd", "script", "style"}
# Texts that are the same in every language, with the reason.
ALLOWED = {
    "SHA-256": "the name of an algorithm",
    "API": "an abbreviation",
    "JSON Feed": "the name of a format",
    "CSV": "the name of a format",
    "Atom": "the name of a format",
    "RSS": "the name of a format",
    "BibTeX": "the name of a format",
    "CSL-JSON": "the name of a format",
    "JSON": "the name of a format",
    "Markdown": "the name of a format",
}
# Templates rendered without a context, which therefore have no language.
UNTRANSLATED = {
    "500.html": "shown when the site itself is broken, so it can't rely on anything, not even the catalogue",
}

_WORD = re.compile(r"[^\W\d_]{2,}")
_HOLE = "\N{OBJECT REPLACEMENT CHARACTER}"  # in place of a value
_LITERAL = re.compile(r"""\|(?:default|default_if_none|yesno|join):(?P<mark>["'])(?P<text>.*?)(?P=mark)""")
_WITH = re.compile(r"""\b\w+=(?P<mark>["'])(?P<text>[^"']* [^"']*)(?P=mark)""")


def without_tags(source):
    """Return a template as HTML without its tags and the texts they translate; a hole replaces every value."""
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
            ):  # a class or an attribute, which nobody reads
                skipped_until = "endblock"
            if name in {"blocktranslate", "translate"}:
                pieces.append(_HOLE)
    return re.sub(rf"(</?){_HOLE}", r"\1hole", "".join(pieces))  # the level of a heading can be a value, too


class Reader(HTMLParser):
    """Collect in `texts` what people read: text, and attributes that are shown or read out."""

    def __init__(self):
        super().__init__()
        self.texts = []
        self._skipped = []

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        for name, value in attrs:
            is_visible = name in VISIBLE_ATTRIBUTES or (name == "content" and named.get("name") == "description")
            is_label = name == "value" and tag == "input" and named.get("type") in {"submit", "button", "reset"}
            if is_visible or is_label:
                self._keep(value or "")
        if tag in NOT_PROSE:
            self._skipped.append(tag)

    def handle_endtag(self, tag):
        if self._skipped and self._skipped[-1] == tag:
            self._skipped.pop()

    def handle_data(self, data):
        if not self._skipped:
            self._keep(data)

    def _keep(self, content):
        for piece in content.split(_HOLE):
            text = " ".join(piece.split())
            if _WORD.search(text) and text.strip(" ,.:;()") not in ALLOWED:
                self.texts.append(text)


def untranslated(source):
    reader = Reader()
    reader.feed(without_tags(source))
    reader.close()
    return reader.texts


def literals(source):
    """Return untranslated texts in the tags and variables themselves, as in `default:"Untitled"`."""
    texts = []
    for token in Lexer(source).tokenize():
        if token.token_type == TokenType.VAR or token.token_type == TokenType.BLOCK:
            texts += [match["text"] for match in _LITERAL.finditer(token.contents) if is_words(match["text"])]
        if token.token_type == TokenType.BLOCK and token.contents.startswith("include "):
            texts += [match["text"] for match in _WITH.finditer(token.contents) if _WORD.search(match["text"])]
    return texts


def is_words(text):
    """Return whether people read a filter's argument, unlike "true,false", "0,1" and class names."""
    return bool(re.search(r"[A-Z][a-z]|[a-z] [a-z]", text)) or (text not in _VALUES and bool(_WORD.search(text)))


_VALUES = {"true,false", "watch", "website", "page", "none", "asc", "desc"}


def templates_with(find):
    by_name = {name: find((TEMPLATES / name).read_text()) for name in NAMES if name not in UNTRANSLATED}
    return {name: texts for name, texts in by_name.items() if texts}


def test_templates_have_no_untranslated_text():
    assert templates_with(untranslated) == {}


def test_template_tags_have_no_untranslated_text():
    assert templates_with(literals) == {}


def test_no_template_uses_pluralize():
    assert templates_with(lambda source: re.findall(r"\|\s*pluralize\b[^ }]*", source)) == {}


@pytest.mark.parametrize(
    ("source", "texts"),
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
def test_untranslated_text_of_a_template_is_found(source, texts):
    assert untranslated(source) == texts


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        pytest.param('{{ title|default:"Untitled" }}', ["Untitled"], id="default"),
        pytest.param('{{ title|default:_("Untitled") }}', [], id="default, translated"),
        pytest.param('{{ is_on|yesno:"true,false" }}', [], id="value"),
        pytest.param('{{ side|yesno:"before,after" }}', ["before,after"], id="words"),
        pytest.param('{% include "a.html" with side="the claim now" only %}', ["the claim now"], id="include"),
    ],
)
def test_untranslated_text_of_a_tag_is_found(source, texts):
    assert literals(source) == texts


# Scripts ------------------------------------------------------------------------------------------

_COMMENT = re.compile(r"^\s*//.*$|(?<=[;{},\s])//\s.*$", re.MULTILINE)
_STRING = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|`(?:[^`\\]|\\.)*`")
_SHOWN = re.compile(
    r"(?:\.(?:textContent|title|placeholder|ariaLabel)\s*=|setAttribute\(\"aria-label\",|say\(\w+,|warn\(\w+,)\s*$"
)
_SENTENCE = re.compile(r"[A-Z][a-z]+ .*[a-z]|.* [a-z]+.*[.!?…]")
_TRANSLATED = re.compile(r"\bgettext\(\s*$|\bngettext\(\s*(?:\"[^\"]*\",\s*)?$")


def untranslated_in(script):
    """Return the texts that a script shows without looking them up in the catalogue."""
    code = _COMMENT.sub("", script)
    texts = []
    for match in _STRING.finditer(code):
        text, before = match.group()[1:-1], code[: match.start()]
        is_sentence = _SENTENCE.fullmatch(text) and not text.startswith(("[", "."))
        is_shown = _SHOWN.search(before) and _WORD.search(re.sub(r"\$\{.*?\}", "", text))
        if (is_sentence or is_shown) and not _TRANSLATED.search(before):
            texts.append(text)
    return texts


def test_scripts_have_no_untranslated_text():
    by_name = {name: untranslated_in((PROJECT / "static/js" / name).read_text()) for name in SCRIPTS}

    assert {name: texts for name, texts in by_name.items() if texts} == {}


def test_scripts_translate_literals_only():
    """The catalogue can't contain interpolated template literals; `fill` inserts values after translation."""
    scripts = {name: (PROJECT / "static/js" / name).read_text() for name in SCRIPTS}

    assert [name for name, script in scripts.items() if re.search(r"gettext\(\s*[`\w(]", script)] == []


@pytest.mark.parametrize(
    ("script", "texts"),
    [
        pytest.param('say(form, "Taken back.");', ["Taken back."], id="sentence"),
        pytest.param('say(form, gettext("Taken back."));', [], id="translated"),
        pytest.param('button.textContent = "Open";', ["Open"], id="word"),
        pytest.param("line.textContent = `${name} is back.`;", ["${name} is back."], id="interpolated"),
        pytest.param('ngettext("%(count)s place.", "%(count)s places.", count)', [], id="plural"),
        pytest.param('form.querySelector("textarea, input[type=text]")', [], id="selector"),
        pytest.param('// Says "Nothing is here." to nobody.', [], id="comment"),
    ],
)
def test_untranslated_text_of_a_script_is_found(script, texts):
    assert untranslated_in(script) == texts


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "is_there"), [("en", False), ("de", True)])
def test_admin_loads_the_catalogue_for_its_scripts(client, language, is_there):
    with translation.override(language):
        html = client.get("/admin/login/").content.decode()

    assert ('<script src="/words.js"></script>' in html) is is_there
