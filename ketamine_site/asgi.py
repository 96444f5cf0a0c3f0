"""The ASGI application, for servers that need one; no view is asynchronous."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ketamine_site.settings")

application = get_asgi_application()
