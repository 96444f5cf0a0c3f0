"""What is kept for each account: its notices, profile, rank and uploads."""

from .passwords import IssuedPassword
from .ranks import RankChange
from .uploads import Upload
from .users import Mailbox, Notice, Presence, Profile, Watch
