"""Lookups of keys that come from requests."""

from django.db import models
from django.db.models.lookups import In

from articles.core.numbers import KEY_MAX


@models.IntegerField.register_lookup
class IntegerIn(In):
    """`in` that leaves out numbers beyond 64 bits, which databases refuse, as Django's other lookups do."""

    def process_rhs(self, compiler, connection):
        if self.rhs_is_direct_value():
            self.rhs = [value for value in self.rhs if not isinstance(value, int) or abs(value) <= KEY_MAX]
        return super().process_rhs(compiler, connection)
