"""Clients of logged-in users, the messages that pages show them, and quicker pages for tests that request thousands."""

from contextlib import contextmanager
from unittest import mock

from django.contrib.messages import get_messages
from django.template.base import Template
from django.test import Client


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


def messages_of(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


@contextmanager
def no_contexts():
    """Render templates as in production: without a copy of each one's context, widgets included, for the test client.

    Responses then have no `context`.
    """
    with mock.patch.object(Template, "_render", lambda template, context: template.nodelist.render(context)):
        yield
