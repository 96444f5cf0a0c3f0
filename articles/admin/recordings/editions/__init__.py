"""Editions of an episode: the part of its page that lists them, and the page for the stretches of one."""

from .inline import EditionInline
from .offsets import EditionMapPages
