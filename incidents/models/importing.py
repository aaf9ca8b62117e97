"""What was brought in from another system: each import, and what it did not take."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from incidents.codes import ImportSource
from incidents.models.incident import Incident
from incidents.replay.step import Reason

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class ImportRun(models.Model):
    """One file, replayed once; taken up again where it was interrupted.

    ``position`` counts the rows done, in order of time; ``digest`` is the SHA-256 of
    the unpacked file. Times are aware; ``finished_at`` is ``None`` until the end.
    """

    source = models.CharField(
        _("system"), max_length=20, choices=ImportSource.choices, editable=False
    )
    file_name = models.CharField(_("file"), max_length=255, editable=False)
    digest = models.CharField(_("SHA-256 of the file"), max_length=64, editable=False)
    options = models.JSONField(_("options"), default=dict, editable=False)
    rows = models.PositiveIntegerField(_("rows"), default=0, editable=False)
    position = models.PositiveIntegerField(_("rows done"), default=0, editable=False)
    taken = models.PositiveIntegerField(_("taken"), default=0, editable=False)
    refused = models.PositiveIntegerField(_("not taken"), default=0, editable=False)
    incidents = models.PositiveIntegerField(
        _("new incidents"), default=0, editable=False
    )
    moves = models.PositiveIntegerField(
        _("changes of state"), default=0, editable=False
    )
    started_at = models.DateTimeField(_("started"), editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, editable=False)

    if TYPE_CHECKING:
        refusals: RelatedManager["RefusedRow"]

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "digest"], name="import_file_once"
            ),
            models.CheckConstraint(
                condition=Q(source__in=ImportSource.values), name="import_source_known"
            ),
            models.CheckConstraint(
                condition=Q(position__lte=F("rows"))
                & Q(position=F("taken") + F("refused")),
                name="import_counts_every_row",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_source_display()}: {self.file_name}"

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None

    def refusals_by_reason(self) -> list[tuple[Reason, int]]:
        """Why rows were not taken, and how many each; most first."""
        counted = self.refusals.values("reason").annotate(count=Count("pk"))
        return [
            (Reason(row["reason"]), row["count"])
            for row in counted.order_by("-count", "reason")
        ]


class RefusedRow(models.Model):
    """A row that was not taken, and why; ``line`` is its line in the file."""

    run = models.ForeignKey(
        ImportRun, models.PROTECT, related_name="refusals", verbose_name=_("import")
    )
    line = models.PositiveIntegerField(_("line"))
    number = models.CharField(_("number there"), max_length=40, blank=True)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices)
    detail = models.CharField(_("what was found"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("row not taken")
        verbose_name_plural = _("rows not taken")
        ordering = ["run", "line"]
        constraints = [
            models.UniqueConstraint(fields=["run", "line"], name="refused_row_once"),
            models.CheckConstraint(
                condition=Q(reason__in=Reason.values), name="refused_row_reason_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run}, {self.line}"


class ImportedIncident(models.Model):
    """What an incident was called in the other system, and how far it came.

    ``team``, ``state`` and ``last_at`` (aware) are those of the last row that was
    taken and named one; ``counters`` are that system's own counts.
    """

    incident = models.OneToOneField(
        Incident, models.PROTECT, primary_key=True, related_name="imported"
    )
    run = models.ForeignKey(
        ImportRun, models.PROTECT, related_name="brought_in", verbose_name=_("import")
    )
    source = models.CharField(_("system"), max_length=20, choices=ImportSource.choices)
    number = models.CharField(_("number there"), max_length=40)
    team = models.ForeignKey(
        Team,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("last team there"),
    )
    state = models.CharField(_("last state there"), max_length=60, blank=True)
    last_at = models.DateTimeField(_("last change there"), null=True)
    counters = models.JSONField(_("counters"), default=dict)
    extras_digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("imported incident")
        verbose_name_plural = _("imported incidents")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "number"], name="imported_number_once"
            ),
            models.CheckConstraint(
                condition=Q(source__in=ImportSource.values),
                name="imported_source_known",
            ),
        ]
        indexes = [models.Index(fields=["number"], name="imported_by_number")]

    def __str__(self) -> str:
        return f"{self.get_source_display()} {self.number}"
