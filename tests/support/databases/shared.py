"""Fixtures whose rows aren't made again for each test: `@shared`, or `@copied`, in place of `@pytest.fixture`.

Each test finds the database and the objects as if they had just been made for it. Shared rows stay for the next test;
those that it doesn't need are rolled back before it, and made again for the next one that needs them. Copied rows, for
transactional tests, are made once per worker.
"""

import copy
import inspect
from functools import partial
from typing import NamedTuple

import pytest
from django.db.models import Model

from tests.support.databases import template


class Open(NamedTuple):
    """A fixture whose rows are there, within those of the ones opened before."""

    definition: pytest.FixtureDef
    value: object
    attributes: dict | None  # those of the value if it is a row
    parameters: dict  # by which its arguments were made

    def is_for(self, item):
        return self.definition.argname in item.fixturenames and self.parameters == _parameters(item, self.definition)


_open = []


def shared(make):
    """Return a fixture with what `make` returns; its arguments are fixtures, those with rows shared, too."""

    def fixture(module_rows, **arguments):
        with template.rolled_back():
            yield make(**arguments)

    parameters = [inspect.Parameter("module_rows", inspect.Parameter.POSITIONAL_OR_KEYWORD)]
    fixture.__signature__ = inspect.Signature(parameters + list(inspect.signature(make).parameters.values()))
    fixture.__name__, fixture.__doc__, fixture.is_shared = make.__name__, make.__doc__, True
    return pytest.fixture(scope="module")(fixture)


def copied(make=None, **options):
    """Return a fixture with what `make()` returns, in a database that was empty; `options` are those of a fixture.

    Its tests are marked `django_db(transaction=True)`.
    """
    if make is None:
        return partial(copied, **options)

    def fixture():
        return template.filled(make)

    fixture.__name__, fixture.__doc__ = make.__name__, make.__doc__
    return pytest.fixture(**options)(fixture)


def opened(definition, value, item):
    """Note that a fixture which depends on `module_rows` has been set up for the test `item`."""
    if getattr(definition.func, "is_shared", False):
        attributes = copy.deepcopy(vars(value), {id(value): value} | _rows()) if isinstance(value, Model) else None
        _open.append(Open(definition, value, attributes, _parameters(item, definition)))
    else:
        assert not _open, f"{definition.argname} would be rolled back with {_open[-1].definition.argname}: share it."


def closed(definition):
    """Note that a fixture has been torn down."""
    _open[:] = [one for one in _open if one.definition is not definition]


def prepare(item):
    """Roll back what the test `item` doesn't need, and give the objects that it does the attributes they had at first."""
    while not all(one.is_for(item) for one in _open):
        _open[-1].definition.finish(item._request)
    rows = _rows()
    for one in _open:
        if one.attributes is not None:
            vars(one.value).clear()
            vars(one.value).update(copy.deepcopy(one.attributes, rows))


def _rows():
    """Return the rows as a memo of `deepcopy`: where one refers to another, it still does so in a copy."""
    return {id(one.value): one.value for one in _open if one.attributes is not None}


def _parameters(item, definition):
    given = item.callspec.params if hasattr(item, "callspec") else {}
    return {name: given[name] for name in definition.argnames if name in given}
