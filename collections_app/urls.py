"""The roof's URL table: each app brings its own. It holds no views."""

from django.urls import include, path

handler400 = "collections_app.web.errors.bad_request"
handler403 = "collections_app.web.errors.permission_denied"
handler404 = "collections_app.web.errors.page_not_found"
handler500 = "collections_app.web.errors.server_error"

urlpatterns = [
    path("auth/", include("allauth.urls")),
    path("api/", include("collections_app.api_urls")),
    path("", include("collections_app.web.urls")),
    path("", include("customers.urls")),
    path("", include("invoices.urls")),
    path("", include("dunning.urls")),
    path("", include("worklist.urls")),
    path("", include("collections_app.demo.urls")),
]
