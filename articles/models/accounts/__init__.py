"""What is kept for each account: its notices, profile, rank, saved views and uploads."""

from .passwords import IssuedPassword
from .ranks import RankChange
from .saved_views import SavedView
from .uploads import Upload
from .users import Mailbox, Notice, Presence, Profile, Watch
