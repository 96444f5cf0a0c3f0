"""The public site as files for a web server, in line with what the live site answers.

`addresses` knows every public address, `layout` where its file is and how nginx finds it, `nginx` writes the
configuration; `folder` replaces files as wholes, `index` remembers what they were made from, and `run` is the export.
"""

from .folder import ExportError
from .run import export

__all__ = ["ExportError", "export"]
