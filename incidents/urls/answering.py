from django.urls import path

from incidents.views import answering as views

urlpatterns = [
    path("answer/<str:token>/", views.by_link, name="by_link"),
    path("asked/", views.asked, name="asked"),
]
