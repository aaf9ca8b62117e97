from django.urls import path

from incidents.views import contact as views

urlpatterns = [
    path("tickets/new/", views.contact, name="contact"),
]
