"""The topics of an article on its screens in the admin."""

from django import template

from articles.admin.articles.topic_forms import FilingForm

register = template.Library()


@register.simple_tag
def filing_form(article):
    """The form that files the article under topics, as it is filed now."""
    return FilingForm.of(article)


@register.simple_tag
def topics_of(article):
    """The topics of the article, in the order of their titles: one query."""
    return list(article.topics.all())
