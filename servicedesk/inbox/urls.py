"""Addresses of the demonstration's inbox; on a real desk all of them are 404."""

from django.urls import path

from servicedesk.inbox import views

app_name = "inbox"
urlpatterns = [
    path("", views.mails, name="mails"),
    path("<slug:name>/", views.mail, name="mail"),
    path("<slug:name>/html/", views.mail_html, name="mail_html"),
]
