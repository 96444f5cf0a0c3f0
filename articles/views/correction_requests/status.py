"""The page on which a reader sees what came of their correction request. Only people with its address find it.

It shows what they wrote at the address that they were sent to, until some time after the outcome, but not at the one in
the mail.
"""

from datetime import timedelta

from django.http import Http404, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from articles.models import FollowUp
from articles.views.http import origin, public_page
from articles.workflow.collaboration import follow_ups
from articles.workflow.notifications import outcome_words

TEXT_DAYS = 90  # after the outcome, on which what the reader wrote is still shown


# As with the form, there is no cookie: whoever knows the address may delete the mail address given with the request.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correction_status(request, token):
    related = "correction_request__article__published_revision", "correction_request__corrected_in"
    follow_up = FollowUp.objects.select_related(*related).with_token(token)
    if follow_up is None:
        raise Http404("No such page of a suggestion.")
    response = _forget(request, follow_up) if request.method == "POST" else _page(request, follow_up)
    # The address is the key to the page, so it is told to nobody: neither to search engines nor by links.
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _forget(request, follow_up):
    follow_ups.forget_address(follow_up)
    response = HttpResponseRedirect(request.path)
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
        shows_text=not follow_up.is_mailed and (is_open or _is_recent(correction_request)),
        days=TEXT_DAYS,
        path=request.path,
        address=f"{origin(request)}{request.path}",
    )


def _is_recent(correction_request):
    answered_at = correction_request.answered_at
    return answered_at is not None and timezone.now() < answered_at + timedelta(days=TEXT_DAYS)
