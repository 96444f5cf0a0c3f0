"""What an erasure leaves of tasks: no file, and nothing that quotes the erased text."""

import json

from django.utils.translation import gettext
from django_tasks_db.models import DBTaskResult

from articles.models import BackgroundTask, TaskFilePart
from articles.workflow.history.audit_log import TOMBSTONE

ERASED = {"erased": True}  # in place of arguments; the task is refused then


def forget(passages):
    """Delete all files, and remove what quotes the erased `passages`; a brief title is enough, in the name of a file, too."""
    forget_files()
    for pk, *texts in BackgroundTask.objects.values_list("pk", "error", "arguments", "result"):
        error, arguments, result = (
            passages.may_be_in(text if isinstance(text, str) else json.dumps(text, ensure_ascii=False))
            for text in texts
        )
        columns = {"error": TOMBSTONE} if error else {}
        columns |= {"arguments": ERASED} if arguments else {}
        columns |= {"result": {}} if result else {}
        if columns:
            BackgroundTask.objects.filter(pk=pk).update(**columns)
    DBTaskResult.objects.exclude(traceback="").update(traceback=TOMBSTONE)


def forget_files():
    """Delete the files of all tasks, which quote the whole site and can be made again.

    Exports that run end first, so that no file grows any more. Call it also after the commit of an erasure, because of
    exports that began during its transaction.
    """
    ended = {"is_cancelled": True, "error": gettext("A text was erased meanwhile. Try again.")}
    BackgroundTask.objects.running().filter(kind=BackgroundTask.Kind.EXPORT).update(**ended)
    TaskFilePart.objects.all().delete()
