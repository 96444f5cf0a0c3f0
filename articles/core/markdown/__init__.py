"""Turns a text with citation marks into safe HTML, plain text and the citations, links and problems in it."""

from .render import RENDERER_VERSION, plain_heading, render, render_inline
from .scanner import link_targets, wiki_slug
from .types import Citation, Context, Link, Problem, Rendered, Sentence

__all__ = [
    "RENDERER_VERSION",
    "Citation",
    "Context",
    "Link",
    "Problem",
    "Rendered",
    "Sentence",
    "link_targets",
    "plain_heading",
    "render",
    "render_inline",
    "wiki_slug",
]
