"""The Celery application: it only wakes work that already stands in the database.

Requests never publish to the broker. Beat asks the worker every few seconds to
look at what is due, so a broker that is down delays work and loses none.
"""

import os

from celery import Celery

from servicedesk import folder_broker
from servicedesk.pulse import Pulse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servicedesk.settings")

folder_broker.register()

app = Celery("servicedesk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(Pulse)
