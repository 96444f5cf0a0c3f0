"""Renders a text with citation marks to safe HTML and plain text, and returns its citations, links and problems."""

from .images import image_addresses, is_foreign_image, is_own_image
from .link_text import hidden_spans, links_with_targets, visible_links
from .problems import AFTER_TRANSCRIPT
from .rendering import RENDERER_VERSION, plain_heading, render, render_inline
from .scanner import link_targets, wiki_links, wiki_name, wiki_slug
from .types import Citation, Context, Problem, Rendered, Sentence
