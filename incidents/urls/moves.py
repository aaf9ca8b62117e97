from django.urls import path

from incidents.views import moves as views

urlpatterns = [
    path("tickets/<int:pk>/triage/", views.triage, name="triage"),
    path(
        "tickets/<int:pk>/triage-and-escalate/",
        views.triage_and_escalate,
        name="triage_and_escalate",
    ),
    path("tickets/<int:pk>/take/", views.take, name="take"),
    path("tickets/<int:pk>/assign/", views.assign, name="assign"),
    path("tickets/<int:pk>/start/", views.start, name="start"),
    path("tickets/<int:pk>/hold/", views.hold, name="hold"),
    path("tickets/<int:pk>/resume/", views.resume, name="resume"),
    path("tickets/<int:pk>/transfer/", views.transfer, name="transfer"),
    path("tickets/<int:pk>/escalate/", views.escalate, name="escalate"),
    path("tickets/<int:pk>/hand-back/", views.hand_back, name="hand_back"),
    path("tickets/<int:pk>/resolve/", views.resolve, name="resolve"),
    path(
        "tickets/<int:pk>/call-attention/", views.call_attention, name="call_attention"
    ),
    path("tickets/<int:pk>/end-attention/", views.end_attention, name="end_attention"),
    path("tickets/<int:pk>/announce/", views.announce, name="announce"),
    path(
        "tickets/<int:pk>/end-announcement/",
        views.end_announcement,
        name="end_announcement",
    ),
    path("tickets/<int:pk>/resolve-parts/", views.resolve_parts, name="resolve_parts"),
    path("tickets/<int:pk>/record-call/", views.record_call, name="record_call"),
    path("tickets/<int:pk>/reject/", views.reject, name="reject"),
    path("tickets/<int:pk>/remind/", views.remind, name="remind"),
    path("tickets/<int:pk>/waive/", views.waive, name="waive"),
    path("tickets/<int:pk>/close/", views.close, name="close"),
    path("tickets/<int:pk>/cancel/", views.cancel, name="cancel"),
    path("tickets/<int:pk>/reopen/", views.reopen, name="reopen"),
    path("tickets/<int:pk>/follow-up/", views.follow_up, name="follow_up"),
    path("tickets/<int:pk>/reclassify/", views.reclassify, name="reclassify"),
    path(
        "tickets/<int:pk>/override-severity/",
        views.override_severity,
        name="override_severity",
    ),
    path("tickets/<int:pk>/retitle/", views.retitle, name="retitle"),
    path("tickets/<int:pk>/hand-over/", views.hand_over, name="hand_over"),
    path("tickets/<int:pk>/declare-major/", views.declare_major, name="declare_major"),
    path("tickets/<int:pk>/stand-down/", views.stand_down, name="stand_down"),
    path(
        "tickets/<int:pk>/name-successor/", views.name_successor, name="name_successor"
    ),
]
