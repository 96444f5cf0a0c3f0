"""A browser without scripts for real servers: it keeps cookies, reads pages, and fills in and sends their forms."""

from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, build_opener

from lxml import html

SECONDS = 60


class Visitor:
    """Whatever isn't a success raises `urllib.error.HTTPError`. Servers on one host have the same cookies."""

    def __init__(self):
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def open(self, url, data=None):
        """Return the page at a URL, after redirects, as an element with `base_url`."""
        try:
            with self._opener.open(url, data and urlencode(data).encode(), timeout=SECONDS) as response:
                return html.document_fromstring(
                    response.read(), html.HTMLParser(encoding="utf-8"), base_url=response.url
                )
        except HTTPError as error:
            error.close()
            raise

    def send(self, page, form, **changes):
        """Send the form of a page that an XPath names, as it is but for `changes`, which include its button."""
        (form,) = page.xpath(form)
        fields = [(name, value) for name, value in _fields_of(form) if name not in changes]
        action = urljoin(page.base_url, form.get("action") or page.base_url)
        return self.open(action, [*fields, *changes.items()])

    def log_in(self, url, name, password):
        page = self.open(f"{url}/admin/login/")
        page = self.send(page, "//form[.//input[@name='password']]", username=name, password=password)
        assert not page.xpath("//input[@name='password']"), f"{name} can't log in"
        return self


def _fields_of(form):
    """Yield (name, value) of a form's controls but its buttons, also of those that are elsewhere on the page."""
    for control in form.getroottree().iter("input", "textarea", "select"):
        owner = control.get("form")
        is_ours = owner == form.get("id") if owner else form in control.iterancestors("form")
        if not is_ours or not control.name or control.get("disabled") is not None:
            continue
        if control.tag == "select":
            first = [] if control.multiple else control.xpath(".//option")[:1]
            for option in control.xpath(".//option[@selected]") or first:
                yield control.name, option.get("value", option.text)
        elif control.tag == "textarea":
            yield control.name, (control.text or "").removeprefix("\n")  # HTML ignores it after the tag
        elif control.type in ("checkbox", "radio"):
            if control.get("checked") is not None:
                yield control.name, control.get("value", "on")
        elif control.type not in ("submit", "button", "image", "file", "reset"):
            yield control.name, control.get("value", "")
