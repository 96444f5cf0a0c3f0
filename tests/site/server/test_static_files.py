"""Bundling of stylesheets and scripts for production."""

import gzip
import os
import re
from itertools import pairwise

import brotli
import pytest
from django.contrib.staticfiles.finders import get_finders
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage

from ketamine_site.static_files import JoinedStaticFilesStorage, inline_imports
from tests.support.paths import PROJECT
from tests.support.servers import compressed


def sources(**texts):
    storage = InMemoryStorage()
    for name, text in texts.items():
        storage.save(f"css/{name}.css", ContentFile(text.encode()))
    return {f"css/{name}.css": (storage, f"css/{name}.css") for name in texts}


def test_imports_are_inlined_in_place_and_in_their_layer():
    paths = sources(
        site='@layer a, b;\n@import url("tokens.css") layer(a);\n@import url("text.css");\n',
        tokens=":root { --x: 1; }",
        text='@import url("deep.css");\np { margin: 0; }',
        deep="b { color: red; }",
    )

    text = inline_imports(paths, "css/site.css")

    assert text == ("@layer a, b;\n@layer a {\n:root { --x: 1; }\n}\nb { color: red; }\np { margin: 0; }\n")


def test_circular_import_is_rejected():
    paths = sources(one='@import url("two.css");', two='@import url("one.css");')

    with pytest.raises(ValueError, match="cannot import itself"):
        inline_imports(paths, "css/one.css")


def test_bundles_import_nothing_and_change_name_with_their_content(tmp_path):
    storage = JoinedStaticFilesStorage(location=tmp_path, base_url="/static/")
    paths = sources(site='@import url("text.css");', text="p { margin: 0; }")
    collect(storage, paths)
    before = storage.stored_name("css/site.css")

    changed = sources(site='@import url("text.css");', text="p { margin: 1px; }")
    collect(storage, changed)

    after = storage.stored_name("css/site.css")
    assert before != after
    assert (tmp_path / after).read_text() == "p { margin: 1px; }"


def test_pages_load_one_stylesheet(tmp_path):
    storage = JoinedStaticFilesStorage(location=tmp_path, base_url="/static/")
    paths = {
        name: (source, name)
        for finder in get_finders()
        for name, source in finder.list([])
        if name.startswith("css/") and name.endswith(".css")
    }

    collect(storage, paths)

    assert "@import" not in (tmp_path / storage.stored_name("css/site.css")).read_text()


def collect(storage, paths):
    for name, (source, path) in paths.items():
        if not storage.exists(name):
            with source.open(path) as file:
                storage._save(name, file)
    for _, _, processed in storage.post_process(paths):
        if isinstance(processed, Exception):
            raise processed


def test_scripts_that_import_each_other_through_many_others_are_all_hashed(tmp_path):
    storage, source = JoinedStaticFilesStorage(location=tmp_path, base_url="/static/"), InMemoryStorage()
    names = [f"js/{number}.js" for number in range(12)]
    for number, name in enumerate(names, 1):
        source.save(name, ContentFile(f'import "./{number}.js";'.encode() if number < 12 else b"end()"))

    collect(storage, {name: (source, name) for name in names})

    hashed = [tmp_path / storage.stored_name(name) for name in names]
    for file, next_file in pairwise(hashed):
        assert file.read_text() == f'import"./{next_file.name}";'


def test_only_scripts_that_name_a_renamed_one_are_hashed_again(tmp_path, monkeypatch):
    storage, source = JoinedStaticFilesStorage(location=tmp_path, base_url="/static/"), InMemoryStorage()
    texts = {"a.js": 'import "./b.js";', "b.js": 'import "./deep/c.js";', "deep/c.js": "end()", "alone.js": "alone()"}
    for name, text in texts.items():
        source.save(name, ContentFile(text.encode()))
    saved = []
    save = storage._save
    monkeypatch.setattr(storage, "_save", lambda name, content: saved.append(name) or save(name, content))

    collect(storage, {name: (source, name) for name in texts})

    times = {name: sum(one.startswith(f"{name[:-3]}.") for one in saved) for name in texts}
    assert times == {"a.js": 3, "b.js": 2, "deep/c.js": 2, "alone.js": 2}  # once with the name it has in the source


