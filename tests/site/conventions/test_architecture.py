"""The layers in the documentation are those that are enforced."""

import re
import tomllib

from tests.support.paths import PROJECT


def test_documented_layers_are_those_enforced():
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    documented = re.search(r"```\n(urls\n.*?)\n```", (PROJECT / "docs" / "architecture.md").read_text(), re.DOTALL)

    assert documented[1].splitlines() == [re.sub(r"[()]", "", layer) for layer in contracts[0]["layers"]]


def test_every_module_of_a_layer_exists():
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    modules = [name for layer in contracts[0]["layers"] for name in re.findall(r"\w+", layer)]

    assert [name for name in modules if not list((PROJECT / "articles").glob(f"{name}*"))] == []
