"""What the documentation says of the layers is what is enforced."""

import re
import tomllib

from tests.support.paths import PROJECT


def test_the_layers_in_the_documentation_are_those_that_are_enforced():
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    written = re.search(r"```\n(urls\n.*?)\n```", (PROJECT / "docs" / "architecture.md").read_text(), re.DOTALL)

    assert written[1].splitlines() == [re.sub(r"[()]", "", layer) for layer in contracts[0]["layers"]]


def test_every_module_of_a_layer_exists():
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    modules = [name for layer in contracts[0]["layers"] for name in re.findall(r"\w+", layer)]

    assert [name for name in modules if not list((PROJECT / "articles").glob(f"{name}*"))] == []
