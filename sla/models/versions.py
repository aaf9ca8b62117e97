"""What calendars and policies have alike: a name, and versions that are published."""

from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import one_line
from sla.querysets import NamedQuerySet


class Named(models.Model):
    """It is deactivated, not deleted."""

    name = models.CharField(_("name"), max_length=100, validators=[one_line])
    is_active = models.BooleanField(_("active"), default=True)

    objects = NamedQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Version(models.Model):
    """A draft until it is published; from then on it never changes.

    It is in force from ``effective_from`` until the next published version is.
    """

    number = models.PositiveIntegerField(
        _("version"), validators=[MinValueValidator(1)], editable=False
    )
    effective_from = models.DateTimeField(
        _("in force from"),
        help_text=_(
            "Not before it is published: what was promised stays promised. Only a"
            " first version may reach back."
        ),
    )
    note = models.TextField(
        _("note"),
        blank=True,
        help_text=_("Why there is this version, for whoever asks."),
    )
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("published by"),
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return _now("%(name)s, version %(number)d") % {
            "name": self.named,
            "number": self.number,
        }

    @property
    def named(self) -> Any:
        """The calendar or the policy of which this is a version."""
        raise NotImplementedError

    @property
    def is_published(self) -> bool:
        return self.published_at is not None


def name_once(kind: str, sentence: Any) -> models.UniqueConstraint:
    return models.UniqueConstraint(
        Lower("name"), name=f"{kind}_name_once", violation_error_message=sentence
    )


def version_rules(kind: str) -> list[models.BaseConstraint]:
    """What holds for versions of calendars (``kind``) as for those of policies."""
    return [
        models.UniqueConstraint(
            fields=[kind, "number"],
            name=f"{kind}_version_number_once",
            violation_error_message=_("This version exists already."),
        ),
        models.UniqueConstraint(
            fields=[kind],
            condition=Q(published_at=None),
            name=f"{kind}_version_one_draft",
            violation_error_message=_("There is a draft already: go on with that."),
        ),
        models.CheckConstraint(
            condition=Q(number__gte=1),
            name=f"{kind}_version_number_from_one",
            violation_error_message=_("Versions are numbered from 1."),
        ),
        models.CheckConstraint(
            condition=Q(published_at=None, published_by=None)
            | Q(published_at__isnull=False, published_by__isnull=False),
            name=f"{kind}_version_has_publisher",
            violation_error_message=_("What is published was published by somebody."),
        ),
    ]
