"""The benchmarks can be run: what they ask for exists, and `make bench` runs all that can fail."""

import ast
import re

import pytest

from bench import fill, serving
from tests.support.paths import PROJECT

BY_HAND = {"lighthouse", "evidence"}  # have commands of their own


@pytest.mark.django_db
def test_what_the_benchmark_of_the_server_asks_for_exists(client):
    fill.main(2)

    for name, (path, _, headers) in serving.TARGETS.items():
        response = client.get(path, headers={k: v for k, v in headers.items() if k != "If-None-Match"})
        assert response.status_code == 200, name


def test_make_bench_runs_every_benchmark_that_can_fail():
    text = (PROJECT / "Makefile").read_text()
    run = set(
        re.findall(
            r"^\t\$\(PYTHON\) bench/(\w+)\.py$",
            text[text.index("\nbench:") : text.index("\nbench-evidence:")],
            re.MULTILINE,
        )
    )
    can_fail = {
        path.stem
        for path in (PROJECT / "bench").glob("*.py")
        if re.search(r"Fails if|Exits 1", ast.get_docstring(ast.parse(path.read_text())) or "")
    }

    assert can_fail - BY_HAND <= run
    assert all("sys.exit(" in (PROJECT / "bench" / f"{name}.py").read_text() for name in run)
