"""How to cite an article: a page, and files for reference managers."""

import json

from django.http import Http404
from django.utils.translation import gettext

from articles.core.formats import bibliography
from articles.derived.pages import cite_this
from articles.derived.pages.page import writers_of
from articles.views.base import published_or_redirect
from articles.views.http import origin, public_page, public_view, respond
from articles.views.http.gone import ErasedText
from articles.workflow.history import audit_log


@public_view(parameters=("revision",))
@published_or_redirect()
def page(request, article):
    """The citation of the current text, or of an earlier public one (`?revision=<n>`), as text, BibTeX and CSL-JSON."""
    work = _work(request, article)
    return public_page(
        "articles/pages/article/cite.html",
        article=article,
        current=article.published_revision,
        is_current=work.number == article.published_revision.number,
        work=work,
        plain_text=cite_this.plain_text(work),
        bibtex=bibliography.bibtex(work),
        csl=_csl(work),
    )


@public_view(parameters=("revision",))
@published_or_redirect()
def bibtex(request, article):
    work = _work(request, article)
    return _file(bibliography.bibtex(work), "application/x-bibtex; charset=utf-8", f"{bibliography.key(work)}.bib")


@public_view(parameters=("revision",))
@published_or_redirect()
def csl(request, article):
    work = _work(request, article)
    return _file(_csl(work), "application/vnd.citationstyles.csl+json", f"{bibliography.key(work)}.csl.json")


def _work(request, article):
    """Return the requested text as a work; raises Http404 if it was never public, and ErasedText if it was erased."""
    number = request.GET.get("revision")
    if number is None:
        return _work_of(request, article, article.published_revision, article.published_at)
    for revision, since, *_ in audit_log.publications(article):
        if str(revision.number) == number:
            if revision.erased_at is not None:
                raise ErasedText(revision)
            return _work_of(request, article, revision, since)
    raise Http404(gettext("This article has no public revision with this number."))


def _work_of(request, article, revision, since):
    return cite_this.work(article, revision, since, origin(request), writers_of(revision))


def _csl(work):
    return json.dumps(bibliography.csl(work), ensure_ascii=False, indent=2) + "\n"


def _file(text, content_type, name):
    return respond(text, content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
