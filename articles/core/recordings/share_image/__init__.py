"""Draws the image that represents an article when it is shared: its title and the timeline of its recording."""

from .drawing import draw
