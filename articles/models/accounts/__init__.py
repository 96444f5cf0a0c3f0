"""What is kept for each account: its notices, open drafts, profile, rank, saved views and uploads."""

from .notices import Mailbox, Notice, Watch
from .passwords import IssuedPassword
from .presence import Presence
from .profiles import Profile
from .ranks import RankChange
from .saved_views import SavedView
from .uploads import Upload
