"""Article file formats: every format is read into, and written from, the same value."""

from .cleanup.images import with_own_images
from .cleanup.pasted import clean_pasted
from .json_format import write_json
from .native_markdown import write_markdown
from .plain_text import plain_holds
from .plain_text import write_plain as write_text
from .reader import read
from .types import (
    ArticleFile,
    FileProblem,
    FileSection,
    FileSource,
    FormatError,
    IndexFile,
    clean_block,
    clean_line,
    place_of,
)
