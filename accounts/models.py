"""People: users, the teams they work in, the roles they hold."""

import unicodedata
import zoneinfo
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, OuterRef, Q
from django.db.models.functions import JSONObject, Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import permissions
from accounts.querysets import TeamQuerySet, UserManager
from accounts.standing import Standing

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

# Without a joiner some scripts cannot be written.
JOINERS = {"\u200c", "\u200d"}


def one_line(text: str) -> None:
    """Raise ``ValidationError`` for line breaks and signs that nobody can see."""
    invisible = {
        sign
        for sign in text
        if unicodedata.category(sign) in {"Cc", "Cf", "Zl", "Zp"}
        and sign not in JOINERS
    }
    if invisible or not any(sign.isalnum() for sign in text):
        raise ValidationError(_("Use one line of letters, without control characters."))


@cache
def time_zones() -> frozenset[str]:
    """Every IANA time zone that this machine knows; looking through its files for them
    is done once."""
    return frozenset(zoneinfo.available_timezones())


def validate_time_zone(name: str) -> None:
    """Raise ``ValidationError`` unless ``name`` is an IANA time zone."""
    if name not in time_zones():
        raise ValidationError(
            _("%(name)s is no time zone. Choose one such as Europe/Berlin."),
            params={"name": name},
        )


def default_time_zone() -> str:
    """The zone of the installation (``TIME_ZONE``)."""
    return str(settings.TIME_ZONE)


def languages() -> list[tuple[str, str]]:
    """The languages the product speaks: a setting, so that no migration holds them."""
    return [(code, str(name)) for code, name in settings.LANGUAGES]


def display_name(user: "User") -> str:
    """The name to greet a person with; never their address."""
    return user.name


class Role(models.TextChoices):
    """Roles that are granted by name. The others follow from teams."""

    PROBLEM_MANAGER = "problem_manager", _("Problem manager")
    KNOWLEDGE_EDITOR = "knowledge_editor", _("Knowledge editor")
    INCIDENT_COMMANDER = "incident_commander", _("Incident commander")
    MANAGER = "manager", _("Manager")
    ADMINISTRATOR = "administrator", _("Administrator")


