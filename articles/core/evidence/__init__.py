"""Checks claims against a transcript: whether they are said at the cited moment, and where else they may be."""

from . import measured
from .checker import CHECKER_VERSION, Transcript
from .keyness import key_passages
from .types import (
    CANT_TELL,
    DISCREPANCY_KINDS,
    NAME,
    NOT_CHECKED,
    NOT_FOUND,
    NUMBER,
    PARTLY,
    QUOTATION,
    SAID_ELSEWHERE,
    SAID_HERE,
    SAID_NEARBY,
    VERDICTS,
)
