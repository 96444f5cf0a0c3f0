"""Background tasks: everyone sees their own, administrators those of all; whoever sees one may end or repeat it.

Reasons, file names, errors and what became of each item may name articles that aren't public, so they take the permission
to read these; others see how far a task is and its numbers.
"""

import gzip
from datetime import timedelta

from django.contrib import admin, messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import PermissionDenied
from django.db.models import Value
from django.http import Http404, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe
from django_tasks_db import admin as of_messages

from articles.admin.articles.bulk.actions import ACTIONS as BULK_ACTIONS
from articles.admin.shared.base import ReadOnlyAdmin
from articles.admin.shared.helpers import admin_page, found_or_404, local_time
from articles.models import BackgroundTask, TaskFilePart, may_read_all
from articles.views.http import download
from articles.workflow import name_of, tasks

State = BackgroundTask.State
SEES_ALL, CHANGES_ALL = "articles.view_backgroundtask", "articles.change_backgroundtask"
NOT_TAKEN_AFTER = timedelta(minutes=2)
EXPORTS = "articles.change_revision"  # what the citation report asks for

admin.site.unregister(of_messages.DBTaskResult)  # which only says that a task is there


@admin.register(BackgroundTask)
class BackgroundTaskAdmin(ReadOnlyAdmin):
    list_display = ["what", "state", "progress", "who", "when", "outcome"]
    list_filter = ["state", "kind"]
    list_select_related = ["by"]

    @admin.display(description=gettext_lazy("task"), ordering="kind")
    def what(self, task):
        return task_name(task)

    @admin.display(description=gettext_lazy("progress"))
    def progress(self, task):
        return progress_of(task)

    @admin.display(description=gettext_lazy("started by"), ordering="by")
    def who(self, task):
        return name_of(task.by) if task.by else None

    @admin.display(description=gettext_lazy("started"), ordering="created_at")
    def when(self, task):
        return local_time(task.created_at)

    @admin.display(description=gettext_lazy("outcome"))
    def outcome(self, task):
        return outcome_of(task, with_error=task.may_be_read)

    def get_queryset(self, request):
        rows = super().get_queryset(request).annotate(may_be_read=Value(may_read_all(request.user)))
        return rows if request.user.has_perm(SEES_ALL) else rows.filter(by=request.user)

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm(SEES_ALL) or request.user.has_perm(EXPORTS)

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def get_urls(self):
        view, name = self.admin_site.admin_view, "articles_backgroundtask"
        act = path("<int:pk>/act/", view(self.act), name=f"{name}_act")
        return [act, path("<int:pk>/file/", view(self.file), name=f"{name}_file"), *super().get_urls()]

    @method_decorator(require_safe)
    def change_view(self, request, object_id, form_url="", extra_context=None):
        task = self._task_or_404(request, object_id)
        may_act, reads = self._may_act(request.user, task), may_read_all(request.user)
        lines = task.result.get("lines", []) if reads else []
        context = {
            "title": task_name(task),
            "opts": self.opts,
            "task": task,
            "by": name_of(task.by) if task.by else "",
            "progress": progress_of(task),
            "subject": subject_of(task) if reads else "",
            "reason": task.arguments.get("values", {}).get("reason", "") if reads else "",
            "is_not_taken": task.state == State.WAITING and task.created_at < timezone.now() - NOT_TAKEN_AFTER,
            "outcome": outcome_of(task, with_error=reads) if task.error or not lines else "",
            "lines": lines,
            "may_cancel": may_act and task.is_open and not task.is_cancelled,
            "may_retry": may_act and task.state in {State.FAILED, State.CANCELLED} and _may_retry(request.user, task),
            "file": _file_address(task) if request.user.has_perm(EXPORTS) else "",
        }
        return admin_page(request, "admin/articles/tasks/task.html", context)

    @method_decorator(require_POST)
    def act(self, request, pk):
        """Cancel the task, or try it again, as `act` says."""
        task = self._task_or_404(request, pk)
        if not self._may_act(request.user, task):
            raise PermissionDenied
        act = request.POST.get("act")
        if act not in ACTS:
            raise Http404(gettext("Unknown action."))
        if act == "retry" and not _may_retry(request.user, task):
            problem = gettext("Choose the articles again: what was to be done with them may no longer be right.")
            messages.warning(request, problem)
        elif problem := ACTS[act](task):
            messages.warning(request, problem)
        return HttpResponseRedirect(reverse("admin:articles_backgroundtask_change", args=[task.pk]))

    @method_decorator(require_safe)
    def file(self, request, pk):
        """The file that the task made."""
        task = self._task_or_404(request, pk)
        if not request.user.has_perm(EXPORTS):
            raise PermissionDenied
        if not _file_address(task):
            raise Http404(gettext("The file is kept for a day only. Prepare it again in the citation report."))
        name = f"citations-{timezone.localdate(task.ended_at):%Y-%m-%d}.csv"
        pieces = (gzip.decompress(data).decode() for data in _parts(task))
        return download(
            pieces, "text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
        )

    def _task_or_404(self, request, pk):
        if not self.has_view_permission(request):
            raise PermissionDenied
        return found_or_404(self.get_queryset(request).select_related("by"), pk, gettext("No such task."))

    def _may_act(self, user, task):
        return task.by_id == user.pk or user.has_perm(CHANGES_ALL)


