"""An episode’s transcript in the admin: its page, imports and removal."""

from .pages import TranscriptPages
