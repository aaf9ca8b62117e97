from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("People and teams")
    guards = [
        ("accounts_user", "user_never_deleted"),
        ("accounts_team", "team_tier_fixed"),
        ("accounts_rolegrant", "last_administrator_stays"),
        ("accounts_rolegrant", "role_grant_fixed"),
        ("accounts_user", "last_administrator_stays"),
        ("accounts_escalationpath", "escalation_path_next_tier"),
    ]
