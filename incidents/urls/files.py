from django.urls import path

from incidents.views import files as views

urlpatterns = [
    path("files/<int:pk>/", views.download, name="download"),
]
