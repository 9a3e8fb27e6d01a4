"""The URLs of money that goes out, comes back or is exchanged, and of exchange rates; `invoices.urls` takes them in."""

from django.urls import URLPattern, URLResolver, path

from invoices.views import money_back
from invoices.views.exchange import payment_exchange
from invoices.views.rates import rates

urlpatterns: list[URLPattern | URLResolver] = [
    path("invoices/credit-notes/<int:pk>/refund/", money_back.credit_note_refund, name="credit_note_refund"),
    path("cash/refunds/<int:pk>/undo/", money_back.refund_undo, name="refund_undo"),
    path("cash/<int:pk>/refund/", money_back.payment_refund, name="payment_refund"),
    path("cash/<int:pk>/return/", money_back.payment_return, name="payment_return"),
    path("cash/<int:pk>/chargeback/", money_back.payment_charge_back, name="payment_charge_back"),
    path("cash/<int:pk>/exchange/", payment_exchange, name="payment_exchange"),
    path("settings/rates/", rates, name="rates"),
]
