"""What a new password mustn't be, beyond Django's own rules."""

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext


class AnotherPassword:
    """Refuses the password that the account has: whoever set that for somebody else would still know it."""

    compares_with_present = True  # so it says nothing about a new account

    def validate(self, password, user=None):
        if user is not None and check_password(password, user.password):
            raise ValidationError(gettext("This is the account’s present password."), code="password_unchanged")

    def get_help_text(self):
        return gettext("The password can’t be the account’s present one.")
