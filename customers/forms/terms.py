"""The form of payment terms."""

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.models import PaymentTerms


class TermsForm(forms.ModelForm):  # type: ignore[type-arg]
    """When an invoice falls due, and what early payment earns."""

    class Meta:
        model = PaymentTerms
        fields = ["code", "name", "kind", "days", "discount_percent", "discount_days"]
        labels = {
            "code": _("Code"),
            "name": _("Name"),
            "kind": _("Due"),
            "days": _("How many"),
            "discount_percent": _("Early-payment discount in %"),
            "discount_days": _("When paid within days"),
        }
        help_texts = {
            "name": _("As it stands on invoices, such as “2/10 net 30”."),
            "days": _("Days for net days, months for end of month, the day of the month for a day of the next month."),
            "discount_days": _("Counted from the invoice date; the last day counts. 0 % means no discount."),
        }
