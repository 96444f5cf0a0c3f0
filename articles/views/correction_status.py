"""The page on which a reader sees what came of their correction request. Only who has its address finds it."""

from django.http import Http404, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from articles.models import FollowUp
from articles.workflow.collaboration import follow_ups
from articles.workflow.notifications import outcome_words

from .base import public_page
from .http import origin


# As with the form, there is no cookie: whoever knows the address may delete the mail address given with the request.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correction_status(request, token):
    related = "correction_request__article__published_revision", "correction_request__corrected_in"
    follow_up = FollowUp.objects.select_related(*related).with_token(token)
    if follow_up is None:
        raise Http404("No such page of a suggestion.")
    response = _forget(follow_up) if request.method == "POST" else _page(request, follow_up)
    # The address is the key to the page, so it is told to nobody: neither to search engines nor by links.
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _forget(follow_up):
    follow_ups.forget_address(follow_up)
    response = HttpResponseRedirect(follow_up.get_absolute_url())
    response.status_code = 303
    return response


def _page(request, follow_up):
    correction_request = follow_up.correction_request
    article = correction_request.article
    is_open = correction_request.outcome == correction_request.Outcome.OPEN
    return public_page(
        "articles/pages/article/correction_status.html",
        article=article,
        published=article.published_revision,
        correction_request=correction_request,
        follow_up=follow_up,
        is_open=is_open,
        outcome="" if is_open else outcome_words(correction_request),
        answer=correction_request.answer if follow_up.audience != follow_up.Audience.TEAM else "",
        address=f"{origin(request)}{follow_up.get_absolute_url()}",
    )
