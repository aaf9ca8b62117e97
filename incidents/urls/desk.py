from django.urls import path

from incidents.views import desk as views
from incidents.views import retelling

urlpatterns = [
    path("queue/", views.queue, name="queue"),
    path("queue/take-next/", views.take_next, name="take_next"),
    path("queue/confirmations/", views.chase, name="chase"),
    path("queue/waivers/", views.waivers, name="waivers"),
    path("queue/lead/", views.lead, name="lead"),
    path(
        "knowledge-uses/<slug:slug>/told/",
        retelling.told_older_version,
        name="told_older",
    ),
]
