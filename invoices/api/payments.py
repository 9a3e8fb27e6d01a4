"""Payments, their allocations, and balances over the API. Each view parses, gates, calls one service, and answers."""

from typing import Any, Literal

import django_filters
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.api.filters import refuse_unknown_parameters
from collections_app.api.idempotency import once
from customers.api.views import customer_or_404
from customers.queries.clock import business_day, installation_day
from invoices.access import visible_payments
from invoices.api.described import AS_OF, KEY, KEY_NEEDED, NUMBER
from invoices.api.scope import ScopedView, day_asked, named_invoices, refuse_future
from invoices.api.serializers import (
    AllocationIn,
    AllocationOut,
    BalancesOut,
    PaymentDetailOut,
    PaymentIn,
    PaymentOut,
    ReversalIn,
)
from invoices.filters import DayFilter
from invoices.models import Allocation, Payment
from invoices.queries.balance import balances
from invoices.queries.open_amounts import with_unapplied
from invoices.services.put_against import put_against
from invoices.services.record_payment import Shares, record_payment
from invoices.services.take_off import take_off

READ, WRITE = Capability.SEE_ACCOUNTS, Capability.RECORD_CASH


class PaymentFilter(django_filters.FilterSet):  # type: ignore[misc]
    """The filters of the list of payments."""

    customer = django_filters.CharFilter(field_name="customer__number", label="Customer number.")
    entity = django_filters.CharFilter(field_name="entity__code", label="Code of the legal entity.")
    currency = django_filters.CharFilter(label="Currency code.")
    reference = django_filters.CharFilter(label="Reference, exactly.")
    received_from = DayFilter(field_name="received_on", lookup_expr="gte", label="Received from this day.")
    received_to = DayFilter(field_name="received_on", lookup_expr="lte", label="Received until this day.")
    unapplied = django_filters.ChoiceFilter(
        choices=[("true", "yes"), ("false", "no")], method="with_rest", label="true: only payments with something left."
    )

    def with_rest(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """The payments of which something is left, or those of which nothing is."""
        return rows.filter(open_amount__gt=0) if value == "true" else rows.filter(open_amount=0)


class Payments(ScopedView):
    """GET and POST /payments/"""

    capabilities = {"GET": READ, "POST": WRITE}
    filterset_class = PaymentFilter
    queryset = Payment.objects.none()

    def get_serializer_class(self) -> type[Any]:
        """What is read for POST, what is written for GET."""
        return PaymentIn if self.request.method == "POST" else PaymentOut

    def get_queryset(self) -> QuerySet[Payment]:
        """The payments the caller may see, with what is unapplied today."""
        rows = visible_payments(self.caller).select_related("customer", "entity")
        return with_unapplied(rows, as_of=installation_day())

    @extend_schema(operation_id="payments_list", responses=PaymentOut(many=True), summary="List payments")
    def get(self, request: Request) -> Response:
        """Payments with what is unapplied of them."""
        return self.listed()

    @extend_schema(
        request=PaymentIn,
        responses={201: PaymentDetailOut},
        parameters=[KEY_NEEDED],
        filters=False,
        summary="Record a payment",
    )
    def post(self, request: Request) -> Response:
        """Records a payment once per Idempotency-Key and puts it against invoices as asked."""
        return once(request, self._record)

    def _record(self) -> Response:
        sent = self.sent()
        refuse_future("received_on", sent["received_on"], sent["entity"])
        named = named_invoices(self.caller, sent.pop("allocations", []))
        shares: Shares | Literal["oldest"] = "oldest" if sent.pop("allocate", "") == "oldest" else named
        payment = record_payment(**sent, shares=shares, actor=self.caller, by="api")
        return Response(_detail(self.caller, payment.pk), status=201)


class PaymentDetail(ScopedView):
    """GET /payments/{id}/"""

    capabilities = {"GET": READ}
    serializer_class = PaymentDetailOut
    pagination_class = None
    filter_backends = []

    @extend_schema(summary="Get a payment")
    def get(self, request: Request, payment_id: int) -> Response:
        """One payment with its allocations, reversals included."""
        refuse_unknown_parameters(request, set())
        get_object_or_404(visible_payments(self.caller), pk=payment_id)
        return Response(_detail(self.caller, payment_id))


class Allocations(ScopedView):
    """GET and POST /payments/{id}/allocations/"""

    capabilities = {"GET": READ, "POST": WRITE}
    serializer_class = AllocationIn
    pagination_class = None
    filter_backends = []

    @extend_schema(operation_id="allocations_list", responses=AllocationOut(many=True), summary="List allocations")
    def get(self, request: Request, payment_id: int) -> Response:
        """What became of a payment, in the order it was recorded."""
        refuse_unknown_parameters(request, set())
        payment = get_object_or_404(visible_payments(self.caller), pk=payment_id)
        return Response(AllocationOut(payment.allocations.order_by("pk"), many=True).data)

    @extend_schema(responses={201: AllocationOut(many=True)}, parameters=[KEY], summary="Allocate a payment")
    def post(self, request: Request, payment_id: int) -> Response:
        """Puts what is unapplied of a payment against invoices."""
        payment = get_object_or_404(visible_payments(self.caller), pk=payment_id)
        return once(request, lambda: self._allocate(payment), required=False)

    def _allocate(self, payment: Payment) -> Response:
        shares = named_invoices(self.caller, self.sent()["allocations"])
        made = put_against(source=payment, shares=shares, actor=self.caller, by="api")
        return Response(AllocationOut(made, many=True).data, status=201)


class Reversal(ScopedView):
    """POST /payments/{id}/allocations/{id}/reversal/"""

    capabilities = {"POST": WRITE}
    serializer_class = ReversalIn
    pagination_class = None
    filter_backends = []

    @extend_schema(responses={201: AllocationOut}, parameters=[KEY], summary="Reverse an allocation")
    def post(self, request: Request, payment_id: int, allocation_id: int) -> Response:
        """Undoes one allocation by a reversing row; the money is unapplied again."""
        payment = get_object_or_404(visible_payments(self.caller), pk=payment_id)
        allocation = get_object_or_404(payment.allocations, pk=allocation_id)

        return once(request, lambda: self._reverse(payment, allocation), required=False)

    def _reverse(self, payment: Payment, allocation: Allocation) -> Response:
        # What is allocated to an invoice of a later day is taken back on that day, as on the page.
        latest = max(business_day(payment.entity), allocation.effective_on)
        sent = {"effective_on": latest, **self.sent()}
        if sent["effective_on"] > latest:
            raise ValidationError({"effective_on": [f"{sent['effective_on']} has not come yet. Leave the day out."]})
        made = take_off(allocation=allocation, actor=self.caller, by="api", **sent)
        return Response(AllocationOut(made).data, status=201)


class CustomerBalance(ScopedView):
    """GET /customers/{number}/balance/"""

    capabilities = {"GET": READ}
    serializer_class = BalancesOut
    pagination_class = None
    filter_backends = []

    @extend_schema(parameters=[NUMBER, AS_OF], summary="Get a customer's balances")
    def get(self, request: Request, number: str) -> Response:
        """Open, overdue, credits and unapplied cash per currency as of a day, inclusive."""
        refuse_unknown_parameters(request, {"as_of"})
        customer, day = customer_or_404(self.caller, number), day_asked(request)
        found = balances(customer_id=customer.pk, as_of=day)
        return Response(BalancesOut({"customer": customer.number, "as_of": day, "balances": found}).data)


def _detail(user: User, payment_id: int) -> Any:
    payment = get_object_or_404(visible_payments(user), pk=payment_id)
    day = max(installation_day(), payment.received_on)
    rows = with_unapplied(Payment.objects.filter(pk=payment_id), as_of=day)
    return PaymentDetailOut(rows.select_related("customer", "entity").get()).data
