"""Form fields of public pages."""

from django import forms
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy


class _Limited:
    """A text with a `max_length`, whose message writes numbers as the page around it does."""

    default_error_messages = {
        "max_length": gettext_lazy("Use at most %(limit_value)s characters (currently %(show_value)s).")
    }

    def run_validators(self, value):
        try:
            super().run_validators(value)
        except ValidationError as error:
            for one in error.error_list:
                if one.code == "max_length":
                    one.params = {name: intcomma(one.params[name]) for name in ("limit_value", "show_value")}
            raise


class LimitedTextField(_Limited, forms.CharField):
    pass


class LimitedEmailField(_Limited, forms.EmailField):
    pass
