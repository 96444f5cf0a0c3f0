"""Backups: one archive with the database, the uploads, and the settings without secrets.

`archive` writes and verifies the archive, `databases` has what each database needs, `media` the uploads, `environment`
the settings; `create` and `restore` put them together.
"""

from .archive import BackupError
from .create import create
from .restore import restore

__all__ = ["BackupError", "create", "restore"]