def _may_retry(user, task):
    """A bulk action carries the name of whoever decided on it: only they repeat it, and not if somebody stopped it."""
    return task.kind != BackgroundTask.Kind.BULK or (task.by_id == user.pk and not task.is_cancelled)


def _cancel(task):
    return "" if tasks.cancel(task) else gettext("The task had ended already.")


def _retry(task):
    doing = tasks.retry(task)
    if doing is None:
        return gettext("The task isn’t one that failed or was cancelled.")
    return "" if doing == task else gettext("Another task that waits does the same.")


ACTS = {"cancel": _cancel, "retry": _retry}  # what each returns is what it couldn't do, in words


def subject_of(task):
    """What a task works with, if a command started it: the command, and paths or addresses."""
    given = [*task.arguments.get("paths", {}).values(), task.arguments.get("options", {}).get("source")]
    names = [name for value in given if value for name in (value if isinstance(value, list) else [value])]
    return " ".join([task.arguments.get("command", ""), *(name.partition("?")[0] for name in names)])


def task_name(task):
    """What a task is: a bulk action by what it does and to how many articles, any other by its kind and number."""
    action = BULK_ACTIONS.get(task.arguments.get("action")) if task.kind == BackgroundTask.Kind.BULK else None
    if action is None:
        return str(task)
    count = len(task.arguments["items"])
    articles = ngettext("%(number)s article", "%(number)s articles", count) % {"number": intcomma(count)}
    return gettext("%(action)s (%(articles)s)") % {"action": action.question, "articles": articles}


def progress_of(task):
    """How far a task is, in words; "" if it hasn't begun."""
    if not task.total:
        return intcomma(task.done) if task.done else ""
    return gettext("%(done)s of %(total)s") % {"done": intcomma(task.done), "total": intcomma(task.total)}


def outcome_of(task, *, with_error):
    """What came of a task, in words: its error, or its result; without its error only numbers."""
    if task.error and with_error:
        return task.error
    if task.is_open and task.is_cancelled:
        return gettext("It ends at its next step.")
    result = task.result
    if "checks" in result:
        words = gettext("Citations examined: %(citations)s. Checked: %(checks)s. Published pages updated: %(pages)s.")
        return words % {name: intcomma(number) for name, number in result.items()}
    if "citations" in result:
        number = result["citations"]
        return ngettext("%(number)s citation", "%(number)s citations", number) % {"number": intcomma(number)}
    # The first line of a bulk action is a summary; those of a command name its files.
    return result.get("lines", [""])[0] if with_error or task.kind == BackgroundTask.Kind.BULK else ""


def _file_address(task):
    """The address of the file that a task made, "" if there is none."""
    is_kept = task.state == State.DONE and TaskFilePart.objects.filter(task=task).exists()
    return reverse("admin:articles_backgroundtask_file", args=[task.pk]) if is_kept else ""


def _parts(task):
    """Yield the compressed parts, one in memory at a time."""
    for number in range(TaskFilePart.objects.filter(task=task).count()):
        yield bytes(TaskFilePart.objects.values_list("data", flat=True).get(task=task, number=number))
