"""Previews of a section as readers will see it, and episode suggestions, for the editor's screen."""

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from articles.admin.editor.forms import episode_label
from articles.admin.editor.requests import editors_only, episodes_in, matching_episodes, refuse, refuse_as_json
from articles.core import markdown
from articles.core.language.newlines import normalise_newlines
from articles.derived.texts import derivation
from articles.derived.texts.rendering import heading_base
from articles.models.revisions.sections import LEVELS

EPISODES_SHOWN = 30


@editors_only(refuse)
@require_POST
def preview(request):
    """Render one text as the public page does.

    POST `content` and the episodes that it cites (`source=<key>:<show>/<episode>`, the first is the default): there can
    be more of them than fit into a URL. The query string holds the section's `level` (0 for the lead) and the `prefix`
    for its ids.
    """
    content = request.POST.get("content")
    if content is None:
        return refuse(400, gettext("The text is missing. Send it as “content”."))
    content = normalise_newlines(content)
    if len(content) > settings.PREVIEW_MAX_CHARACTERS:
        return refuse(
            413,
            gettext("This text is too long for a preview: the limit is %(preview_max_characters)s characters.")
            % {"preview_max_characters": f"{settings.PREVIEW_MAX_CHARACTERS:,}"},
        )
    level = request.GET.get("level", "")
    options = {"id_prefix": f"{markdown.wiki_slug(request.GET.get('prefix', ''))[:40] or 'p'}-"}
    if level.isdecimal() and int(level) in {0, *LEVELS}:
        options["heading_base"] = heading_base(int(level))
    context = derivation.context(episodes_in(request), derivation.slugs_in([content]), **options)
    return HttpResponse(markdown.render(content, context).html)


@editors_only(refuse_as_json)
@require_safe
def episodes(request):
    """Suggest the `matching_episodes` of `q`, labelled as in the form."""
    matches = matching_episodes(request.GET.get("q", ""))
    return JsonResponse({"episodes": [episode_label(episode) for episode in matches[:EPISODES_SHOWN]]})
