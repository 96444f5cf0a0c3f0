"""Revisions, and the rows that belong to one: contributors, sources, sections, citations, links, images, versions."""

from .contributors import Contributor
from .queries import may_read_all
from .revisions import Revision
from .sections import Citation, ImageUse, Link, Section
from .sources import Source
from .versions import DraftVersion
