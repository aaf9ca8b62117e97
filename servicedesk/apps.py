from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ServicedeskConfig(AppConfig):
    name = "servicedesk"
    verbose_name = _("Service desk")

    def ready(self) -> None:
        from servicedesk import checks  # noqa: F401, PLC0415 - it registers
        from servicedesk.celery import app  # noqa: PLC0415 - settings are needed first

        app.set_default()
