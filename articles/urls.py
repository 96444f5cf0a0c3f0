"""The public addresses."""

from django.urls import path

from articles import views

urlpatterns = [
    path("", views.home, name="home"),
    path("articles/<str:slug>/", views.article, name="article"),
    path("shows/", views.shows, name="shows"),
    path("shows/<str:handle>/", views.show, name="show"),
    path("shows/<str:handle>/<str:slug>/", views.episode, name="episode"),
]
