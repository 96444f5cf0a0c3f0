"""The address of an article’s editor, and a form as a browser sends it back."""

from django.urls import reverse

LIST = "/admin/articles/article/"


def change_url(article, revision=None):
    url = reverse("admin:articles_article_change", args=[article.pk])
    return f"{url}?revision={revision.pk}" if revision else url


def sent_back(response, **changes):
    """What a browser without scripts sends when a page's form is submitted with `changes`."""
    form = response.context["form"]
    data = {}
    for part in [form.text, *form.sources.forms, *form.sections.forms]:
        for field in part:
            if (value := field.value()) not in (None, False):
                data[field.html_name] = field.field.prepare_value(value)
    for formset in (form.sources, form.sections):
        data |= {field.html_name: field.value() for field in formset.management_form}
    return data | {name.replace("__", "-"): value for name, value in changes.items()}
