"""The forms for accounts, which refuse a name that could be mistaken for someone else's."""

from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.password_validation import get_default_password_validators, password_validators_help_text_html
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from articles import workflow


class _OwnName:
    """Refuses a username or full name that is, or was, another account's."""

    def clean(self):
        cleaned = super().clean()
        full_name = f"{cleaned.get('first_name', '')} {cleaned.get('last_name', '')}".strip()
        names = {"username": cleaned.get("username"), "first_name": full_name}
        for field, name in names.items():
            if field in self.changed_data or (field == "first_name" and "last_name" in self.changed_data):
                self._require_own(field, name)
        return cleaned

    def _require_own(self, field, name):
        if name and workflow.is_name_taken(name, self.instance):
            message = gettext("Someone else is recorded as “%(name)s”. Choose a name that nobody else has had.")
            self.add_error(field, ValidationError(message % {"name": name}))


class AccountForm(_OwnName, UserChangeForm):
    pass


class NewAccountForm(_OwnName, AdminUserCreationForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # A new account has no present password.
        rules = [
            rule for rule in get_default_password_validators() if not getattr(rule, "compares_with_present", False)
        ]
        self.fields["password1"].help_text = password_validators_help_text_html(rules)
