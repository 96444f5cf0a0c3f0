"""Which function does the work of each kind, in whichever layer it belongs to; it is imported when it runs.

It gets a `Progress` and the task's arguments, and returns the result as {name: number}. It may be called again after it
was interrupted anywhere, so what it has done already it must recognise and leave alone.
"""

from articles.models import BackgroundTask

Kind = BackgroundTask.Kind

FUNCTIONS = {
    Kind.BULK: "articles.admin.articles.bulk.run.run",
    Kind.CHECKS: "articles.workflow.recordings.rechecking.check_again",
    Kind.EXPORT: "articles.admin.report.export.write",
    Kind.IMPORT: "articles.management.background.run",
    Kind.SITE: "articles.management.background.run",
}
