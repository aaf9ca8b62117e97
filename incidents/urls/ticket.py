from django.urls import path

from incidents.views import articles, attention, checking, clocks, known_errors
from incidents.views import ticket as views
from incidents.views.what_if import what_if

urlpatterns = [
    path("tickets/<int:pk>/", views.ticket, name="ticket"),
    path("tickets/<int:pk>/clocks/", clocks.explained, name="clocks"),
    path("tickets/<int:pk>/clocks/what-if/", what_if, name="what_if"),
    path(
        "tickets/<int:pk>/known-errors/", known_errors.known_errors, name="known_errors"
    ),
    path(
        "tickets/<int:pk>/known-errors/applied/",
        known_errors.apply_known_error,
        name="apply_known_error",
    ),
    path(
        "tickets/<int:pk>/known-errors/helped/",
        known_errors.judge_known_error,
        name="judge_known_error",
    ),
    path(
        "tickets/<int:pk>/attend/",
        attention.acknowledge_attention,
        name="acknowledge_attention",
    ),
    path("tickets/<int:pk>/reply/", views.reply, name="reply"),
    path("tickets/<int:pk>/note/", views.note, name="note"),
    path("tickets/<int:pk>/article/", articles.write_article, name="write_article"),
    path(
        "tickets/<int:pk>/known-errors/check/",
        checking.check_known_errors,
        name="check_known_errors",
    ),
    path("tickets/<int:pk>/ask/", views.ask, name="ask"),
    path("tickets/<int:pk>/watch/", views.watch, name="watch"),
    path("tickets/<int:pk>/unwatch/", views.unwatch, name="unwatch"),
    path("tickets/<int:pk>/link/", views.link, name="link"),
    path("tickets/<int:pk>/unlink/", views.unlink, name="unlink"),
    path("tickets/<int:pk>/share/", views.share_ticket, name="share_ticket"),
]
