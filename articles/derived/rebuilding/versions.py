"""Finds what an earlier version of the site has derived: `rebuild --stale` derives it again."""

from django.db.models import Q

from articles.core.evidence import CHECKER_VERSION
from articles.core.markdown import RENDERER_VERSION
from articles.models import Citation, Rendering


def of_earlier_version(revisions):
    """Return those of `revisions`, a query set, whose rows an earlier renderer made or whose claims an earlier checker
    checked. Everything derived from a text is made again together, so all of it may be of an earlier version."""
    rendered = Rendering.objects.exclude(renderer_version=RENDERER_VERSION)
    checked = Citation.objects.filter(finding__isnull=False).exclude(finding__checker_version=CHECKER_VERSION)
    return revisions.filter(Q(pk__in=rendered.values("pk")) | Q(pk__in=checked.values("revision")))
