"""What we run: services, categories and locations, with their default teams.

And where each person works: the desk of that location receives what they report.
"""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.models import (
    Team,
    default_time_zone,
    one_line,
    validate_time_zone,
)
from catalogue.querysets import CatalogueQuerySet


class Entry(models.Model):
    """What every entry of the catalogue has. It is deactivated, not deleted."""

    name = models.CharField(_("name"), max_length=100, validators=[one_line])
    is_active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_(
            "Take the tick away to keep it for old tickets and hide it for new ones."
        ),
    )

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class TreeEntry(Entry):
    """An entry that may stand below another of its kind."""

    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("below"),
    )

    class Meta(Entry.Meta):
        abstract = True

    def clean(self) -> None:
        """Also kept by the trigger ``parent_no_circle``."""
        super().clean()
        above: Any = self.parent
        while above is not None:
            if self.pk is not None and above.pk == self.pk:
                raise ValidationError({"parent": _("An entry cannot be below itself.")})
            above = above.parent


class Service(TreeEntry):
    """Something people use and notice when it is gone."""

    class Criticality(models.IntegerChoices):
        VITAL = 1, _("1 – vital: lives, law or the whole business depend on it")
        HIGH = 2, _("2 – high: many cannot work without it")
        NORMAL = 3, _("3 – normal")
        LOW = 4, _("4 – low")

    description = models.TextField(
        _("description"),
        blank=True,
        help_text=_("In the words of the people who use it."),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="owned_services",
        verbose_name=_("owner"),
        help_text=_("Confirms the resolution of incidents that monitoring opened."),
    )
    team = models.ForeignKey(
        Team,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="services",
        verbose_name=_("team"),
        help_text=_("Suggested when work on this service is escalated."),
    )
    criticality = models.PositiveSmallIntegerField(
        _("criticality"), choices=Criticality.choices, default=Criticality.NORMAL
    )

    class Meta(TreeEntry.Meta):
        verbose_name = _("service")
        verbose_name_plural = _("services")
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="service_name_once",
                violation_error_message=_("Another service has this name."),
            ),
            models.CheckConstraint(
                condition=Q(criticality__in=[1, 2, 3, 4]),
                name="service_criticality_known",
            ),
        ]


class Category(TreeEntry):
    """What kind of trouble; subcategories stand below their category."""

    team = models.ForeignKey(
        Team,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="categories",
        verbose_name=_("team"),
        help_text=_("Suggested at triage for reports of this kind."),
    )

    class Meta(TreeEntry.Meta):
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        constraints = [
            # NULLS NOT DISTINCT needs PostgreSQL 15, hence one for each case.
            models.UniqueConstraint(
                Lower("name"),
                "parent",
                name="subcategory_name_once",
                violation_error_message=_("This subcategory exists already."),
            ),
            models.UniqueConstraint(
                Lower("name"),
                condition=Q(parent=None),
                name="category_name_once",
                violation_error_message=_("This category exists already."),
            ),
        ]


class Location(TreeEntry):
    """A site, and the service desk that looks after it."""

    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default=default_time_zone,
        validators=[validate_time_zone],
    )
    desk = models.ForeignKey(
        Team,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="locations",
        limit_choices_to={"is_service_desk": True},
        verbose_name=_("service desk"),
        help_text=_(
            "Receives reports from this location; otherwise the default desk does."
        ),
    )

    class Meta(TreeEntry.Meta):
        verbose_name = _("location")
        verbose_name_plural = _("locations")
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="location_name_once",
                violation_error_message=_("Another location has this name."),
            ),
        ]

    def clean(self) -> None:
        """Also kept by the trigger ``location_desk_is_desk``."""
        super().clean()
        if self.desk is not None and not self.desk.is_service_desk:
            raise ValidationError({"desk": _("Choose a team that is a service desk.")})


class Workplace(models.Model):
    """Where a person works: at one location, or nowhere that is known."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="workplace",
        verbose_name=_("person"),
    )
    location = models.ForeignKey(
        Location,
        models.PROTECT,
        related_name="workplaces",
        verbose_name=_("location"),
        help_text=_("Its service desk, or the nearest above it, receives the reports."),
    )

    class Meta:
        verbose_name = _("workplace")
        verbose_name_plural = _("workplaces")

    def __str__(self) -> str:
        return f"{self.user} – {self.location}"
