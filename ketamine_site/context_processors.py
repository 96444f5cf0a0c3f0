"""What every template may know of the site."""

from django.conf import settings


def site(request):
    return {"site_name": settings.SITE_NAME}
