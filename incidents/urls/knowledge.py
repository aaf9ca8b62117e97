from django.urls import path

from incidents.views import signatures as views

urlpatterns = [
    path("knowledge-signatures/", views.try_signatures, name="try_signatures"),
]
