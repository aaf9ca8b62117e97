from django.urls import path

from servicedesk.search_page import views

app_name = "search"
urlpatterns = [path("", views.search, name="search")]
