from django.urls import path

from incidents.views import answering as views
from incidents.views import attention

urlpatterns = [
    path("answer/<str:token>/", views.by_link, name="by_link"),
    path("asked/", views.asked, name="asked"),
    path("attend/<str:token>/", attention.attend_by_link, name="attend_by_link"),
]
