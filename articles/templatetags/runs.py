"""Runs of a comparison, as templates write them."""

from django import template

register = template.Library()


@register.filter
def without(runs, op):
    """Runs but those that one side does not have: without "insert" they are the old text."""
    return [run for run in runs if run.op != op]
