"""Whole numbers: in requests, where they arrive as text of any kind and length, and in what commands print."""

KEY_MAX = 2**63 - 1  # the largest integer key that the databases accept


def whole_number(text: object, most: int = KEY_MAX) -> int | None:
    """Return the number from 0 to `most` that `text` writes in ASCII digits; None if it is anything else."""
    digits = str(text)
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > len(str(most)):
        return None
    number = int(digits)
    return number if number <= most else None


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return `number` with its noun, such as `1 file` or `2,000 files`. `plural` is the plural unless that ends in s."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
