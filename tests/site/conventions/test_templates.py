import re

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from django.utils import translation

from tests.support.paths import TEMPLATES

NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))


def source(name):
    return (TEMPLATES / name).read_text()


@pytest.mark.parametrize("name", NAMES)
def test_template_compiles(name):
    assert get_template(name).template is not None


@pytest.mark.parametrize(
    "forbidden",
    [
        pytest.param(r"\|\s*safe\b|\bautoescape\s+off\b", id="unescaped"),
        pytest.param(r"<style\b|\sstyle\s*=", id="inline style"),
        pytest.param(r"<script(?![^>]*\ssrc=)[^>]*>", id="inline script"),
        pytest.param(r"<[^>]*\son[a-z]+\s*=", id="inline handler"),
        pytest.param(r"javascript:", id="javascript: URL"),
    ],
)
def test_no_template_contains(forbidden):
    matches = {name: match.group() for name in NAMES if (match := re.search(forbidden, source(name), re.IGNORECASE))}

    assert matches == {}


@pytest.mark.parametrize(
    ("language", "title", "lead"),
    [("en", "Something went wrong", "The error is on our side and has been logged"), ("de", "", "")],
)
def test_server_error_page_needs_no_context(language, title, lead):
    with translation.override(language):
        html = get_template("500.html").render()

    assert f'<html lang="{language}">' in html
    assert html.lstrip().startswith("<!doctype html>")
    assert title in html
    assert lead in html
    assert ' href="/">' in html


@pytest.mark.parametrize("name", NAMES)
def test_template_refers_to_existing_files(name):
    files = re.findall(r"{%\s*static\s+['\"]([^'\"]+)['\"]", source(name))

    assert [file for file in files if finders.find(file) is None] == []