def test_only_what_changed_or_is_damaged_is_compressed_again(tmp_path):
    storage = JoinedStaticFilesStorage(location=tmp_path, base_url="/static/")
    texts = {name: f"{name} {{ margin: 0; }} " * 20 for name in ("kept", "changed", "damaged", "missing")}
    collect(storage, sources(**texts))
    compressed = {name: [tmp_path / f"css/{name}.css{suffix}" for suffix in (".br", ".gz")] for name in texts}
    for file in tmp_path.glob("css/*.css.*"):
        os.utime(file, (1, 1))

    texts["changed"] *= 2
    (tmp_path / "css/changed.css").write_text(texts["changed"])
    compressed["damaged"][1].write_bytes(b"damaged")
    compressed["missing"][0].unlink()
    collect(storage, sources(**texts))

    for name, (brotlied, gzipped) in compressed.items():
        assert brotli.decompress(brotlied.read_bytes()) == texts[name].encode()
        assert gzip.decompress(gzipped.read_bytes()) == texts[name].encode()
        assert {file.stat().st_mtime == 1 for file in (brotlied, gzipped)} == {name == "kept"}, name


def imported(script):
    """Return `script` and the scripts that it can't run without."""
    found, ahead = set(), [script]
    while ahead:
        file = ahead.pop()
        if file not in found:
            found.add(file)
            names = re.findall(r"""^(?:import|export)\b[^;"]*"([./][^"]+)";""", file.read_text(), re.MULTILINE)
            ahead += [(file.parent / name).resolve() for name in names]
    return found


def test_scripts_of_the_editor_stay_small_and_those_of_others_are_loaded_later():
    static = PROJECT / "static"
    sizes = {file: len(gzip.compress(file.read_bytes())) for file in static.glob("**/*.js")}
    at_once = imported(static / "js" / "editor" / "main.js")
    with_layer = imported(static / "js" / "editor" / "writing" / "layer.js") - at_once

    assert len(at_once) > 20
    assert sum(sizes[file] for file in at_once) < 53_000
    # The text can be typed into before the editing layer has arrived; only pasting loads Turndown, listening the player.
    codemirror, turndown = (static / "vendor" / name for name in ("codemirror.js", "turndown.js"))
    assert sizes[codemirror] < 120_000
    assert sizes[turndown] < 7_000
    assert codemirror in with_layer
    assert sum(sizes[file] for file in with_layer) < 128_000
    assert not (at_once | with_layer) & {turndown, static / "js" / "listen" / "dock.js"}


def test_scripts_of_an_article_stay_small_and_import_each_other_by_hashed_name(tmp_path):
    storage = JoinedStaticFilesStorage(location=tmp_path, base_url="/static/")
    paths = {
        name: (source, name)
        for finder in get_finders()
        for name, source in finder.list([])
        if name in {"js/shared/copy.js", "js/shared/i18n.js", "js/shared/search.js"} or name.startswith("js/reader/")
    }

    collect(storage, paths)

    hashed = {name: tmp_path / storage.stored_name(name) for name in paths}
    for name, path in hashed.items():
        for imported in re.findall(r"""(?:from|import\() ?["']([./][^"']+)["']""", path.read_text()):
            assert (path.parent / imported).resolve() in set(hashed.values()), (name, imported)
    # Reading needs three of them; cards, player and copying are loaded on demand.
    at_once = ["js/shared/search.js", "js/shared/i18n.js", "js/reader/main.js"]
    assert sum(len(gzip.compress(hashed[name].read_bytes())) for name in at_once) < 8_000
    of_others = ("js/reader/transcript/", "js/reader/listed/")  # of other pages
    of_articles = [path for name, path in hashed.items() if not name.startswith(of_others)]
    assert sum(len(gzip.compress(path.read_bytes())) for path in of_articles) < 25_000


def test_the_tests_keep_compressed_files_of_what_is_there(tmp_path, monkeypatch):
    monkeypatch.setattr(compressed, "PROJECT", tmp_path)
    first, second = tmp_path / "first", tmp_path / "second"
    with compressed.kept_compressed(first):
        collect(JoinedStaticFilesStorage(location=first, base_url="/static/"), sources(old="a" * 400, same="b" * 400))
    with compressed.kept_compressed(second):
        assert sorted(path.name for path in second.rglob("same*")) == [
            path.name for path in sorted(first.rglob("same*")) if path.suffix in compressed.ENDINGS
        ]
        collect(JoinedStaticFilesStorage(location=second, base_url="/static/"), sources(same="b" * 400))

    left = {path.relative_to(second) for path in second.rglob("*") if path.is_file()}
    assert not [path for path in left if "old" in path.name]
    assert {path.relative_to(first) for path in first.rglob("same*")} <= left
