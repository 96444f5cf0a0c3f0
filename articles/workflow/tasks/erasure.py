"""What erasing a text, or withholding a name, leaves of tasks: no file, and nothing that quotes it."""

import json

from django.utils.translation import gettext
from django_tasks_db.models import DBTaskResult

from articles.models import BackgroundTask, TaskFilePart
from articles.workflow.history.audit_log import TOMBSTONE

ERASED = {"erased": True}  # in place of arguments; the task is refused then


def forget(is_in):
    """Delete all files, and remove what has something erased, also in the name of a file; return how many tasks had.

    `is_in` says of a text whether it is in there.
    """
    forget_files()
    count = 0
    for pk, *texts in BackgroundTask.objects.values_list("pk", "error", "arguments", "result"):
        error, arguments, result = (
            is_in(text if isinstance(text, str) else json.dumps(text, ensure_ascii=False)) for text in texts
        )
        columns = {"error": TOMBSTONE} if error else {}
        columns |= {"arguments": ERASED} if arguments else {}
        columns |= {"result": {}} if result else {}
        if columns:
            count += BackgroundTask.objects.filter(pk=pk).update(**columns)
    DBTaskResult.objects.exclude(traceback="").update(traceback=TOMBSTONE)
    return count


def forget_files():
    """Delete the files of all tasks, which quote the whole site and can be made again.

    Exports that run end first, so that no file grows any more. Call it also after the commit of an erasure, because of
    exports that began during its transaction.
    """
    ended = {"is_cancelled": True, "error": gettext("A text was erased meanwhile. Try again.")}
    BackgroundTask.objects.running().filter(kind=BackgroundTask.Kind.EXPORT).update(**ended)
    TaskFilePart.objects.all().delete()
