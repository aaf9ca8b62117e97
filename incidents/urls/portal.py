from django.urls import path

from incidents.views import helping
from incidents.views import portal as views

urlpatterns = [
    path("report/", views.report, name="report"),
    path("report/look/", helping.look, name="look"),
    path("report/solved/", helping.solved, name="solved"),
    path("report/solved/take-back/", helping.take_back, name="take_back"),
    path("report/me-too/", helping.me_too, name="me_too"),
    path("my/", views.my_reports, name="my_reports"),
    path("my/<int:pk>/", views.my_report, name="my_report"),
    path("my/<int:pk>/received/", views.received, name="received"),
    path("my/<int:pk>/message/", views.answer, name="answer"),
    path("my/<int:pk>/confirm/", views.confirm, name="confirm"),
    path("my/<int:pk>/not-yet/", views.still_broken, name="still_broken"),
    path("my/<int:pk>/works-again/", views.works_again, name="works_again"),
    path("my/<int:pk>/urgent/", views.urge, name="urge"),
    path("my/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("my/<int:pk>/bring-back/", views.bring_back, name="bring_back"),
    path("my/<int:pk>/share/", views.share, name="share"),
    path("my/<int:pk>/unshare/", views.unshare, name="unshare"),
]
