"""English messages that can be translated later, so that the core doesn't need Django."""

from typing import Any, TypeVar

Text = TypeVar("Text", bound=str)


class LazyMessage(str):
    """An English text that remembers the template and values it was made from; stored anywhere, it is plain text.

    `derived.i18n.translate` returns it in the site's language.
    """

    template: str
    plural: str
    how_many: int | None
    values: dict[str, Any]

    def __new__(
        cls, template: str, values: dict[str, Any] | None = None, plural: str = "", how_many: int | None = None
    ) -> "LazyMessage":
        values = values or {}
        text = template if how_many is None or how_many == 1 else plural
        message = super().__new__(cls, text % values if values else text)
        message.template, message.plural, message.how_many, message.values = template, plural, how_many, values
        return message

    def having(self, **values: Any) -> "LazyMessage":
        """Return the message with some of its values replaced."""
        return LazyMessage(self.template, self.values | values, self.plural, self.how_many)

    def __reduce__(self) -> tuple[type["LazyMessage"], tuple[str, dict[str, Any], str, int | None]]:
        return LazyMessage, (self.template, self.values, self.plural, self.how_many)


def lazy_message(template: str, /, **values: Any) -> LazyMessage:
    """Return a message with `%(name)s` filled in from `values`; without values, a percent sign is literal."""
    return LazyMessage(template, values)


def lazy_plural(singular: str, plural: str, count: int, /, **values: Any) -> LazyMessage:
    """Return the singular or plural message for `count`, with `%(count)s` and `values` filled in."""
    return LazyMessage(singular, {"count": count, **values}, plural, count)


def join_with_and(parts: list[str]) -> str:
    """Return the parts joined by “and”; raises ValueError if there are none."""
    joined, *others = parts
    for part in others:
        joined = lazy_message("%(before)s and %(last)s", before=joined, last=part)
    return joined


def message_of(error: BaseException) -> LazyMessage:
    """Return the message of an exception as raised; `str(error)` would lose the parts of a `LazyMessage`."""
    message = error.args[0] if len(error.args) == 1 else ""
    return message if isinstance(message, LazyMessage) else LazyMessage(str(error))


def with_example(error: BaseException, example: str) -> str:
    """Return the message of an exception, with `example` in place of the example it gives, if any."""
    message = message_of(error)
    return message.having(example=example) if "example" in message.values else message


def noop(text: Text) -> Text:
    """Mark a text for translation where it is shown; here it stays English data."""
    return text
