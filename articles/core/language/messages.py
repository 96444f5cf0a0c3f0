"""English texts for people that can be told in the site’s language later, without anything of Django."""

from typing import Any


class LazyMessage(str):
    """An English text that remembers the template and the values it was made from; wherever it is kept, it is text.

    `telling.told` makes of it the same text in the site’s language.
    """

    template: str
    plural: str
    how_many: int | None
    values: dict[str, Any]

    def __new__(
        cls, template: str, values: dict[str, Any] | None = None, plural: str = "", how_many: int | None = None
    ) -> "LazyMessage":
        values = values or {}
        chosen = template if how_many is None or how_many == 1 else plural
        made = super().__new__(cls, chosen % values if values else chosen)
        made.template, made.plural, made.how_many, made.values = template, plural, how_many, values
        return made

    def having(self, **values: Any) -> "LazyMessage":
        """The same text with other `values` in place of those of these names."""
        return LazyMessage(self.template, self.values | values, self.plural, self.how_many)

    def __reduce__(self) -> tuple[type["LazyMessage"], tuple[str, dict[str, Any], str, int | None]]:
        return LazyMessage, (self.template, self.values, self.plural, self.how_many)


def lazy_message(template: str, /, **values: Any) -> LazyMessage:
    """A text with `%(name)s` for each of `values`; without values a percent sign stands for itself."""
    return LazyMessage(template, values)


def lazy_plural(one: str, many: str, count: int, /, **values: Any) -> LazyMessage:
    """The text for one or for many, with `%(count)s` and `values`."""
    return LazyMessage(one, {"count": count, **values}, many, count)


def join_with_and(parts: list[str]) -> str:
    """The parts with “and” between them."""
    said, *others = parts
    for part in others:
        said = lazy_message("%(before)s and %(last)s", before=said, last=part)
    return said


def message_of(error: BaseException) -> str:
    """What an exception says, as it was said: `str(error)` would forget what a `Message` was made from."""
    said = error.args[0] if len(error.args) == 1 else ""
    return said if isinstance(said, str) and said else str(error)


def with_example(error: BaseException, example: str) -> str:
    """What an exception says, with another example where it gives one."""
    said = message_of(error)
    return said.having(example=example) if isinstance(said, LazyMessage) and "example" in said.values else said


def noop(text: str) -> str:
    """Mark a text, which stays data here, as one that is told in the site’s language where people see it."""
    return text
