"""The root URLconf."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.decorators.cache import cache_control
from django.views.i18n import JavaScriptCatalog

from .media import upload

handler400 = "articles.views.errors.bad_request"
handler404 = "articles.views.errors.not_found"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("words.js", cache_control(public=True, max_age=3600)(JavaScriptCatalog.as_view()), name="javascript-catalog"),
    path("", include("articles.urls")),
]
if settings.SERVE_MEDIA:  # safe, because the site re-encodes every image it stores
    media = f"{settings.MEDIA_URL.lstrip('/')}<path:path>"
    urlpatterns.append(path(media, upload))
