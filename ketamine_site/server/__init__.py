"""The web server: `python -m ketamine_site.server --bind 127.0.0.1:8000`, with the scheduler beside it.

`master` starts and restarts the processes, `worker` is granian in one of them, `application` hands its requests to
Django, `bodies` reads what clients send, and `answers` prepares what they get. `limits` has every limit;
docs/server.md explains them.
"""
