"""The API routes of this app, under /api/v1/."""

from django.urls import path

from invoices.api import bank, documents, payments, rates, refunds

urlpatterns = [
    path("invoices/", documents.Invoices.as_view(), name="api_invoices"),
    path("invoices/<int:invoice_id>/", documents.InvoiceDetail.as_view(), name="api_invoice"),
    path("credit-notes/", documents.CreditNotes.as_view(), name="api_credit_notes"),
    path("payments/", payments.Payments.as_view(), name="api_payments"),
    path("payments/<int:payment_id>/", payments.PaymentDetail.as_view(), name="api_payment"),
    path("payments/<int:payment_id>/allocations/", payments.Allocations.as_view(), name="api_allocations"),
    path("bank-files/", bank.BankFiles.as_view(), name="api_bank_files"),
    path("bank-lines/", bank.BankLines.as_view(), name="api_bank_lines"),
    path(
        "payments/<int:payment_id>/allocations/<int:allocation_id>/reversal/",
        payments.Reversal.as_view(),
        name="api_reversal",
    ),
    path("payments/<int:payment_id>/refunds/", refunds.Refunds.as_view(), name="api_refunds"),
    path(
        "payments/<int:payment_id>/refunds/<int:refund_id>/reversal/",
        refunds.RefundReversal.as_view(),
        name="api_refund_reversal",
    ),
    path("rates/", rates.Rates.as_view(), name="api_rates"),
    path("customers/<str:number>/balance/", payments.CustomerBalance.as_view(), name="api_balance"),
]
