"""Draws a title and the strip of a recording as the picture that stands for an article elsewhere."""

from .draw import VERSION, draw

__all__ = ["VERSION", "draw"]
