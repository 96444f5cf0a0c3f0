"""Reading many rows one by one, in loops that write."""

import threading

import pytest
from django.db import connection

from articles.derived import bulk, republish_all
from articles.models import Article, Topic

MANY = bulk.BATCH + 20


def write_elsewhere(number):
    """Write with another connection, as another process does."""

    def write():
        Topic.objects.create(title=f"Topic {number}", slug=f"topic-{number}")
        connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    thread.join()


@pytest.mark.django_db(transaction=True)
def test_a_loop_writes_while_others_write():
    Topic.objects.bulk_create(Topic(title=f"Night {number}", slug=f"night-{number}") for number in range(MANY))
    seen = []

    for number, topic in enumerate(bulk.one_by_one(Topic.objects.filter(title__startswith="Night"))):
        seen.append(topic.pk)
        if number % 50 == 0:
            write_elsewhere(number)
        topic.title = f"{topic.title}, again"
        topic.save()

    assert seen == sorted(set(seen))
    assert len(seen) == Topic.objects.filter(title__endswith="again").count() == MANY


@pytest.mark.django_db(transaction=True)
def test_many_articles_are_republished_while_others_write(monkeypatch):
    Article.objects.bulk_create(Article(slug=f"night-{number}") for number in range(MANY))
    numbers = iter(range(MANY))

    def write_both(article, *, with_related):
        write_elsewhere(next(numbers))
        Article.objects.filter(pk=article.pk).update(slug=f"{article.slug}-again")

    monkeypatch.setattr("articles.derived.rebuilding.republishing.republish", write_both)

    assert republish_all(Article.objects.all()) == MANY
    assert Article.objects.filter(slug__endswith="-again").count() == MANY
