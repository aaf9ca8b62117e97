from django.urls import path

from servicedesk.health_page import views

app_name = "health"
urlpatterns = [
    path("", views.health, name="health"),
    path("clock/", views.release, name="release"),
    path("timers/<int:pk>/", views.retry, name="retry"),
]
