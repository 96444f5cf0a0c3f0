"""Pages read revisions only through `visible_to(user)` or `published()`, so that none forgets to check permissions."""

import ast
from pathlib import Path

import pytest

from tests.support.paths import PROJECT

FOLDERS = ("admin", "api", "templatetags", "views")
MANAGERS = {"objects", "_default_manager", "_base_manager"}
GUARDS = {"visible_to", "published"}
RETURNING = {"revisions_citing", "revisions_relying_on"}  # functions that return a query set of revisions
# Reads without a guard, as "module: function", each with the reason why it shows nobody a text they may not read.
ACCEPTED = {
    "admin/editor/saving/drafts.py: lineage": "keys and statuses, no text",
    "admin/editor/forms/article.py: _saved_sources": "the form of an editor, who can read every revision",
    "views/correction_requests/requests.py: _receive": "the text that a signed token says the reader was shown",
}


def unguarded(source):
    """Yield (function, line) of every read of revisions in `source` that isn't guarded."""
    tree = ast.parse(source)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    guarded = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in GUARDS}
    for node in ast.walk(tree):
        if not _reads(node) or id(node) in guarded:
            continue
        inside = [function for function in functions if function.lineno <= node.lineno <= function.end_lineno]
        yield (inside[-1].name if inside else "", node.lineno)


def _reads(node):
    """Whether `node` is a manager of revisions, or passes the model itself to a shortcut."""
    if isinstance(node, ast.Attribute):
        owner = node.value.id if isinstance(node.value, ast.Name) else ""
        return node.attr == "revision_set" or (owner == "Revision" and node.attr in MANAGERS)
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and node.func.attr in RETURNING:
            return True
        return any(isinstance(argument, ast.Name) and argument.id == "Revision" for argument in node.args)
    return False


def modules():
    for folder in FOLDERS:
        yield from sorted(Path(PROJECT, "articles", folder).rglob("*.py"))


def test_every_read_of_revisions_asks_who_may_read_them():
    found = {
        f"{path.relative_to(PROJECT / 'articles')}: {function}": line
        for path in modules()
        for function, line in unguarded(path.read_text())
        if not (path.name == "admin.py" and function == "")  # registers the model
    }

    assert sorted(set(found) - set(ACCEPTED)) == []
    assert sorted(set(ACCEPTED) - set(found)) == []


@pytest.mark.parametrize(
    "read",
    [
        "Revision.objects.get(pk=pk)",
        "Revision.objects.select_related('article').filter(pk=pk)",
        "Revision._base_manager.all()",
        "article.revision_set.filter(number=number).first()",
        "get_object_or_404(Revision, pk=pk)",
        "dependents.revisions_citing(episodes).order_by('pk')",
    ],
)
def test_a_read_without_a_guard_is_found(read):
    guarded = "Revision.objects.visible_to(user).get(pk=pk), article.revision_set.published()"

    assert list(unguarded(f"def page(request, pk):\n    {guarded}\n    return {read}\n")) == [("page", 3)]
