"""The data of the review page: the revision, its comments, citations and issues, and changes to recordings."""

from .changes import reviewed_changes
from .citations import claims, offered
from .recordings import made_public, recording_changes
from .revision import other_of, outdated, revision_or_404, said_instead
from .threads import Discussion, comment_targets, discussion
