"""What erasing a text, or withholding a name, leaves of tasks: no file, and nothing that quotes it."""

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
    for pk, *values in BackgroundTask.objects.values_list("pk", "error", "arguments", "result"):
        error, arguments, result = (any(map(is_in, _said(value))) for value in values)
        columns = {"error": TOMBSTONE} if error else {}
        columns |= {"arguments": ERASED} if arguments else {}
        columns |= {"result": {}} if result else {}
        if columns:
            count += BackgroundTask.objects.filter(pk=pk).update(**columns)
    DBTaskResult.objects.exclude(traceback="").update(traceback=TOMBSTONE)
    return count


def _said(value):
    """Yield the texts in a JSON value. Its keys, and the name of a command, are the site's own words."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _said(inner) if key != "command" else ()
    elif isinstance(value, list):
        for inner in value:
            yield from _said(inner)
    elif isinstance(value, str):
        yield value


def forget_files():
    """Delete the files of all tasks, which quote the whole site and can be made again.

    Exports that run end first, so that their files stop growing. Call it also after the commit of an erasure, because of
    exports that began during its transaction.
    """
    ended = {"is_cancelled": True, "error": gettext("A text was erased meanwhile. Try again.")}
    BackgroundTask.objects.running().filter(kind=BackgroundTask.Kind.EXPORT).update(**ended)
    TaskFilePart.objects.all().delete()
