"""Helpers shared by the admin's own pages: rendering, answers, error statuses, messages, filters and redirects."""

from django import forms
from django.contrib import admin, messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, ngettext

from articles import workflow
from articles.core.parsing.numbers import whole_number
from articles.workflow.history import audit_log


def admin_page(request, template, context, *, status=200):
    """Render `template` with the context that every admin page needs."""
    request.current_app = admin.site.name
    return TemplateResponse(request, template, {**admin.site.each_context(request), **context}, status=status)


def messages_of_rows(request):
    """Return ({key of a row: its messages}, the others) of the messages to show; those of row 7 have the tag `row-7`."""
    of_rows, others = {}, []
    for message in messages.get_messages(request):
        key = next((whole_number(tag[4:]) for tag in message.tags.split() if tag.startswith("row-")), None)
        (others if key is None else of_rows.setdefault(key, [])).append(message)
    return of_rows, others


class FilterForm(forms.Form):
    """Filters and order of a list, from the page's query string."""

    @property
    def wanted(self):
        """The valid, non-empty filters as {field: value}."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def json_or_redirect(request, values, address):
    """Answer a script with `values` as JSON, and a form with a redirect to `address`."""
    if request.headers.get("Accept") == "application/json":
        return JsonResponse(values)
    return HttpResponseRedirect(address)


def typed(data, name):
    """The text of a form's field, stripped, "" without one; NUL, which PostgreSQL can't store, is replaced as in HTML."""
    return data.get(name, "").replace("\0", "\ufffd").strip()


def with_typed(message, text):
    """`message`, followed by what was typed into a form that the next page doesn't show any longer, if anything was."""
    words = gettext("You typed: “%(text)s”") % {"text": text}
    return f"{message} {words}" if text else message


def found_or_404(rows, number, message, *, field="pk"):
    """The one of `rows` whose `field` is `number`, which may be any text. Raises Http404 with `message` otherwise."""
    key = whole_number(number)
    try:
        if key is not None:
            return rows.get(**{field: key})  # without an order, which Django compares with every column first
    except ObjectDoesNotExist:
        pass
    raise Http404(message)


def status_of(refusal):
    """The HTTP status for a `workflow.WorkflowError`: 403 without the permission, 409 if the state doesn't allow it."""
    return 403 if isinstance(refusal, workflow.NotAllowed) else 409


def listed(head, sentences):
    """A message with a heading and a list of sentences, all escaped."""
    items = format_html_join("", "<li>{}</li>", ((str(sentence),) for sentence in sentences))
    return format_html("<b>{}</b><ul>{}</ul>", head, items)


def local_time(moment, format_name="DATETIME_FORMAT"):
    """A datetime as text, in the site's time zone."""
    return date_format(timezone.localtime(moment), format_name)


def editor_of(revision):
    """The address of this revision in the editor."""
    return f"{reverse('admin:articles_article_change', args=[revision.article_id])}?revision={revision.pk}"


def slug_note(stem, slug):
    """Why an article that was to have the slug `stem` has `slug`, "" if it is the same."""
    if slug == stem:
        return ""
    note = gettext("Another article uses the slug “%(stem)s”, so this one gets “%(slug)s”.")
    return note % {"stem": stem, "slug": slug}


def back(request, default):
    """The page that the form was sent from, if it's on this site, else `default`."""
    address = request.POST.get("back", "")
    return address if url_has_allowed_host_and_scheme(address, allowed_hosts=None) else default


def taken_down_words(article):
    """Say who unpublished an article that isn't public any longer, when and why; "" for others."""
    entry = audit_log.taking_down(article)
    if entry is None:
        return ""
    values = {"day": local_time(entry.at, "DATE_FORMAT"), "name": entry.by_name, "reason": entry.note}
    words = gettext(
        "The article was unpublished on %(day)s by %(name)s: “%(reason)s”. Publishing a text makes it public again."
    )
    return words % values


def invalid_timestamps(revision):
    """How many marks of a text are meant as citations but aren't valid, in words. Its other issues aren't counted."""
    count = revision.problem_count
    return ngettext("%(n)s invalid timestamp", "%(n)s invalid timestamps", count) % {"n": intcomma(count)}
