"""What the editor and the moves of an article ask."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalogue.models import Category, Service
from knowledgebase.codes import (
    LONGEST_ALT,
    LONGEST_SLUG,
    LONGEST_TEXT,
    LONGEST_TITLE,
    REVIEW_EVERY_DAYS,
    Audience,
    FixStatus,
    Kind,
    Unhelpful,
)
from knowledgebase.images import ACCEPT
from knowledgebase.models import Article, ArticleImage
from knowledgebase.querysets import people_who_write
from knowledgebase.services.content import OF_KNOWN_ERRORS, WORDS, Content
from knowledgebase.services.illustrating import keep_image, require_images
from knowledgebase.services.keeping import require_day, require_free
from knowledgebase.services.listening import require_patience
from knowledgebase.services.texts import LONGEST_REASON

MARKDOWN_HINT = _(
    "You can use Markdown: **bold**, lists, tables, [links](https://…), and images,"
    " pasted or dropped into any text."
)


class Text(forms.CharField):
    """A long text in Markdown."""

    def __init__(self, rows: int = 6, **given: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows, "data-takes-images": ""})
        given.setdefault("required", False)
        super().__init__(max_length=LONGEST_TEXT, widget=widget, **given)


class KindForm(forms.Form):
    """What a new article will be."""

    kind = forms.ChoiceField(
        label=_("What do you want to write down?"),
        choices=[
            (Kind.KNOWN_ERROR, _("A known error: something fails, and this helps")),
            (Kind.HOW_TO, _("A how-to: steps that lead to something")),
            (Kind.FAQ, _("FAQ: a question and its answer")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it is.")},
    )


class EditForm(forms.Form):
    """All that a version says. ``content`` is what the service wants."""

    use_required_attribute = False

    title = forms.CharField(
        label=_("Title"),
        max_length=LONGEST_TITLE,
        help_text=_("As people would ask for it."),
        error_messages={"required": _("Give it a title.")},
    )
    symptom = Text(
        label=_("Symptom"),
        rows=4,
        help_text=_("What people notice, in their words. Every reader sees it."),
    )
    workaround_agents = Text(
        label=_("Workaround for agents"),
        help_text=_("For colleagues who work on tickets. No other reader sees it."),
    )
    workaround_reporters = Text(
        label=_("Workaround for reporters"),
        help_text=_("What people can do themselves. Every reader sees it."),
    )
    cause = Text(
        label=_("Cause"),
        rows=4,
        help_text=_("For colleagues who work on tickets. No other reader sees it."),
    )
    body = Text(label=_("Text"), rows=12)
    audience = forms.ChoiceField(
        label=_("Who may read it"),
        choices=Audience.choices,
        widget=forms.RadioSelect,
        initial=Audience.AGENTS,
        help_text=_("It counts from the moment somebody else publishes this version."),
        error_messages={"required": _("Choose who may read it.")},
    )
    fix_status = forms.ChoiceField(
        label=_("What becomes of the cause"),
        choices=FixStatus.choices,
        initial=FixStatus.UNKNOWN,
        required=False,
    )
    signatures = forms.CharField(
        label=_("Error codes and patterns"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "One per line, such as E102. A * stands for any words:"
            " connection to * timed out."
        ),
    )
    applicability = forms.CharField(
        label=_("Where it applies"),
        required=False,
        max_length=300,
        help_text=_(
            "Versions, places, devices: Windows 11, wards with label printers."
        ),
    )
    services = forms.ModelMultipleChoiceField(
        label=_("Services"),
        queryset=Service.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    categories = forms.ModelMultipleChoiceField(
        label=_("Categories"),
        queryset=Category.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        kind: str,
        article: Article | None = None,
        by: User | None = None,
        **given: Any,
    ) -> None:
        """``by`` is needed to save what was typed, not to show it."""
        self.kind, self.article, self.by = kind, article, by
        said = article.open if article is not None else None
        initial = {} if said is None else typed_in(Content.of(said))
        if article is not None:
            initial["version"] = article.version
        given["initial"] = {**initial, **given.get("initial", {})}
        super().__init__(*args, **given)
        self._fill_choices()
        if kind != Kind.KNOWN_ERROR:
            for name in (*OF_KNOWN_ERRORS, "signatures"):
                del self.fields[name]
        self.fields["body"].help_text = MARKDOWN_HINT

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.article is not None and not cleaned.get("version"):
            raise ValidationError(
                _("Open the article again: a part of the page is lost.")
            )
        if not self.errors:
            self.content.check(self.kind)
            if self.by is not None:
                require_images(self.content, article=self.article, by=self.by)
        return cleaned

    @property
    def content(self) -> Content:
        given = {name: self.cleaned_data.get(name) or "" for name in WORDS}
        given["fix_status"] = given["fix_status"] or FixStatus.UNKNOWN
        return Content(
            **given,
            services=list(self.cleaned_data.get("services") or ()),
            categories=list(self.cleaned_data.get("categories") or ()),
            signatures=lines(self.cleaned_data.get("signatures") or ""),
        )

    @property
    def expected_version(self) -> int:
        return int(self.cleaned_data["version"])

    def typed(self) -> dict[str, Any]:
        """What was sent, as it was typed, to fill the form again."""
        return {
            name: field.widget.value_from_datadict(self.data, self.files, name)
            for name, field in self.fields.items()
            if name != "version"
        }

    def _fill_choices(self) -> None:
        services: Any = self.fields["services"]
        categories: Any = self.fields["categories"]
        services.queryset = Service.objects.active().order_by("name")
        categories.queryset = (
            Category.objects.active()
            .select_related("parent")
            .order_by(
                Coalesce("parent__name", "name"),
                F("parent").asc(nulls_first=True),
                "name",
            )
        )
        categories.label_from_instance = full_name


class ImageForm(forms.Form):
    """An image for a text that is being written, and what it shows."""

    use_required_attribute = False

    image = forms.FileField(
        label=_("Image"),
        help_text=_("PNG, JPEG, WebP or GIF, up to 8 MB. Or paste it into a text."),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        error_messages={
            "required": _("Choose an image."),
            "empty": _("The file is empty. Choose an image."),
        },
    )
    alt = forms.CharField(
        label=_("What does it show?"),
        max_length=LONGEST_ALT,
        # Enter makes a line here and does not send the whole draft.
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "For people who cannot see it: the dialog “Printers”, its button “Reset”."
        ),
        error_messages={
            "required": _("Say what the image shows, for people who cannot see it.")
        },
    )

    def keep(self, by: User) -> ArticleImage | None:
        """The image as it is kept, or ``None``: then the form says why."""
        if not self.is_valid():
            return None
        try:
            return keep_image(
                self.cleaned_data["image"], by=by, alt=self.cleaned_data["alt"]
            )
        except ValidationError as error:
            self.add_error(None, error)
            return None


class Typed:
    """Texts that are being typed, to be previewed: never longer than a text may be."""

    def __init__(self, form: EditForm) -> None:
        for name in WORDS:
            found = form.typed().get(name) or ""
            setattr(self, name, str(found)[:LONGEST_TEXT])


def full_name(category: Category) -> str:
    if category.parent is None:
        return category.name
    return f"{category.parent.name} / {category.name}"


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def typed_in(content: Content) -> dict[str, Any]:
    """What a form shows of it."""
    return {
        **{name: getattr(content, name) for name in WORDS},
        "services": [service.pk for service in content.services],
        "categories": [category.pk for category in content.categories],
        "signatures": "\n".join(content.signatures),
    }


class VersionForm(forms.Form):
    """A move without words: only which version of the page it stood on."""

    use_required_attribute = False
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, article: Article, by: Any, **given: Any) -> None:
        self.article, self.by = article, by
        given["initial"] = {"version": article.version}
        super().__init__(*args, **given)
        self.prepare()

    def prepare(self) -> None:
        """Fill in what can be chosen just now."""

    def given(self) -> dict[str, Any]:
        own = {
            name: self.cleaned_data[name] for name in self.fields if name != "version"
        }
        return {"expected_version": self.cleaned_data["version"], **own}


class RestoreForm(VersionForm):
    number = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class ReasonForm(VersionForm):
    reason = forms.CharField(
        label=_("Why"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Say why.")},
    )


class RenameForm(VersionForm):
    slug = forms.CharField(
        label=_("Address"),
        max_length=LONGEST_SLUG,
        help_text=_("Small letters, digits and hyphens. The old address leads here."),
        error_messages={"required": _("Enter an address.")},
    )

    def prepare(self) -> None:
        title = slugify(self.article.title)[:LONGEST_SLUG]
        self.initial["slug"] = title or self.article.slug

    def clean_slug(self) -> str:
        try:
            return require_free(self.article, self.cleaned_data["slug"])
        except ValidationError as error:
            raise ValidationError(error.messages) from error


class HandOverForm(VersionForm):
    to = forms.ModelChoiceField(
        label=_("New owner"),
        queryset=User.objects.none(),
        empty_label=_("Choose a person"),
        error_messages={"required": _("Choose who answers for it.")},
    )

    def prepare(self) -> None:
        field: Any = self.fields["to"]
        field.queryset = people_who_write()


class ConfirmReviewForm(VersionForm):
    review_by = forms.DateField(
        label=_("Look at it again by"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Choose a day."),
            "invalid": _("Enter a day such as 21/11/2026."),
        },
    )

    def prepare(self) -> None:
        later = timezone.localdate() + timedelta(days=REVIEW_EVERY_DAYS)
        self.initial["review_by"] = later

    def clean_review_by(self) -> Any:
        day = self.cleaned_data["review_by"]
        try:
            require_day(day)
        except ValidationError as error:
            raise ValidationError(error.messages) from error
        return day


class NumberForm(forms.Form):
    """Which version of an article somebody read."""

    number = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class UnhelpfulForm(NumberForm):
    """Why it did not help."""

    use_required_attribute = False

    reason = forms.ChoiceField(
        label=_("Why did it not help?"),
        choices=Unhelpful.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why it did not help.")},
    )
    words = forms.CharField(
        label=_("What should be different?"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("If you like. Its owner and knowledge editors read it."),
    )

    def __init__(self, *args: Any, by: Any, **given: Any) -> None:
        self.by = by
        super().__init__(*args, **given)

    def clean(self) -> dict[str, Any]:
        require_patience(self.by)
        return super().clean() or {}


class AnswerForm(forms.Form):
    """What became of what a reader said."""

    use_required_attribute = False

    answer = forms.CharField(
        label=_("What became of it"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("It is sent to who said it."),
        error_messages={"required": _("Say what became of it.")},
    )
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
