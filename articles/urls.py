"""The public addresses."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from articles import challenging, public_history, views


class NameConverter(StringConverter):
    """A slug or a handle, in any script. PostgreSQL takes no text with a NUL in it: that is an address of nothing."""

    regex = r"[^/\0]+"


register_converter(NameConverter, "name")

urlpatterns = [
    path("", views.home, name="home"),
    path("articles/<name:slug>/", views.article, name="article"),
    path("articles/<name:slug>/history/", public_history.article_history, name="article_history"),
    path("articles/<name:slug>/revisions/<int:number>/", public_history.revision, name="public_revision"),
    path("articles/<name:slug>/challenge/", challenging.challenge, name="challenge"),
    path("articles/<name:slug>/challenge/thanks/", challenging.thanks, name="challenge_thanks"),
    path("how-we-check/", views.how_we_check, name="how_we_check"),
    path("shows/", views.shows, name="shows"),
    path("shows/<name:handle>/", views.show, name="show"),
    path("shows/<name:handle>/<name:slug>/", views.episode, name="episode"),
]
