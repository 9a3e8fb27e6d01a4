"""The URLs of bank files and the bank inbox; `invoices.urls` includes them."""

from django.urls import URLPattern, URLResolver, path

from invoices.views import bank_files, bank_lines
from invoices.views.bank_inbox import bank
from invoices.views.bank_settle import bank_settle
from invoices.views.remittance_advices import remittance_advice, remittance_advices

urlpatterns: list[URLPattern | URLResolver] = [
    path("cash/bank/", bank, name="bank"),
    path("cash/bank/files/", bank_files.bank_files, name="bank_files"),
    path("cash/bank/files/<int:pk>/", bank_files.bank_file, name="bank_file"),
    path("cash/bank/files/<int:pk>/problems.csv", bank_files.bank_file_problems, name="bank_file_problems"),
    path("cash/bank/accounts/<int:pk>/", bank_files.bank_account, name="bank_account"),
    path("cash/bank/advices/", remittance_advices, name="remittance_advices"),
    path("cash/bank/advices/<int:pk>/", remittance_advice, name="remittance_advice"),
    path("cash/bank/lines/<int:pk>/take/<int:suggestion_id>/", bank_lines.bank_take, name="bank_take"),
    path("cash/bank/lines/<int:pk>/settle/", bank_settle, name="bank_settle"),
    path("cash/bank/lines/<int:pk>/split/", bank_lines.bank_split, name="bank_split"),
    path("cash/bank/lines/<int:pk>/park/", bank_lines.bank_park, name="bank_park"),
    path("cash/bank/lines/<int:pk>/deduct/", bank_lines.bank_deduct, name="bank_deduct"),
    path("cash/bank/lines/<int:pk>/ignore/", bank_lines.bank_ignore, name="bank_ignore"),
    path("cash/bank/lines/<int:pk>/undo/", bank_lines.bank_undo, name="bank_undo"),
]