class User(AbstractBaseUser):
    """A person. Logs in by e-mail address; is deactivated, never deleted."""

    class Theme(models.TextChoices):
        AUTO = "auto", _("Same as my device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    email = models.EmailField(
        _("e-mail address"),
        error_messages={"unique": _("Another account has this e-mail address.")},
    )
    name = models.CharField(_("name"), max_length=150, validators=[one_line])
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default=default_time_zone,
        validators=[validate_time_zone],
    )
    language = models.CharField(
        _("language"), max_length=10, choices=languages, default="en"
    )
    theme = models.CharField(
        _("appearance"), max_length=5, choices=Theme.choices, default=Theme.AUTO
    )
    uses_keys = models.BooleanField(_("single keys do something"), default=True)
    is_active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_(
            "Take the tick away when somebody leaves. Accounts are never deleted."
        ),
    )
    is_system = models.BooleanField(default=False, editable=False)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects: UserManager = UserManager()

    if TYPE_CHECKING:
        role_grants: RelatedManager["RoleGrant"]
        memberships: RelatedManager["Membership"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once",
                violation_error_message=_("Another account has this e-mail address."),
            ),
            models.UniqueConstraint(
                fields=["is_system"],
                condition=Q(is_system=True),
                name="user_one_system",
            ),
            models.CheckConstraint(
                condition=Q(is_system=False) | Q(is_active=False),
                name="user_system_never_logs_in",
            ),
            models.CheckConstraint(
                condition=Q(theme__in=["auto", "light", "dark"]),
                name="user_theme_known",
            ),
        ]
        indexes = [
            GinIndex(
                fields=["name", "email"],
                opclasses=["gin_trgm_ops", "gin_trgm_ops"],
                name="user_by_part_of_name",
                fastupdate=False,
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Also kept by the trigger ``last_administrator_stays``."""
        super().clean()
        if not self.is_active and User.objects.is_last_administrator(self.pk):
            sentence = _(
                "This is the last administrator. Make somebody else one first."
            )
            raise ValidationError({"is_active": sentence})

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """Their time zone, or the installation's where tzdata has dropped the name."""
        try:
            return zoneinfo.ZoneInfo(self.time_zone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            return zoneinfo.ZoneInfo(default_time_zone())

    @cached_property
    def standing(self) -> Standing:
        """Teams, tiers and roles, read with one query on first use."""
        if not self.is_active:
            return Standing()
        teams = Team.objects.active().order_by()
        of_team = JSONObject(pk="pk", tier="tier", desk="is_service_desk")
        mine = teams.filter(memberships__user=OuterRef("pk")).values(json=of_team)
        led = teams.filter(lead=OuterRef("pk")).values(json=of_team)
        managed = teams.filter(manager=OuterRef("pk")).values("pk")
        roles = RoleGrant.objects.filter(user=OuterRef("pk")).order_by().values("role")
        found = User.objects.filter(pk=self.pk).values_list(
            ArraySubquery(mine),
            ArraySubquery(led),
            ArraySubquery(managed),
            ArraySubquery(roles),
        )
        return Standing.made_of(*found.get())

    @property
    def is_staff(self) -> bool:
        """May enter Django admin (the name that Django asks for)."""
        return permissions.may_enter_admin(self)

    @property
    def is_superuser(self) -> bool:
        """Nobody is above the rules (the name that Django asks for)."""
        return False

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Django's table of permissions is not used; admin classes ask predicates."""
        return permissions.is_administrator(self)

    def has_perms(self, perm_list: list[str], obj: Any = None) -> bool:
        return permissions.is_administrator(self)

    def has_module_perms(self, app_label: str) -> bool:
        return permissions.may_enter_admin(self)


class RoleGrant(models.Model):
    """One role of one person, and who gave it to them."""

    user = models.ForeignKey(
        User, models.PROTECT, related_name="role_grants", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    granted_by = models.ForeignKey(
        User,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("granted by"),
    )
    granted_at = models.DateTimeField(
        _("granted"), default=timezone.now, editable=False
    )

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["user", "role"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role"],
                name="role_once_per_person",
                violation_error_message=_("This person already has this role."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=[value for value, _label in Role.choices]),
                name="role_known",
            ),
            models.CheckConstraint(
                condition=~Q(user=F("granted_by")),
                name="role_not_to_oneself",
                violation_error_message=_("Nobody grants a role to themselves."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


class Team(models.Model):
    """People who own tickets together. Its tier never changes: history stands on it."""

    class Tier(models.IntegerChoices):
        L1 = 1, _("L1 – service desk")
        L2 = 2, _("L2 – specialists")
        L3 = 3, _("L3 – engineering, suppliers")

    class Assignment(models.TextChoices):
        NONE = "none", _("Nobody: members take what waits")
        ROUND_ROBIN = "round_robin", _("Each in turn")
        LEAST_LOADED = "least_loaded", _("Whoever has the fewest open ones")

    name = models.CharField(_("name"), max_length=100, validators=[one_line])
    tier = models.PositiveSmallIntegerField(_("tier"), choices=Tier.choices)
    is_service_desk = models.BooleanField(
        _("service desk"),
        default=False,
        help_text=_(
            "Its members receive new reports and close incidents. Tier L1 only."
        ),
    )
    is_default_desk = models.BooleanField(
        _("default service desk"),
        default=False,
        help_text=_("Receives reports when the reporter's location names no desk."),
    )
    lead = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="led_teams",
        verbose_name=_("lead"),
    )
    manager = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="managed_teams",
        verbose_name=_("manager"),
    )
    escalates_to = models.ManyToManyField(
        "self",
        symmetrical=False,
        through="EscalationPath",
        related_name="escalates_from",
        verbose_name=_("escalates to"),
    )
    second_person_closes = models.BooleanField(
        _("a second person closes"),
        default=False,
        help_text=_(
            "Who recorded a confirmation by telephone may not also close the incident."
        ),
    )
    assignment = models.CharField(
        _("who gets what arrives"),
        max_length=12,
        choices=Assignment.choices,
        default=Assignment.NONE,
        help_text=_(
            "A ticket that comes to the team is given to one of its members: in turn,"
            " or to whoever has the fewest open ones. Who is away is passed over. With"
            " nobody chosen, members take what waits."
        ),
    )
    is_active = models.BooleanField(_("active"), default=True)

    objects = TeamQuerySet.as_manager()

    if TYPE_CHECKING:
        memberships: RelatedManager["Membership"]

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["tier", "name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="team_name_once",
                violation_error_message=_("Another team has this name."),
            ),
            models.CheckConstraint(
                condition=Q(tier__in=[1, 2, 3]), name="team_tier_known"
            ),
            models.CheckConstraint(
                condition=Q(assignment__in=["none", "round_robin", "least_loaded"]),
                name="team_assignment_known",
            ),
            models.CheckConstraint(
                condition=Q(is_service_desk=False) | Q(tier=1),
                name="team_desk_is_tier_1",
                violation_error_message=_("A service desk is a team of tier L1."),
            ),
            models.CheckConstraint(
                condition=Q(is_default_desk=False)
                | Q(is_service_desk=True, is_active=True),
                name="team_default_is_active_desk",
                violation_error_message=_(
                    "The default desk must be an active service desk."
                ),
            ),
            models.UniqueConstraint(
                fields=["is_default_desk"],
                condition=Q(is_default_desk=True),
                name="team_one_default_desk",
                violation_error_message=_("Another team is the default desk already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class EscalationPath(models.Model):
    """A team may escalate to another team of the next tier."""

    from_team = models.ForeignKey(
        Team, models.PROTECT, related_name="paths_up", verbose_name=_("from team")
    )
    to_team = models.ForeignKey(
        Team, models.PROTECT, related_name="paths_down", verbose_name=_("to team")
    )

    class Meta:
        verbose_name = _("escalation path")
        verbose_name_plural = _("escalation paths")
        constraints = [
            models.UniqueConstraint(
                fields=["from_team", "to_team"],
                name="escalation_path_once",
                violation_error_message=_("This path exists already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_team} → {self.to_team}"

    def clean(self) -> None:
        """Also kept by the trigger ``escalation_path_next_tier``."""
        if self.from_team_id is None or self.to_team_id is None:
            return
        if self.to_team.tier != self.from_team.tier + 1:
            sentence = _(
                "Choose a team of the next tier: work moves one tier at a time."
            )
            raise ValidationError({"to_team": sentence})


class Membership(models.Model):
    """A person works in a team, and may be away until a day.

    ``given_at`` is when the team's turn last came to them.
    """

    user = models.ForeignKey(
        User, models.PROTECT, related_name="memberships", verbose_name=_("person")
    )
    team = models.ForeignKey(
        Team, models.PROTECT, related_name="memberships", verbose_name=_("team")
    )
    joined_at = models.DateTimeField(_("joined"), default=timezone.now, editable=False)
    away_until = models.DateTimeField(
        _("away until"),
        null=True,
        blank=True,
        help_text=_("Nobody is assigned work while they are away."),
    )
    given_at = models.DateTimeField(
        _("last given work"), null=True, blank=True, editable=False
    )

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["team", "user"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "team"],
                name="membership_once",
                violation_error_message=_("This person is in the team already."),
            ),
            models.CheckConstraint(
                condition=Q(away_until=None) | Q(away_until__gt=F("joined_at")),
                name="membership_away_after_joining",
                violation_error_message=_(
                    "Choose a day after the person joined the team."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.team}"

    def is_away(self, at: Any) -> bool:
        """Whether the person is away at the moment ``at`` (aware datetime)."""
        return self.away_until is not None and at < self.away_until
