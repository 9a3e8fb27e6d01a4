"""The URLs of this app."""

from django.urls import URLPattern, URLResolver, path

from invoices.views import pay

urlpatterns: list[URLPattern | URLResolver] = [
    path("pay/<str:token>/", pay.pay, name="pay"),
    path("receipt/<str:token>/", pay.receipt, name="pay_receipt"),
]
