"""Names of models, fields and controls are German in the German admin."""

from html.parser import HTMLParser
from pathlib import Path

import django
import polib
import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.utils import translation
from django.utils.functional import Promise

from tests.support.paths import PROJECT
from tests.support.scenarios.sites.full_site import admin_addresses, make_everything

HERE = PROJECT / "ketamine_site" / "locale"
DJANGO = Path(django.__file__).parent
NAMING = {"label", "th", "legend", "button", "summary", "option"}
OF_TEXTS = {"moment", "what is said"}  # headings of a table in an article of tests/support/scenarios/sites/full_site.py


class Labels(HTMLParser):
    """Collects the visible texts of elements that name something."""

    def __init__(self):
        super().__init__()
        self.found, self.open = [], []

    def handle_starttag(self, tag, attributes):
        if tag in NAMING:
            self.open.append((tag, []))

    def handle_data(self, data):
        if self.open:
            self.open[-1][1].append(data)

    def handle_endtag(self, tag):
        if self.open and self.open[-1][0] == tag:
            self.found.append(" ".join("".join(self.open.pop()[1]).split()))


def labels_of(page):
    parser = Labels()
    parser.feed(page)
    return {label.rstrip(":") for label in parser.found if any(sign.isalpha() for sign in label)}


def catalogue(files, *, of):
    return {getattr(entry, of).strip().rstrip(":").casefold() for file in files for entry in polib.pofile(str(file))}


@pytest.mark.parametrize("model", [model for model in admin.site._registry if model._meta.app_label == "articles"])
def test_names_of_models_and_fields_are_translatable(model, rf, admin_user):
    request = rf.get("/")
    request.user = admin_user
    options = admin.site._registry[model]
    shown = {*options.list_display, *options.readonly_fields, *(options.get_form(request).base_fields if options.has_add_permission(request) else ())}  # fmt: skip

    fields = {field.name: field.verbose_name for field in model._meta.fields if field.name in shown}

    names = {"verbose_name": model._meta.verbose_name, "verbose_name_plural": model._meta.verbose_name_plural, **fields}
    assert [name for name, label in names.items() if not isinstance(label, Promise)] == []


@pytest.mark.django_db
def test_every_name_in_the_german_admin_is_german(client, settings, german):
    with translation.override("en"):
        rows = make_everything()
        addresses = admin_addresses(rows)
    client.force_login(User.objects.get(username="root"))
    ours = [HERE / "de/LC_MESSAGES/django.po", HERE / "de/LC_MESSAGES/djangojs.po"]
    theirs = [*DJANGO.glob("**/locale/de/LC_MESSAGES/django.po")]

    seen = {}
    for name, address in addresses.items():
        for label in labels_of(client.get(address).content.decode()):
            seen.setdefault(label, name)

    known = catalogue([*ours, *theirs], of="msgstr") | OF_TEXTS
    english = catalogue(ours, of="msgid") - known
    assert [f"{label} ({name})" for label, name in seen.items() if label.casefold() in english] == []
