"""Lookups of what requests name: keys, and slugs and handles, exactly as asked for first, then in any case, width and
composition."""

import unicodedata
from functools import reduce
from operator import and_

from django.db.models import CharField, IntegerField, Q
from django.db.models.functions import Lower
from django.db.models.lookups import In

from articles.core.language.folding import folded_name
from articles.core.parsing.numbers import KEY_MAX

CharField.register_lookup(Lower)  # indexed for articles and shows


class FoldedField(CharField):
    """The folded form of the field `of`, stored with every save: databases disagree about letters beyond ASCII."""

    def __init__(self, *args, of="", **kwargs):
        self.of = of
        super().__init__(*args, **{"max_length": 1000, "editable": False} | kwargs)

    def pre_save(self, model_instance, add):
        setattr(model_instance, self.attname, folded_name(getattr(model_instance, self.of)))
        return super().pre_save(model_instance, add)

    def deconstruct(self):
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


def same_name(field, name):
    """Return the condition that `field` is `name` in any case; handles have a column for it.

    The databases' LOWER is indexed, but SQLite's only knows ASCII, and PostgreSQL's no final sigma. So names with other
    letters are looked for as written in `name`, and all small, all capital, and each word or only the first capitalised.
    """
    if field.rpartition("__")[2] == "handle":
        return Q(**{f"{field}_key": folded_name(name)})
    name = unicodedata.normalize("NFKC", name)
    if name.isascii():
        return Q(**{f"{field}__lower": name.lower()})
    written = {name, name.lower(), name.upper(), name.title(), name.capitalize()}
    in_sqlite = {"".join(letter.lower() if letter.isascii() else letter for letter in each) for each in written}
    in_postgresql = {"".join(letter.lower() for letter in each) for each in written}
    return Q(**{f"{field}__lower__in": in_sqlite | in_postgresql})


def with_name(rows, **names):
    """Return those of `rows` whose fields have exactly these `names`, else those that have them in another case."""
    if not _are_possible(names):
        return rows.none()
    exact = rows.filter(**names)
    return exact if exact.exists() else rows.filter(_in_any_case(names)).order_by(*names)


def named(rows, **names):
    """Return the row whose fields have exactly these `names`, else one that has them in another case, else None."""
    if not _are_possible(names):
        return None
    if len(names) == 1 and "__" not in (field := next(iter(names))) and names[field].isascii():  # one query is enough
        found = list(rows.filter(_in_any_case(names)).order_by(field))
        return next((row for row in found if getattr(row, field) == names[field]), next(iter(found), None))
    return rows.filter(**names).first() or rows.filter(_in_any_case(names)).order_by(*names).first()


def _in_any_case(names):
    return reduce(and_, (same_name(field, name) for field, name in names.items()))


def _are_possible(names):
    return all(name and "\0" not in name for name in names.values())  # PostgreSQL refuses NUL


@IntegerField.register_lookup
class IntegerIn(In):
    """`in` that leaves out numbers beyond 64 bits, which databases refuse, as Django's other lookups do."""

    def process_rhs(self, compiler, connection):
        if self.rhs_is_direct_value():
            self.rhs = [value for value in self.rhs if not isinstance(value, int) or abs(value) <= KEY_MAX]
        return super().process_rhs(compiler, connection)
