"""What people may change about themselves, and administrators about others."""

from django.db import transaction

from accounts.models import User


@transaction.atomic
def update_profile(
    pk: int, *, name: str, time_zone: str, language: str, theme: str, uses_keys: bool
) -> User:
    """Change how one person is shown and how pages look to them.

    Raises ``ValidationError`` for an unknown time zone or a name with line breaks.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=pk)
    user.name, user.time_zone = name, time_zone
    user.language, user.theme, user.uses_keys = language, theme, uses_keys
    user.full_clean(exclude=["password"])
    user.save(update_fields=["name", "time_zone", "language", "theme", "uses_keys"])
    return user
