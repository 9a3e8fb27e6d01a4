"""Customers and contacts over the API. Each view parses, gates, calls one service or query, and answers."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.api.base import ApiView
from collections_app.api.filters import refuse_unknown_parameters
from customers.access import visible_customers, visible_entities
from customers.api.serializers import ContactIn, ContactOut, CustomerIn, CustomerOut
from customers.models import Contact, Customer
from customers.services.save_contact import save_contact
from customers.services.save_customer import save_customer

NUMBER = OpenApiParameter("number", {"type": "string", "maxLength": 40}, OpenApiParameter.PATH, required=True)
READ, WRITE = Capability.SEE_ACCOUNTS, Capability.IMPORT_FILES


def customer_or_404(user: User, number: str) -> Customer:
    """The visible customer of that number. Raises Http404 for a stranger's and for one that does not exist alike."""
    if "\x00" in number:
        raise Http404
    rows = visible_customers(user).select_related("entity", "terms", "parent")
    return get_object_or_404(rows, number=number)


class CustomerFilter(django_filters.FilterSet):  # type: ignore[misc]
    """The filters of the list."""

    entity = django_filters.CharFilter(field_name="entity__code", label="Code of the legal entity.")
    name = django_filters.CharFilter(lookup_expr="icontains", label="Part of the name.")
    country = django_filters.CharFilter(label="Country code.")
    tag = django_filters.CharFilter(field_name="tags", lookup_expr="contains", method="tagged", label="A tag.")

    def tagged(self, rows: QuerySet[Customer], name: str, value: str) -> QuerySet[Customer]:
        """The customers that carry the tag."""
        return rows.filter(tags__contains=[value])


class Customers(ApiView):
    """GET /customers/"""

    capabilities = {"GET": READ}
    serializer_class = CustomerOut
    filterset_class = CustomerFilter
    keyset = "number"
    queryset = Customer.objects.none()

    def get_queryset(self) -> QuerySet[Customer]:
        """The customers the caller may see."""
        return visible_customers(self.caller).select_related("entity", "terms", "parent")

    @extend_schema(operation_id="customers_list", responses=CustomerOut(many=True), summary="List customers")
    def get(self, request: Request) -> Response:
        """Customers in order of their number."""
        return self.listed()


class CustomerDetail(ApiView):
    """GET and PUT /customers/{number}/"""

    capabilities = {"GET": READ, "PUT": WRITE}
    serializer_class = CustomerIn
    pagination_class = None
    filter_backends = []

    def get_serializer_context(self) -> dict[str, Any]:
        """The entities the caller may choose, unless only the shape is described."""
        entities = {} if getattr(self, "swagger_fake_view", False) else {"entities": visible_entities(self.caller)}
        return {**super().get_serializer_context(), **entities}

    @extend_schema(parameters=[NUMBER], responses=CustomerOut, summary="Get a customer")
    def get(self, request: Request, number: str) -> Response:
        """One customer's master data."""
        refuse_unknown_parameters(request, set())
        return Response(CustomerOut(customer_or_404(self.caller, number)).data)

    @extend_schema(
        parameters=[NUMBER], responses={200: CustomerOut, 201: CustomerOut}, summary="Create or change a customer"
    )
    def put(self, request: Request, number: str) -> Response:
        """Creates the customer of that number (201), or changes the fields that were sent (200)."""
        sent = self.sent()
        is_known = "\x00" not in number and Customer.objects.filter(number=number).exists()
        customer = customer_or_404(self.caller, number) if is_known else _new_customer(number, sent)
        for name, value in sent.items():
            setattr(customer, name, value)
        kept = save_customer(customer=customer, actor=self.caller, by="api")
        return Response(CustomerOut(kept).data, status=200 if is_known else 201)


def _new_customer(number: str, sent: dict[str, Any]) -> Customer:
    missing = {name: ["A new customer needs this."] for name in ("name", "entity") if name not in sent}
    if missing:
        raise ValidationError(missing)
    return Customer(number=number, currency=sent["entity"].currency)


class Contacts(ApiView):
    """GET and POST /customers/{number}/contacts/"""

    capabilities = {"GET": READ, "POST": WRITE}
    serializer_class = ContactIn
    pagination_class = None
    filter_backends = []

    @extend_schema(
        operation_id="contacts_list", parameters=[NUMBER], responses=ContactOut(many=True), summary="List contacts"
    )
    def get(self, request: Request, number: str) -> Response:
        """The contacts of one customer, the primary one first."""
        refuse_unknown_parameters(request, set())
        rows = customer_or_404(self.caller, number).contacts.order_by("-is_primary", "pk")
        return Response(ContactOut(rows, many=True).data)

    @extend_schema(parameters=[NUMBER], responses={201: ContactOut}, summary="Add a contact")
    def post(self, request: Request, number: str) -> Response:
        """Adds a contact. A new primary contact takes the place of the old one."""
        customer = customer_or_404(self.caller, number)
        contact = save_contact(contact=Contact(customer=customer, **self.sent()), actor=self.caller, by="api")
        return Response(ContactOut(contact).data, status=201)


class ContactDetail(ApiView):
    """PUT /customers/{number}/contacts/{id}/"""

    capabilities = {"PUT": WRITE}
    serializer_class = ContactIn
    pagination_class = None
    filter_backends = []

    @extend_schema(parameters=[NUMBER], responses=ContactOut, summary="Change a contact")
    def put(self, request: Request, number: str, contact_id: int) -> Response:
        """Changes the fields that were sent. Someone who left is kept with `health` "left"."""
        contact = get_object_or_404(Contact, customer=customer_or_404(self.caller, number), pk=contact_id)
        for name, value in self.sent().items():
            setattr(contact, name, value)
        return Response(ContactOut(save_contact(contact=contact, actor=self.caller, by="api")).data)
