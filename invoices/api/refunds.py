"""Money that went out of a payment again, over the API: refunds, returned payments and chargebacks, and undoing one."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from collections_app.accounts.roles import Capability
from collections_app.api.fields import (
    AmountField,
    DayField,
    MoneySerializer,
    PositiveAmountField,
    StrictSerializer,
    TextField,
)
from collections_app.api.filters import refuse_unknown_parameters
from collections_app.api.idempotency import once
from customers.queries.clock import business_day
from invoices.access import visible_payments
from invoices.api.described import KEY, KEY_NEEDED
from invoices.api.scope import ScopedView, refuse_future
from invoices.api.serializers import AllocationOut, ReversalIn
from invoices.models import Payment, Refund
from invoices.queries.refunds import refunds_of
from invoices.services.charge_back import charge_back
from invoices.services.refund_payment import refund_payment
from invoices.services.return_payment import return_payment
from invoices.services.undo_refund import undo_refund

READ, WRITE = Capability.SEE_ACCOUNTS, Capability.RECORD_CASH
KINDS = ("refund", "returned", "chargeback")


class RefundOut(MoneySerializer):
    """Money that went out of a payment. `undone` tells that it came back; `reopened` names the invoices that gave way
    to it, by id."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Refund.Kind.values)
    amount = AmountField()
    paid_on = serializers.DateField()
    reference = serializers.CharField(allow_blank=True)
    undone = serializers.BooleanField()
    reopened = serializers.ListField(child=serializers.IntegerField())
    recorded_at = serializers.DateTimeField()


class RefundIn(StrictSerializer):
    """Money of a payment that goes out. "refund" pays out unapplied cash alone; "returned" (a bounced debit or cheque)
    and "chargeback" also take it back from invoices, the newest allocation first. `paid_on` is today unless given."""

    kind = serializers.ChoiceField(choices=KINDS, required=False)
    amount = PositiveAmountField()
    paid_on = DayField(required=False)
    reference = TextField(max_length=140, allow_blank=True, required=False)
    reason = TextField(max_length=120, allow_blank=True, required=False)


class Refunds(ScopedView):
    """GET and POST /payments/{id}/refunds/"""

    capabilities = {"GET": READ, "POST": WRITE}
    serializer_class = RefundIn
    pagination_class = None
    filter_backends = []

    @extend_schema(operation_id="refunds_list", responses=RefundOut(many=True), summary="List refunds")
    def get(self, request: Request, payment_id: int) -> Response:
        """What went out of a payment, in the order it was recorded."""
        refuse_unknown_parameters(request, set())
        payment = get_object_or_404(visible_payments(self.caller), pk=payment_id)
        return Response(RefundOut(refunds_of(payment), many=True).data)

    @extend_schema(responses={201: RefundOut}, parameters=[KEY_NEEDED], summary="Refund or take back a payment")
    def post(self, request: Request, payment_id: int) -> Response:
        """Records once per Idempotency-Key that money of a payment went out. Past days stay as they were."""
        payments = visible_payments(self.caller).select_related("entity")
        payment = get_object_or_404(payments, pk=payment_id)
        return once(request, lambda: self._record(payment))

    def _record(self, payment: Payment) -> Response:
        sent = self.sent()
        kind = sent.pop("kind", "refund")
        day = sent.pop("paid_on", None) or max(business_day(payment.entity), payment.received_on)
        refuse_future("paid_on", day, payment.entity)
        made = _record(kind, payment, day, {**sent, "actor": self.caller, "by": "api"})
        found = next(row for row in refunds_of(payment) if row.id == made.pk)
        return Response(RefundOut(found).data, status=201)


def _record(kind: str, payment: Payment, day: Any, sent: dict[str, Any]) -> Refund:
    if kind == "returned":
        return return_payment(payment=payment, returned_on=day, **sent)
    if kind == "chargeback":
        return charge_back(payment=payment, charged_back_on=day, **sent)
    return refund_payment(payment=payment, paid_on=day, **sent)


class RefundReversal(ScopedView):
    """POST /payments/{id}/refunds/{id}/reversal/"""

    capabilities = {"POST": WRITE}
    serializer_class = ReversalIn
    pagination_class = None
    filter_backends = []

    @extend_schema(responses={201: AllocationOut(many=True)}, parameters=[KEY], summary="Undo a refund")
    def post(self, request: Request, payment_id: int, refund_id: int) -> Response:
        """The money came back, as after a won dispute: it pays what it paid before, as far as that is still open."""
        payment = get_object_or_404(visible_payments(self.caller).select_related("entity"), pk=payment_id)
        refund = get_object_or_404(Refund.objects.filter(allocations__payment=payment).distinct(), pk=refund_id)
        return once(request, lambda: self._undo(payment, refund), required=False)

    def _undo(self, payment: Payment, refund: Refund) -> Response:
        latest = max(business_day(payment.entity), refund.paid_on)
        sent = {"effective_on": latest, **self.sent()}
        if sent["effective_on"] > latest:
            raise ValidationError({"effective_on": [f"{sent['effective_on']} has not come yet. Leave the day out."]})
        made = undo_refund(refund=refund, on=sent["effective_on"], reason=sent["reason"], actor=self.caller, by="api")
        return Response(AllocationOut(made, many=True).data, status=201)
