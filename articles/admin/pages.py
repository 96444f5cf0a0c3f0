"""Helpers shared by the admin's own pages: rendering, error statuses, messages, pagination and redirects."""

from django.contrib import admin
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import url_has_allowed_host_and_scheme

from articles import workflow


def admin_page(request, template, context, *, status=200):
    """Render `template` with the context that every admin page needs."""
    request.current_app = admin.site.name
    return TemplateResponse(request, template, {**admin.site.each_context(request), **context}, status=status)


def found_or_404(rows, pk, message):
    """The one of `rows` with this primary key, which may be any text. Raises Http404 with `message` otherwise."""
    row = rows.filter(pk=pk).first() if str(pk).isdecimal() else None
    if row is None:
        raise Http404(message)
    return row


def status_of(refusal):
    """The HTTP status for a `workflow.WorkflowError`: 403 without the permission, 409 if the state doesn't allow it."""
    return 403 if isinstance(refusal, workflow.NotAllowed) else 409


def listed(head, sentences):
    """A message with a heading and a list of sentences, all escaped."""
    items = format_html_join("", "<li>{}</li>", ((str(sentence),) for sentence in sentences))
    return format_html("<b>{}</b><ul>{}</ul>", head, items)


def adjacent_page_urls(request, page):
    """{"previous": …, "next": …}: addresses of the pages around a paginator's `page`, keeping the other parameters."""
    numbers = {
        "previous": page.previous_page_number() if page.has_previous() else None,
        "next": page.next_page_number() if page.has_next() else None,
    }
    addresses = {}
    for name, number in numbers.items():
        query = request.GET.copy()
        query["page"] = number
        addresses[name] = f"?{query.urlencode()}" if number else ""
    return addresses


def editor_of(revision):
    """The address of this revision in the editor."""
    return f"{reverse('admin:articles_article_change', args=[revision.article_id])}?revision={revision.pk}"


def back(request, default):
    """The page that the form was sent from, if it's on this site, else `default`."""
    address = request.POST.get("back", "")
    return address if url_has_allowed_host_and_scheme(address, allowed_hosts=None) else default
