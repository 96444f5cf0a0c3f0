"""Translates messages of `core`, which knows no Django, into the site's language."""

from django.utils.translation import gettext, ngettext

from articles.core.language.messages import LazyMessage


def translate(what):
    """Translate `what`: a `LazyMessage`, an exception that carries one, or a string that may be in the catalogue."""
    if isinstance(what, BaseException):
        what = what.args[0] if len(what.args) == 1 else str(what)
    if not isinstance(what, str) or what == "":
        return str(what)
    if not isinstance(what, LazyMessage):
        return gettext(what)
    values = {
        name: translate(value) if isinstance(value, LazyMessage) else value for name, value in what.values.items()
    }
    is_counted = what.how_many is not None
    template = ngettext(what.template, what.plural, what.how_many) if is_counted else gettext(what.template)
    return template % values if values else template
