"""Clients of logged-in users, and the messages that pages show them."""

from django.contrib.messages import get_messages
from django.test import Client


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


def messages_of(response):
    return [str(message) for message in get_messages(response.wsgi_request)]
