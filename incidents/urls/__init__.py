"""Every address of incidents, by who owns it."""

from incidents.urls import (
    answering,
    contact,
    desk,
    files,
    knowledge,
    moves,
    portal,
    ticket,
)

app_name = "incidents"

urlpatterns = [
    *portal.urlpatterns,
    *files.urlpatterns,
    *answering.urlpatterns,
    *desk.urlpatterns,
    *contact.urlpatterns,
    *ticket.urlpatterns,
    *moves.urlpatterns,
    *knowledge.urlpatterns,
]
