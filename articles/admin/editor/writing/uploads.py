"""Receives what editors bring into a text: image uploads, stored images, and pasted text, which is
cleaned as an import is."""

from django.core.paginator import Paginator
from django.http import JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from articles.admin.editor.images.queries import Image, found, image_at
from articles.admin.editor.requests import editors_only, episodes_in
from articles.admin.editor.requests import refuse as refuse_as_text
from articles.admin.editor.requests import (
    refuse_as_json as refuse,  # markdownx parses every response to an upload as JSON
)
from articles.core.formats import clean_pasted
from articles.core.formats.reader import SIZE_LIMIT
from articles.core.language.newlines import normalise_newlines
from articles.importing import images

CHOICES = 12  # images on a page of the dialog


@editors_only(refuse)
@require_POST
def upload(request):
    """Store the image uploaded as `image`; answers with JSON whose `image_code` is the Markdown that markdownx inserts.

    `alt` and `credit` are what the library has, and `describe_url` is where to send others.
    """
    image = request.FILES.get("image")
    if image is None:
        return refuse(400, gettext("No file received. Choose a JPEG, PNG, WebP or GIF image."))
    try:
        url = images.Intake(request.user).store(image, file_name=image.name)
    except images.RefusedImage as refusal:
        return refuse(refusal.status, str(refusal))
    stored = image_at(url)
    known = {"alt": stored.alt, "credit": stored.credit, "describe_url": reverse("admin:image", args=[stored.pk])}
    return JsonResponse({"image_code": f"![]({url})", "image_path": url, **known})


@editors_only(refuse_as_text)
@require_safe
def choices(request):
    """The stored images that `q` finds, as a fragment of HTML for the editor's dialog."""
    page = Paginator(found(request.GET.get("q", "")), CHOICES).get_page(request.GET.get("page"))
    context = {"images": [Image(upload) for upload in page], "page": page}
    return render(request, "admin/articles/editor/images/includes/_choices.html", context)


@editors_only(refuse)
@require_POST
def clean(request):
    """Return the pasted `text` (a file) as the site reads it, and a sentence for each kind of change, as JSON.

    What was meant as a citation or heading becomes one, HTML becomes Markdown, and images that are written into the
    text or come from another site are stored as uploads. `refused` are the reasons why an image wasn't. `source` is as
    in a preview. `converted` says that the text was HTML: what is escaped in it, nobody escaped.
    """
    file = request.FILES.get("text")
    if file is None or file.size > SIZE_LIMIT:
        return refuse(413 if file else 400, gettext("This text is too long to be cleaned. Paste it in parts."))
    text = normalise_newlines(file.read().decode("utf-8", "replace"))
    episode = next(iter(episodes_in(request).values()), None)
    cleaned = clean_pasted(text, images.Intake(request.user), video_id=episode.youtube_id or "" if episode else "")
    said = {
        "escaped": gettext("Escaped citations or headings became real ones."),
        "linked": gettext("Linked timestamps became citations."),
        "characters": gettext("Invisible characters were removed."),
        "html": gettext("HTML became Markdown."),
        "image": gettext("Images were uploaded."),
    }
    codes = dict.fromkeys(problem.code for problem in cleaned.problems)
    unsaid = {"image-refused", "escaped"} if request.POST.get("converted") else {"image-refused"}
    changes = dict.fromkeys(
        said.get(code, gettext("Timestamps were corrected.")) for code in codes if code not in unsaid
    )
    refused = [problem.reason for problem in cleaned.problems if problem.code == "image-refused"]
    return JsonResponse({"text": cleaned.text, "changes": list(changes), "refused": refused})
