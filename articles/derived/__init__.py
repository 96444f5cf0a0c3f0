"""Everything that can be deleted and rebuilt from texts and transcripts."""

from .rebuilding.republishing import (
    inspect,
    rederive,
    refresh,
    refresh_citing,
    refresh_linking_to,
    refresh_links,
    refresh_permitted,
    republish,
    republish_all,
    republish_citing,
)
