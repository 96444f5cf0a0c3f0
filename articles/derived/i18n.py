"""What the pure modules say, in the site’s language: the one place where their words and Django’s catalogue meet."""

from django.utils.translation import gettext, ngettext

from articles.core.language.messages import LazyMessage


def translate(what):
    """`what` in the site’s language: a `Message`, an exception with one, or a text that may stand in the catalogue."""
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
