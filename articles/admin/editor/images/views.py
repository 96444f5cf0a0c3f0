"""The library of images: its list, uploads to it, and the page of one image."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from articles import workflow
from articles.admin.shared.base import GuardedForm
from articles.admin.shared.helpers import FilterForm, admin_page, found_or_404, json_or_redirect, status_of
from articles.importing import images
from articles.models import Upload
from articles.workflow.governance import uploads

from .queries import Image, found, image_at, images_of, state_of, uses_of

PER_PAGE, USES = 30, 50
editors = permission_required("articles.change_revision", raise_exception=True)


class LibraryForm(FilterForm):
    q = forms.CharField(label=gettext_lazy("Search images"), required=False, max_length=200)
    unused = forms.BooleanField(label=gettext_lazy("Unused only"), required=False)


class DescriptionForm(GuardedForm):
    class Meta:
        model = Upload
        fields = ("alt", "credit")
        widgets = {"alt": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "alt": gettext_lazy(
                "What the image shows, for readers who can’t see it; “decorative” if they miss nothing. Offered when "
                "the image is inserted."
            ),
            "credit": gettext_lazy(
                "Who made it and its licence, such as “Photo: Ines Alba, CC BY 4.0”. Written below the image when it is "
                "inserted; texts that show it already stay as they are."
            ),
        }


@require_safe
@editors
def library(request):
    """All images, the newest first."""
    filters = LibraryForm(request.GET)
    wanted = filters.wanted
    rows = found(wanted.get("q", ""), is_unused=wanted.get("unused", False))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": gettext("Images"),
        "filters": filters,
        "is_filtered": bool(wanted),
        "images": images_of(page, request.user),
        "page": page,
    }
    return admin_page(request, "admin/articles/editor/images/library.html", context)


@require_POST
@editors
def upload(request):
    """Store the posted image and open its page."""
    file = request.FILES.get("image")
    reason = gettext("No file received. Choose a JPEG, PNG, WebP or GIF image.")
    try:
        if file:
            url = images.Intake(request.user).store(file, file_name=file.name)
            return HttpResponseRedirect(reverse("admin:image", args=[image_at(url).pk]))
    except images.RefusedImage as refusal:
        reason = str(refusal)
    messages.error(request, gettext("Not uploaded: %(reason)s") % {"reason": reason})
    return HttpResponseRedirect(reverse("admin:images"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@editors
def image(request, pk):
    """One image with the texts that show it; POST saves its description and credit."""
    upload = found_or_404(Upload.objects.stored().select_related("by"), pk, gettext("No such image."))
    form, status = DescriptionForm(instance=upload), 200
    if request.method == "POST":
        form, status = DescriptionForm(request.POST, instance=upload), 400
        if form.is_valid():
            try:
                uploads.describe(upload, by=request.user, over=form.initial, **form.cleaned_data)
            except workflow.WorkflowError as refusal:
                form.add_error(None, str(refusal))
                status = status_of(refusal)
            else:
                if request.headers.get("Accept") != "application/json":
                    messages.success(request, gettext("Saved. Texts that show the image stay as they are."))
                return json_or_redirect(request, {"alt": upload.alt}, reverse("admin:image", args=[upload.pk]))
        upload.refresh_from_db()
    page = Paginator(uses_of(upload, request.user), USES).get_page(request.GET.get("page"))
    context = {
        "title": gettext("Image"),
        "image": Image(upload),
        "form": form,
        "uses": [(revision, state_of(revision)) for revision in page],
        "page": page,
    }
    return admin_page(request, "admin/articles/editor/images/image.html", context, status=status)
