"""The base of every record that has a life cycle."""

from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.core.exceptions import ImproperlyConfigured
from django.db import connection, models, transaction


class SubjectQuerySet(models.QuerySet[Any]):
    """Rows with a life cycle; a domain app's queryset derives from it."""

    def lock(self, pk: int) -> Any:
        """Return the row, locked until the transaction ends.

        Raises ``DoesNotExist``, and ``TransactionManagementError`` outside a
        transaction.
        """
        row = self.select_for_update(of=("self",)).get(pk=pk)
        return mark_locked([row])[0]

    def lock_all(self, pks: Iterable[int]) -> list[Any]:
        """Lock these rows in order of id, waiting for whoever holds one."""
        rows = self.filter(pk__in=list(pks)).order_by("pk")
        return mark_locked(list(rows.select_for_update(of=("self",))))

    def lock_free(self, pks: Iterable[int]) -> list[Any]:
        """Lock, in order of id, those rows that nobody else holds just now."""
        rows = self.filter(pk__in=list(pks)).order_by("pk")
        return mark_locked(list(rows.select_for_update(of=("self",), skip_locked=True)))


def mark_locked(rows: list[Any]) -> list[Any]:
    """Remember that the transaction at hand, down to its savepoint, locks the rows.

    Django forgets what waits for a commit when transaction or savepoint end, as
    PostgreSQL forgets the lock: the entry stands exactly as long as the lock does.
    """

    def lock() -> None:
        """Nothing to do at the commit."""

    transaction.on_commit(lock)
    for row in rows:
        row.lock_entry = lock
    return rows


class Subject(models.Model):
    """A record whose every change is an event.

    ``version`` counts its events and is the ``seq`` of the last one.
    ``timer_generation`` is raised to make all armed timers stale at once.
    A subclass has a ``status`` (a protected ``FSMField``), names its
    ``subject_type`` (a short code, unique in the product) and calls
    ``activity.guards.guard_subject`` in a migration.
    """

    subject_type: ClassVar[str] = ""

    version = models.PositiveIntegerField(default=0, editable=False)
    timer_generation = models.PositiveIntegerField(default=0, editable=False)

    lock_entry: Any = None
    status: Any

    class Meta:
        abstract = True

    def refresh_from_db(
        self, using: str | None = None, fields: Any = None, from_queryset: Any = None
    ) -> None:
        """Reload; works for a protected state field, and per instance."""
        if fields is None:
            # Named one by one, because Django takes an absent value for a deferred one.
            deferred = self.get_deferred_fields()
            fields = [
                field.attname
                for field in self._meta.concrete_fields
                if field.attname not in deferred
            ]
        # A protected field may be set only while absent. The value comes back
        # if the row is gone, so the instance is never left without a state.
        held = self.__dict__.pop("status", None) if "status" in fields else None
        try:
            super().refresh_from_db(using, fields, from_queryset)
        finally:
            if held is not None:
                self.__dict__.setdefault("status", held)

    def make_timers_stale(self) -> None:
        """Let every timer armed so far be skipped. The caller saves the record."""
        self.timer_generation += 1

    def assert_locked(self) -> None:
        """Raise ``RuntimeError`` unless this transaction holds the row's lock."""
        waiting = (entry[1] for entry in connection.run_on_commit)
        if self.lock_entry is None or self.lock_entry not in waiting:
            raise RuntimeError(
                f"Lock the {self.subject_type} in this transaction first: "
                f"{type(self).__name__}.objects.lock(pk)."
            )

    @classmethod
    def model_for(cls, subject_type: str) -> type[Self]:
        """The model that carries this code. Raises ``LookupError``."""
        for model in _subject_models():
            if model.subject_type == subject_type:
                return model  # type: ignore[return-value]
        raise LookupError(f"No model has the subject type {subject_type!r}.")

    @classmethod
    def lock_one(cls, subject_type: str, pk: int) -> "Subject":
        """Lock the record that a code and an id name, whatever its model.

        Raises ``LookupError`` and ``DoesNotExist``.
        """
        model: Any = cls.model_for(subject_type)
        subject: Subject = model.objects.lock(pk)
        return subject

    @classmethod
    def all_models(cls) -> list[type["Subject"]]:
        """Every model with a life cycle, in order of its code."""
        return sorted(_subject_models(), key=lambda model: model.subject_type)


def _subject_models() -> list[type[Subject]]:
    from django.apps import apps  # noqa: PLC0415 - the registry is filled later

    models_ = [model for model in apps.get_models() if issubclass(model, Subject)]
    for model in models_:
        if not model.subject_type:
            raise ImproperlyConfigured(f"{model.__name__} needs a subject_type.")
    return models_
