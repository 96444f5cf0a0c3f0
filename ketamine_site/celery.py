"""Tasks on Celery, for those who run a broker: `celery -A ketamine_site worker` does what `run_worker` does otherwise.

Celery only carries messages, at least once; the rows of the tasks decide who does the work, and what is done again.
"""

import os

from celery import Celery
from django.conf import settings
from django.utils.module_loading import import_string
from django_tasks import DEFAULT_TASK_QUEUE_NAME, TaskResult, TaskResultStatus
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task
from django_tasks.signals import task_enqueued

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ketamine_site.settings")

app = Celery("ketamine_site", broker=settings.CELERY_BROKER_URL or None)
app.conf.update(
    task_default_queue=DEFAULT_TASK_QUEUE_NAME,
    accept_content=["json"],
    task_serializer="json",
    task_ignore_result=True,
    # A message is acknowledged after the work, so that one whose worker was killed comes again.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    # Whoever sends a message waits in a request; if the broker is down, the scheduler sends it again.
    task_publish_retry=False,
    broker_connection_timeout=2,
    broker_transport_options=settings.CELERY_TRANSPORT_OPTIONS | {"max_retries": 0},
)


@app.task(name="ketamine_site.execute")
def execute(path, args, kwargs):
    """Call the task of Django's interface that `path` names."""
    task = import_string(path)
    if not isinstance(task, Task):
        raise TypeError(f"{path} isn't a task.")
    task.call(*args, **kwargs)


class CeleryBackend(BaseTaskBackend):
    """Django's task interface over `execute`; `get_result` isn't supported, since the tasks' rows say how they end."""

    def enqueue(self, task, args, kwargs):
        self.validate_task(task)
        sent = execute.apply_async([task.module_path, args, kwargs], queue=task.queue_name)
        result = TaskResult(
            task=task,
            id=sent.id,
            status=TaskResultStatus.READY,
            enqueued_at=None,
            started_at=None,
            finished_at=None,
            last_attempted_at=None,
            args=list(args),
            kwargs=kwargs,
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )
        task_enqueued.send(type(self), task_result=result)
        return result
