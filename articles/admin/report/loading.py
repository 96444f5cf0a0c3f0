"""What is loaded with the citations that the report lists."""

from django.db.models import Prefetch

from articles.models import Episode, Revision, Section


def with_related(citations):
    """Return the citations with what their rows show, in one query and one for the chapters."""
    related = ["finding", "episode__show", "revision__article", "section", "source_issue"]
    wide = ["revision__lead", "section__body", "finding__candidates", "finding__context", "context"]
    return citations.select_related(*related).prefetch_related("episode__chapter_set").defer(*wide)


def sharing_related(citations):
    """The same for many public citations: each text and recording is loaded once, which takes half as long."""
    related = [
        Prefetch("revision", Revision.objects.published().select_related("article").defer("lead")),
        Prefetch("episode", Episode.objects.select_related("show").prefetch_related("chapter_set")),
        Prefetch("section", Section.objects.defer("body")),
    ]
    wide = ["finding__candidates", "finding__context", "context"]
    return citations.select_related("finding", "source_issue").prefetch_related(*related).defer(*wide)
