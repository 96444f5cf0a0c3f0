"""What a package exports by importing it from its own modules is used outside it, not only by tests, and taken from it."""

import ast
from functools import cache

from tests.support.paths import PROJECT

FOLDERS = ("articles", "ketamine_site", "bench", "docs")
REGISTERING = {"articles.admin", "articles.models"}  # they import what Django must register, used or not
COMPLETE = {"articles.workflow.publish_due"}  # tests/site/responses finds all that writes by what the workflow exports


@cache
def parsed():
    return {path: ast.parse(path.read_text()) for folder in FOLDERS for path in (PROJECT / folder).rglob("*.py")}


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
    trees = parsed()
    exports = {
        f"{module_of(path)}.{name}"
        for path in (PROJECT / "articles").rglob("__init__.py")
        for name in exports_of(trees[path])
        if module_of(path) not in REGISTERING
    }
    used = {
        name
        for path, tree in trees.items()
        for name in exports.intersection(names_used(path, tree))
        if not f"{module_of(path)}.".startswith(f"{name.rpartition('.')[0]}.")
    }

    assert exports - used == COMPLETE


def imports_past_exports(path, tree, exports):
    """Yield where a module imports, from a module inside another package, only names that the package exports itself.

    A statement that needs another name of the module too may stay whole.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            folder = path.relative_to(PROJECT).parts[: -node.level] if node.level else ()
            module = ".".join([*folder, *filter(None, [node.module])])
            for package, found in exports.items():
                is_outside = not f"{module_of(path)}.".startswith(f"{package}.")
                names = {alias.name for alias in node.names}
                if is_outside and module.startswith(f"{package}.") and names <= found.get(module, set()):
                    yield f"{path.relative_to(PROJECT)}:{node.lineno} → {package}"


def test_what_a_package_exports_is_imported_from_it():
    exports = {}
    for path, tree in parsed().items():
        if path.name == "__init__.py":
            package = module_of(path)
            exports[package] = {
                f"{package}.{node.module}": {alias.name for alias in node.names if alias.asname is None}
                for node in tree.body
                if isinstance(node, ast.ImportFrom) and node.level == 1 and node.module
            }
    past = [found for path, tree in parsed().items() for found in imports_past_exports(path, tree, exports)]

    assert past == []


def test_no_export_hides_a_module():
    hidden = [
        f"{path.parent.relative_to(PROJECT)}: {name}"
        for path in (PROJECT / "articles").rglob("__init__.py")
        for name in exports_of(ast.parse(path.read_text()))
        if path.with_name(f"{name}.py").exists()
    ]

    # `from articles.core.markdown import render` must mean one thing.
    assert hidden == []
