"""What the admin's own pages share: the frame around them, the status of a refusal, lists, the way back."""

from django.contrib import admin
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import url_has_allowed_host_and_scheme

from articles import workflow


def admin_page(request, template, context, *, status=200):
    """The template in the frame of the admin site."""
    request.current_app = admin.site.name
    return TemplateResponse(request, template, {**admin.site.each_context(request), **context}, status=status)


def status_of(refusal):
    """The HTTP status for a `workflow.WorkflowError`: 403 if the person may not do it, 409 if the state does not allow it."""
    return 403 if isinstance(refusal, workflow.NotAllowed) else 409


def listed(head, sentences):
    """A message with a heading and a list; the sentences are escaped."""
    items = format_html_join("", "<li>{}</li>", ((str(sentence),) for sentence in sentences))
    return format_html("<b>{}</b><ul>{}</ul>", head, items)


def addresses_beside(request, page):
    """The addresses of the pages before and after `page` (Django's), with everything else that was asked for."""
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
    """The address of the editor's screen with this revision."""
    return f"{reverse('admin:articles_article_change', args=[revision.article_id])}?revision={revision.pk}"


def back(request, default):
    """The page of this site that the form says it was sent from, or `default`."""
    address = request.POST.get("back", "")
    return address if url_has_allowed_host_and_scheme(address, allowed_hosts=None) else default
