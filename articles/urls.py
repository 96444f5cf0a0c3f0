"""The public addresses."""

from django.urls import path

from articles import public_history, views

urlpatterns = [
    path("", views.home, name="home"),
    path("articles/<str:slug>/", views.article, name="article"),
    path("articles/<str:slug>/history/", public_history.article_history, name="article_history"),
    path("articles/<str:slug>/revisions/<int:number>/", public_history.revision, name="public_revision"),
    path("shows/", views.shows, name="shows"),
    path("shows/<str:handle>/", views.show, name="show"),
    path("shows/<str:handle>/<str:slug>/", views.episode, name="episode"),
]
