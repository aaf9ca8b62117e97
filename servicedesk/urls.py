"""Every page of the product. Each route has its row in tests/permissions.toml."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from servicedesk import health, views
from servicedesk.admin_site import in_our_order
from servicedesk.component_sheet import components

# The same log-in, with the same limits, as everybody's.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.get_app_list = in_our_order(admin.site.get_app_list)  # type: ignore[method-assign]

handler500 = "servicedesk.views.server_error"

urlpatterns = [
    path("", views.home, name="home"),
    path("help/", views.help_page, name="help"),
    path("profile/", include("accounts.urls")),
    path("accounts/", include("servicedesk.account_urls")),
    path("", include("incidents.urls")),
    path("knowledge/", include("servicedesk.knowledge_health.urls")),
    path("knowledge/", include("knowledgebase.urls")),
    path("search/", include("servicedesk.search_page.urls")),
    path("admin/health/", include("servicedesk.health_page.urls")),
    path("admin/", admin.site.urls),
    path("components/", components, name="components"),
    path("demo/inbox/", include("servicedesk.inbox.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
