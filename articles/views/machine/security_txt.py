"""security.txt (RFC 9116): where to report a vulnerability of this site."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from articles.views.http import origin, public_view, respond

VALID_DAYS = 90


@public_view(kept_in=None)
def security_txt(request):
    """Contacts, expiry, the file's own address, languages and policy; 404 if `SECURITY_CONTACT` isn't set.

    The site answers with what is configured now, so the date only says how long a copy may be kept. It is midnight UTC,
    so that the file stays the same for a day.
    """
    if not settings.SECURITY_CONTACT:
        raise Http404
    today = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [f"Contact: {contact}" for contact in settings.SECURITY_CONTACT]
    lines.append(f"Expires: {today + timedelta(days=VALID_DAYS):%Y-%m-%dT%H:%M:%SZ}")
    address = f"{origin(request)}{reverse('security_txt')}"
    if address.startswith("https:"):  # the standard allows no other scheme
        lines.append(f"Canonical: {address}")
    lines.append(f"Preferred-Languages: {', '.join(dict.fromkeys((settings.LANGUAGE_CODE, 'en')))}")
    if settings.SECURITY_POLICY:
        lines.append(f"Policy: {settings.SECURITY_POLICY}")
    return respond("\n".join(lines) + "\n", "text/plain; charset=utf-8")
