"""The site's own templates for new articles: headings to start from, under a name. Any article can be one, too."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy


@dataclass(frozen=True)
class Skeleton:
    """The headings of a new article, all of level 1."""

    name: Promise
    headings: tuple[Promise, ...]


SKELETONS = {
    "episode": Skeleton(
        gettext_lazy("Summary of an episode"),
        (
            gettext_lazy("Summary"),
            gettext_lazy("Main points"),
            gettext_lazy("What the speakers base them on"),
            gettext_lazy("Open questions"),
        ),
    ),
    "question": Skeleton(
        gettext_lazy("Answer to a question"),
        (
            gettext_lazy("Short answer"),
            gettext_lazy("What speaks for it"),
            gettext_lazy("What speaks against it"),
            gettext_lazy("How sure the speakers are"),
            gettext_lazy("Open questions"),
        ),
    ),
    "treatment": Skeleton(
        gettext_lazy("Substance or treatment"),
        (
            gettext_lazy("What it is"),
            gettext_lazy("How it works"),
            gettext_lazy("What it is used for"),
            gettext_lazy("Doses and timing"),
            gettext_lazy("Side effects and risks"),
            gettext_lazy("Who should avoid it"),
            gettext_lazy("Open questions"),
        ),
    ),
    "person": Skeleton(
        gettext_lazy("Person"),
        (
            gettext_lazy("Background"),
            gettext_lazy("Work"),
            gettext_lazy("Positions"),
            gettext_lazy("Criticism"),
        ),
    ),
}
