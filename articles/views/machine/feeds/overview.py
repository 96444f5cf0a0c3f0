"""The page that lists the feeds."""

from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.models import Show, Topic
from articles.views.http import public_page, public_view

from .formats import FORMS


@public_view
def index(request):
    shows = Show.objects.cited().order_by(Lower("title"), "pk")
    topics = Topic.objects.public().order_by(Lower("title"), "pk")
    feeds = [_row(_("Articles"), "feed_articles"), _row(_("Corrections"), "feed_corrections")]
    feeds += [_row(_("Articles on %(topic)s") % {"topic": topic.title}, "feed_topic", topic.slug) for topic in topics]
    feeds += [_row(_("Articles based on %(show)s") % {"show": show.title}, "feed_show", show.handle) for show in shows]
    return public_page("articles/pages/feeds.html", feeds=feeds)


def _row(title, name, *names):
    addresses = [
        (form.label, form.content_type.split(";")[0], reverse(name, args=[*names, ending]))
        for ending, form in FORMS.items()
    ]
    return {"title": title, "addresses": addresses}
