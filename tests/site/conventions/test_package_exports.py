"""Every name that a package exports by importing it from its own modules is used outside it, not only by tests."""

import ast

from tests.support.paths import PROJECT

FOLDERS = ("articles", "ketamine_site", "bench", "docs")
REGISTERING = {"articles.admin", "articles.models"}  # they import what Django must register, used or not
COMPLETE = {
    "articles.workflow.publish_due"
}  # the workflow's exports are all that writes, as tests/site/responses relies on


def module_of(path):
    parts = path.relative_to(PROJECT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def names_used(path, tree):
    """Return the dotted names that a module imports, and those of the attributes it uses of its imports."""
    aliases, attributes = {}, set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            folder = path.relative_to(PROJECT).parts[: -node.level] if node.level else ()
            module = ".".join([*folder, *filter(None, [node.module])])
            aliases |= {alias.asname or alias.name: f"{module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            aliases |= {alias.asname: alias.name for alias in node.names if alias.asname}
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            attributes.add((node.value.id, node.attr))
    return {*aliases.values(), *(f"{aliases[name]}.{attribute}" for name, attribute in attributes if name in aliases)}


def exports_of(tree):
    imported = {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.level and node.module
        for alias in node.names
    }
    return imported - {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def test_every_export_is_used_outside_its_package():
    trees = {path: ast.parse(path.read_text()) for folder in FOLDERS for path in (PROJECT / folder).rglob("*.py")}
    used = {path: names_used(path, tree) for path, tree in trees.items()}
    unused = []
    for path in (PROJECT / "articles").rglob("__init__.py"):
        package = module_of(path)
        elsewhere = set().union(*(names for other, names in used.items() if not other.is_relative_to(path.parent)))
        if package not in REGISTERING:
            unused += {f"{package}.{name}" for name in exports_of(trees[path])} - elsewhere

    assert set(unused) == COMPLETE


def test_no_export_hides_a_module():
    hidden = [
        f"{path.parent.relative_to(PROJECT)}: {name}"
        for path in (PROJECT / "articles").rglob("__init__.py")
        for name in exports_of(ast.parse(path.read_text()))
        if path.with_name(f"{name}.py").exists()
    ]

    # `from articles.core.markdown import render` must mean one thing.
    assert hidden == []
