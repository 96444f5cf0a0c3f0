"""An article's text, sources and sections as one form that holds a `Content`."""

from dataclasses import asdict, replace

from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext

from articles.core.language.newlines import normalise_newlines
from articles.core.parsing.numbers import whole_number
from articles.workflow.content import Content, SectionContent, SourceContent

from . import outline
from .fields import as_typed
from .sections import Card, SectionFormSet
from .sources import DEFAULT_KEY, SourceFormSet
from .text import TextForm

WANTED_MAX = 200
TEXT_FIELDS = ("title", "slug", "lead", "notice", "language", "edit_summary")  # with the same names in `Content`
SETTINGS = {"episode", "slug", "notice", "language"}  # fields that are about the article rather than in it


class ArticleForm:
    """Text, sources and sections as one form, built from submitted `data` or from the `content` of `revision`.

    Each request builds one of these; everything else reads it, and changes it only through `write`.
    """

    def __init__(self, data=None, *, article=None, content=None, revision=None, evidence_page=""):
        self.article = article
        self.written = {}  # by `write`
        self.data = QueryDict(mutable=True) if data is None else data.copy()
        if evidence_page:
            self.data["evidence_page"] = evidence_page
        if data is not None:
            data = self.data
            self.text = TextForm(data, article=article, saved_episode=self._saved_first)
            self.sources = SourceFormSet(data, prefix="sources", form_kwargs={"saved_episode": self._saved_further})
            outline_errors = outline.follow(data, "sections")
            self.sections = SectionFormSet(data, prefix="sections", outline_errors=outline_errors)
            self.sources.default_key = self.text["episode_key"].value() or DEFAULT_KEY
            return
        content = content or Content(title="", slug="")
        if revision is None or not revision.is_draft:
            content = replace(content, edit_summary="")  # that summary belongs to the other revision
        self.text = TextForm(initial=_initial(content, revision), article=article)
        if article is None:
            self.text.fields["title"].widget.attrs["autofocus"] = True
        self.sources = SourceFormSet(
            initial=[
                {"key": source.key, "episode": source.episode, "saved_key": source.key}
                for source in content.sources[1:]
            ],
            prefix="sources",
        )
        self.sections = SectionFormSet(
            initial=[
                asdict(section) | {"shown": outline.shown(order, section.level)}
                for order, section in enumerate(content.sections, start=1)
            ],
            prefix="sections",
        )
        self._loaded = content

    def is_valid(self):
        """Whether there are no errors at all; `can_be_saved` tells whether any prevents saving."""
        is_valid = all([self.text.is_valid(), self.sources.is_valid(), self.sections.is_valid()])
        has_first = "episode" in self.text.errors or self.text.cleaned_data["episode"]
        if not has_first and any(form["episode"].value() for form in self.sources.kept()):
            self.text.refuse_episode(gettext("Choose the first source too: timestamps without a key cite it."))
            is_valid = False
        if not self.text.cleaned_data["episode"]:
            for form in self.sources.kept():
                if form.cleaned_data.get("episode"):
                    form.refuse_episode(gettext("Not saved before the first source is."))
        return is_valid

    def can_be_saved(self):
        """Whether the form has no errors but those of `episode_errors`: such a source is saved as it was in the draft."""
        self.is_valid()
        others = [form.errors.keys() - {"episode"} for form in (self.text, *self.sources.kept())]
        return self.sections.is_valid() and not self.sources.non_form_errors() and not any(others)

    def episode_errors(self):
        """What is wrong with each episode that was typed: messages by the name of the field."""
        self.is_valid()
        return {
            form.add_prefix("episode"): " ".join(form.errors["episode"])
            for form in (self.text, *self.sources.kept())
            if "episode" in form.errors
        }

    def has_settings_errors(self):
        """Whether something is wrong with what is about the article rather than in it."""
        return not SETTINGS.isdisjoint(self.text.errors) or self.sources.total_error_count() > 0

    @property
    def loaded_from(self):
        """(primary key, version), as text, of the revision to save over or start from; empty strings without one.

        This is the revision that the form was loaded from or, after a conflict, the conflicting one.
        """
        if self.is_over:
            pk, _, version = self.data["_over"].partition(":")
            return pk, version
        return self.text["loaded_revision"].value() or "", self.text["loaded_version"].value() or ""

    @property
    def is_over(self):
        """Whether the user chose to overwrite a text that was saved in the meantime."""
        return bool(self.data.get("_over"))

    @property
    def wanted(self):
        """The digests of the sentences to find timestamps for."""
        return self.data.getlist("evidence_find")[:WANTED_MAX]

    @property
    def evidence_page(self):
        """The page of the evidence panel to open, from 1."""
        number = self.data.get("evidence_page", "")
        return int(number) if number.isdecimal() and len(number) < 8 else 1

    @property
    def threads(self):
        """Which comments to show: "open", "resolved" or "all"."""
        return self.data.get("evidence_threads", "")

    def keys(self, draft):
        """The keys that `draft`, just saved from this form, has for its sections and further sources, by form prefix."""
        prefixes = [card.form.prefix for card in self.cards if card.section is not None]
        keys = draft.section_set.order_by("position").values_list("key", flat=True)
        sections = {prefix: str(key) for prefix, key in zip(prefixes, keys, strict=True)}
        return sections | {form.prefix: source.key for form, source in self.sources_read() if form is not self.text}

    def continued(self, draft):
        """The same form, as typed, loaded from `draft`, which was just saved from it."""
        data = self.data.copy()
        data.pop("_over", None)
        now = {"slug": draft.slug, "loaded_revision": draft.pk, "loaded_version": draft.version, "loaded_as": "draft"}
        for prefix, key in self.keys(draft).items():
            now |= {f"{prefix}-{name}": key for name in ("key", "saved_key")}
        for name, value in now.items():
            data[name] = str(value)
        return ArticleForm(data, article=draft.article)

    def texts(self):
        """Return (name of the field, text) of the lead and of the headings and bodies of the sections that are kept."""
        forms = [card.form for card in self.cards if card.section is not None]
        fields = [("lead", self.text["lead"])]
        fields += [(form.add_prefix(name), form[name]) for form in forms for name in ("heading", "body")]
        return [(name, normalise_newlines(as_typed(field))) for name, field in fields]

    def write(self, name, text):
        """Put `text` into the field `name` of the title, the lead or a section, as if it had been submitted that way."""
        self.data[name] = self.written[name] = text
        for form in (self.text, *self.sections.forms):
            for field in ("title", "lead", "heading", "body"):
                if field in form.fields and form.add_prefix(field) == name:
                    form.cleaned_data[field] = text
        self.__dict__.pop("cards", None)

    def edited(self, texts):
        """The same form with these `texts` by the name of their field, which it checks as if they had been submitted."""
        data = self.data.copy()
        for name, text in texts.items():
            data[name] = text
        form = ArticleForm(data, article=self.article)
        form.written = dict(texts)
        return form

    def reasons(self):
        """All error messages of the form, without duplicates."""
        forms = [self.text, *self.sources.forms, *self.sections.forms]
        lists = [self.sources.non_form_errors(), *(errors for form in forms for errors in form.errors.values())]
        lists.append(self.sections.non_form_errors())
        return list(dict.fromkeys(reason for errors in lists for reason in errors))

    @cached_property
    def cards(self):
        """A `Card` for each section form, in page order."""
        if not self.sections.is_bound:
            # At the maximum number of sections there is no empty form at the end.
            sections = [*self._loaded.sections, *[None] * self.sections.extra][: len(self.sections.forms)]
            return [Card(form, section) for form, section in zip(self.sections.forms, sections, strict=True)]
        self.sections.is_valid()
        cards, keys = [], set()
        for form in self.sections.in_order():
            is_removed = self.sections.removes(form)
            section = None if is_removed or form.is_blank() else form.section()
            if section and section.key in keys:
                section = SectionContent(section.heading, section.body, section.level)
            if section and section.key:
                keys.add(section.key)
            cards.append(Card(form, section, is_removed))
        return cards

    def content(self):
        """The form's content, as far as it can be read; complete if the form is valid."""
        if not self.text.is_bound:
            return self._loaded
        self.is_valid()
        value = {name: self.text.cleaned_data.get(name, as_typed(self.text[name])) for name in TEXT_FIELDS}
        return Content(
            **value | {"lead": normalise_newlines(value["lead"])},
            sources=tuple(source for _, source in self.sources_read()),
            sections=tuple(card.section for card in self.cards if card.section is not None),
        )

    def sources_read(self):
        """Yield (form, `SourceContent`) of each source; none without the first: another would take its place."""
        if not (episode := self.text.cleaned_data.get("episode")):
            return
        yield self.text, SourceContent(episode, self.text.cleaned_data.get("episode_key") or DEFAULT_KEY)
        for form in self.sources.kept():
            if (episode := form.cleaned_data.get("episode")) and form.cleaned_data.get("key"):
                yield form, SourceContent(episode, form.cleaned_data["key"])

    @cached_property
    def _saved_sources(self):
        """The sources of the revision that the form was loaded from."""
        if self.article is None:
            return []
        revision = self.article.revision_set.filter(pk=whole_number(self.loaded_from[0])).first()
        return list(revision.source_set.select_related("episode__show")) if revision else []

    def _saved_first(self, _form):
        return self._saved_sources[0].episode if self._saved_sources else None

    def _saved_further(self, form):
        key = form["saved_key"].value() or form["key"].value()
        return next((source.episode for source in self._saved_sources[1:] if source.key == key), None)


def _initial(content, revision):
    first = content.sources[0] if content.sources else None
    return {name: getattr(content, name) for name in TEXT_FIELDS} | {
        "episode": first.episode if first else None,
        "episode_key": first.key if first else DEFAULT_KEY,
        "loaded_revision": revision.pk if revision is not None else None,
        "loaded_version": revision.version if revision is not None else None,
        "loaded_as": ("draft" if revision.is_draft else "base") if revision is not None else "",
    }
