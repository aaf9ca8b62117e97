from django.urls import path

from incidents.views import desk as views

urlpatterns = [
    path("queue/", views.queue, name="queue"),
    path("queue/take-next/", views.take_next, name="take_next"),
    path("queue/confirmations/", views.chase, name="chase"),
    path("queue/waivers/", views.waivers, name="waivers"),
    path("queue/lead/", views.lead, name="lead"),
]
