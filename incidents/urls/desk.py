from django.urls import path

from incidents.views import desk as views
from incidents.views import my_work, retelling, shifts, teams

urlpatterns = [
    path("queue/", views.queue, name="queue"),
    path("queue/take-next/", views.take_next, name="take_next"),
    path("queue/confirmations/", views.chase, name="chase"),
    path("queue/waivers/", views.waivers, name="waivers"),
    path("queue/lead/", views.lead, name="lead"),
    path("queue/mine/", my_work.my_work, name="my_work"),
    path("teams/", teams.teams, name="teams"),
    path("teams/<int:pk>/", teams.team, name="team"),
    path("queue/handover/", shifts.handover, name="handover"),
    path("queue/handover/write/", shifts.write_shift_note, name="write_shift_note"),
    path("queue/handover/notes/", shifts.shift_notes, name="shift_notes"),
    path(
        "queue/handover/notes/<int:pk>/seen/",
        shifts.see_shift_note,
        name="see_shift_note",
    ),
    path(
        "queue/handover/notes/<int:pk>/redact/",
        shifts.redact_shift_note,
        name="redact_shift_note",
    ),
    path(
        "knowledge-uses/<slug:slug>/told/",
        retelling.told_older_version,
        name="told_older",
    ),
]
