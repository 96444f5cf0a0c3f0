"""The page that says how to cite an article, and the same as files for programs that keep references."""

import json

from django.http import Http404
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from articles.core.formats import bibliography
from articles.derived.pages import article as pages
from articles.derived.pages import cite_this
from articles.models import Article

from .base import public_page, public_view, redirect_moved
from .history import periods_of
from .http import origin, public_resource, respond

MAX_AGE = 60  # seconds: a correction is out soon


@require_safe
@public_view
def page(request, slug):
    """The current text, or with `?revision=<n>` an earlier one that was public, as a sentence, BibTeX and CSL-JSON."""
    article = _article(slug)
    if article is None:
        return _moved(request, slug, "cite")
    work = _work(request, article)
    return public_page(
        "articles/pages/article/cite.html",
        article=article,
        current=article.published_revision,
        is_current=work.number == article.published_revision.number,
        work=work,
        words=cite_this.words(work),
        bibtex=bibliography.bibtex(work),
        csl=_csl(work),
    )


@public_resource(MAX_AGE)
def bibtex(request, slug):
    article = _article(slug)
    if article is None:
        return _moved(request, slug, "cite_bibtex")
    work = _work(request, article)
    return _file(
        request, bibliography.bibtex(work), "application/x-bibtex; charset=utf-8", f"{bibliography.key(work)}.bib"
    )


@public_resource(MAX_AGE)
def csl(request, slug):
    article = _article(slug)
    if article is None:
        return _moved(request, slug, "cite_csl")
    work = _work(request, article)
    return _file(request, _csl(work), "application/vnd.citationstyles.csl+json", f"{bibliography.key(work)}.csl.json")


def _article(slug):
    """The published article with this slug, or None."""
    return Article.objects.published().select_related("published_revision").filter(slug=slug).first()


def _work(request, article):
    """The text that is asked for; Http404 where there is none that is or was public, or where it was erased."""
    asked = request.GET.get("revision")
    if asked is None:
        return _work_of(request, article, article.published_revision, article.published_at)
    for period in periods_of(article):
        if str(period.revision.number) == asked:
            if period.revision.erased_at is not None:
                raise Http404(gettext("The text of this revision was erased: there is nothing to cite."))
            return _work_of(request, article, period.revision, period.since)
    raise Http404(gettext("There is no such revision here."))


def _work_of(request, article, revision, since):
    return cite_this.work(article, revision, since, origin(request), pages.writers_of(revision))


def _csl(work):
    return json.dumps(bibliography.csl(work), ensure_ascii=False, indent=2) + "\n"


def _file(request, text, content_type, name):
    return respond(request, text, content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _moved(request, slug, address):
    response = redirect_moved(slug, address)
    if query := request.META.get("QUERY_STRING"):
        response.headers["Location"] += f"?{query}"
    return response
