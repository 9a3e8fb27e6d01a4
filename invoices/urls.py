"""The URLs of this app."""

from django.urls import URLPattern, URLResolver, path

from invoices.bank_urls import urlpatterns as bank_urls
from invoices.document_urls import urlpatterns as document_urls
from invoices.money_urls import urlpatterns as money_urls
from invoices.posting_urls import urlpatterns as posting_urls
from invoices.views import pay_requests, pay_status
from invoices.views.adjustment import adjustment
from invoices.views.adjustments import adjustments, refunds
from invoices.views.aging import aging
from invoices.views.aging_documents import aging_documents
from invoices.views.books import books, books_check
from invoices.views.credit_note import credit_note, credit_note_allocate, credit_note_reverse
from invoices.views.credit_notes import credit_notes
from invoices.views.gateway_checkout import gateway_checkout
from invoices.views.import_columns import import_columns
from invoices.views.import_preview import import_bad_rows, import_preview
from invoices.views.imports import import_format, imports
from invoices.views.invoice import invoice, invoice_send
from invoices.views.invoice_pdf import invoice_pdf
from invoices.views.invoices import invoices
from invoices.views.pay import pay
from invoices.views.pay_documents import pay_invoice_pdf
from invoices.views.pay_new_link import pay_new_link
from invoices.views.payment import allocation_reverse, payment, payment_allocate
from invoices.views.payments import payment_new, payments
from invoices.views.refund import refund
from invoices.views.search import search
from invoices.views.statement import statement, statement_document
from invoices.views.webhooks import webhook
from invoices.word_urls import urlpatterns as word_urls

urlpatterns: list[URLPattern | URLResolver] = [
    *bank_urls,
    *document_urls,
    *money_urls,
    *posting_urls,
    *word_urls,
    path("insight/aging/", aging, name="aging"),
    path("insight/aging/documents/", aging_documents, name="aging_documents"),
    path("insight/books/", books, name="books"),
    path("insight/books/check/", books_check, name="books_check"),
    path("imports/", imports, name="imports"),
    path("imports/<int:pk>/", import_preview, name="import_preview"),
    path("imports/<int:pk>/format/", import_format, name="import_format"),
    path("imports/<int:pk>/columns/", import_columns, name="import_columns"),
    path("imports/<int:pk>/bad-rows.csv", import_bad_rows, name="import_bad_rows"),
    path("search/", search, name="search"),
    path("accounts/<int:pk>/statement/", statement, name="statement"),
    path("accounts/<int:pk>/statement.pdf", statement_document, name="statement_document"),
    path("invoices/", invoices, name="invoices"),
    path("invoices/<int:pk>/", invoice, name="invoice"),
    path("invoices/credit-notes/", credit_notes, name="credit_notes"),
    path("invoices/credit-notes/<int:pk>/", credit_note, name="credit_note"),
    path("invoices/credit-notes/<int:pk>/allocate/", credit_note_allocate, name="credit_note_allocate"),
    path(
        "invoices/credit-notes/<int:pk>/allocations/<int:allocation_id>/reverse/",
        credit_note_reverse,
        name="credit_note_reverse",
    ),
    path("invoices/adjustments/", adjustments, name="adjustments"),
    path("invoices/adjustments/<int:pk>/", adjustment, name="adjustment"),
    path("invoices/<int:pk>/send/", invoice_send, name="invoice_send"),
    path("cash/", payments, name="payments"),
    path("cash/new/", payment_new, name="payment_new"),
    path("cash/refunds/", refunds, name="refunds"),
    path("cash/refunds/<int:pk>/", refund, name="refund"),
    path("cash/<int:pk>/", payment, name="payment"),
    path("cash/<int:pk>/allocate/", payment_allocate, name="payment_allocate"),
    path("cash/<int:pk>/allocations/<int:allocation_id>/reverse/", allocation_reverse, name="allocation_reverse"),
    path("invoices/<int:pk>/pdf/", invoice_pdf, name="invoice_pdf"),
    path("pay/<str:token>/", pay, name="pay"),
    path("pay/<str:token>/invoices/<int:invoice_id>.pdf", pay_invoice_pdf, name="pay_invoice_pdf"),
    path("pay/<str:token>/payments/<slug:reference>/", pay_status.pay_status, name="pay_status"),
    path("pay/<str:token>/payments/<slug:reference>/receipt.pdf", pay_status.paid_receipt, name="pay_session_receipt"),
    path("pay/<str:token>/promise/", pay_requests.pay_promise, name="pay_promise"),
    path("pay/<str:token>/dispute/", pay_requests.pay_dispute, name="pay_dispute"),
    path("pay/<str:token>/plan/", pay_requests.pay_plan, name="pay_plan"),
    path("pay/<str:token>/wrong-contact/", pay_requests.pay_wrong_contact, name="pay_wrong_contact"),
    path("pay/<str:token>/new-link/", pay_new_link, name="pay_new_link"),
    path("receipt/<str:token>/", pay_status.receipt, name="pay_receipt"),
    path("receipt/<str:token>/receipt.pdf", pay_status.receipt_document, name="receipt_document"),
    path("webhooks/<slug:provider>/", webhook, name="webhook"),
    path("gateway/test/<slug:intent>/", gateway_checkout, name="gateway_checkout"),
]
