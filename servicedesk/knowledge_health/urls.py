"""How articles do, and what nobody has written down yet."""

from django.urls import path

from servicedesk.knowledge_health import gap_views, miss_views, views

app_name = "knowledge_health"

urlpatterns = [
    path("health/", views.articles, name="articles"),
    path("health/export.csv", views.export, name="export"),
    path("health/<slug:slug>/", views.article, name="article"),
    path("gaps/", gap_views.gaps, name="gaps"),
    path("gaps/decide/", gap_views.decide, name="decide"),
    path("gaps/searches/", miss_views.searches, name="searches"),
    path("gaps/searches/<int:pk>/", miss_views.mark, name="mark"),
    path("gaps/<slug:key>/", gap_views.gap, name="gap"),
]
