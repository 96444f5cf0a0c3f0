"""English texts for people that can be told in the site’s language later, without anything of Django."""

from typing import Any


class Message(str):
    """An English text that remembers the template and the values it was made from; wherever it is kept, it is text.

    `telling.told` makes of it the same text in the site’s language.
    """

    template: str
    plural: str
    how_many: int | None
    values: dict[str, Any]

    def __new__(
        cls, template: str, values: dict[str, Any] | None = None, plural: str = "", how_many: int | None = None
    ) -> "Message":
        values = values or {}
        chosen = template if how_many is None or how_many == 1 else plural
        made = super().__new__(cls, chosen % values if values else chosen)
        made.template, made.plural, made.how_many, made.values = template, plural, how_many, values
        return made

    def having(self, **values: Any) -> "Message":
        """The same text with other `values` in place of those of these names."""
        return Message(self.template, self.values | values, self.plural, self.how_many)

    def __reduce__(self) -> tuple[type["Message"], tuple[str, dict[str, Any], str, int | None]]:
        return Message, (self.template, self.values, self.plural, self.how_many)


def say(template: str, /, **values: Any) -> Message:
    """A text with `%(name)s` for each of `values`; without values a percent sign stands for itself."""
    return Message(template, values)


def say_many(one: str, many: str, count: int, /, **values: Any) -> Message:
    """The text for one or for many, with `%(count)s` and `values`."""
    return Message(one, {"count": count, **values}, many, count)


def say_list(parts: list[str]) -> str:
    """The parts with “and” between them."""
    said, *others = parts
    for part in others:
        said = say("%(before)s and %(last)s", before=said, last=part)
    return said


def said_by(error: BaseException) -> str:
    """What an exception says, as it was said: `str(error)` would forget what a `Message` was made from."""
    said = error.args[0] if len(error.args) == 1 else ""
    return said if isinstance(said, str) and said else str(error)


def like(error: BaseException, example: str) -> str:
    """What an exception says, with another example where it gives one."""
    said = said_by(error)
    return said.having(example=example) if isinstance(said, Message) and "example" in said.values else said


def noop(text: str) -> str:
    """Mark a text, which stays data here, as one that is told in the site’s language where people see it."""
    return text
