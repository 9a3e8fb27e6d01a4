"""Bank files and lines over the API: a bank's machine pushes files, others look at what became of them."""

from collections.abc import Mapping
from typing import IO, Any

import django_filters
from django.db.models import Prefetch, QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from collections_app.accounts.roles import Capability
from collections_app.api.fields import AmountField, CurrencyField, MoneySerializer
from collections_app.api.filters import refuse_unknown_parameters
from customers.access import visible_entities
from invoices.access import visible_bank_files, visible_bank_lines
from invoices.api.scope import ScopedView
from invoices.bank_formats.registry import MAX_FILE
from invoices.filters import DayFilter
from invoices.models import BankFile, BankLine, BankPosting
from invoices.nudge import nudge
from invoices.services.import_bank_file import import_bank_file
from invoices.tasks import match_waiting_bank_lines, read_waiting_bank_files

READ, WRITE = Capability.SEE_ACCOUNTS, Capability.RECORD_CASH
NAME = OpenApiParameter("name", OpenApiTypes.STR, description="The file's name, shown to people.")


class RawParser(BaseParser):
    """The body as it came, at most one byte more than can be read."""

    media_type = "application/octet-stream"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """The bytes."""
        return stream.read(MAX_FILE + 1)


class ProblemOut(serializers.Serializer[Any]):
    """A place of the file that could not be read."""

    position = serializers.CharField()
    sentence = serializers.CharField()


class BankFileOut(serializers.Serializer[Any]):
    """What became of a file. `queued`: read soon; `asking`: a person must answer on the page first."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    state = serializers.ChoiceField(choices=BankFile.State.choices)
    format = serializers.CharField(allow_blank=True)
    refusal = serializers.CharField(allow_blank=True)
    lines_added = serializers.IntegerField()
    lines_known = serializers.IntegerField()
    problems = ProblemOut(many=True)


class BankLineOut(MoneySerializer):
    """One movement. `amount` is signed: positive came in. `payments` are the ids of what was posted for it."""

    id = serializers.IntegerField()
    account = serializers.CharField(source="account.identification")
    booked_on = serializers.DateField()
    value_on = serializers.DateField()
    amount = AmountField()
    currency = CurrencyField()
    counterparty_name = serializers.CharField(allow_blank=True)
    counterparty_account = serializers.CharField(allow_blank=True)
    reference = serializers.CharField(allow_blank=True)
    text = serializers.CharField(allow_blank=True)
    end_to_end_id = serializers.CharField(allow_blank=True)
    state = serializers.ChoiceField(choices=BankLine.State.choices)
    payments = serializers.SerializerMethodField()

    def get_payments(self, row: BankLine) -> list[int]:
        """The payments that stand."""
        return [posting.payment_id for posting in row.live if posting.payment_id]  # type: ignore[attr-defined]


class BankLineFilter(django_filters.FilterSet):  # type: ignore[misc]
    """The filters of the list of lines."""

    account = django_filters.CharFilter(field_name="account__identification", label="IBAN or number of our account.")
    state = django_filters.ChoiceFilter(choices=BankLine.State.choices, label="What became of it.")
    booked_from = DayFilter(field_name="booked_on", lookup_expr="gte", label="Booked from this day.")
    booked_to = DayFilter(field_name="booked_on", lookup_expr="lte", label="Booked until this day.")


class BankFiles(ScopedView):
    """GET and POST /bank-files/"""

    capabilities = {"GET": READ, "POST": WRITE}
    parser_classes = [RawParser]
    serializer_class = BankFileOut
    queryset = BankFile.objects.none()

    def get_queryset(self) -> QuerySet[BankFile]:
        """The files the caller may see."""
        return visible_bank_files(self.caller)

    @extend_schema(operation_id="bank_files_list", responses=BankFileOut(many=True), summary="List bank files")
    def get(self, request: Request) -> Response:
        """Bank files with what became of them."""
        return self.listed()

    @extend_schema(
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses={200: BankFileOut, 202: BankFileOut},
        parameters=[NAME],
        filters=False,
        summary="Import a bank file",
    )
    def post(self, request: Request) -> Response:
        """Takes a statement in: camt, MT940, BAI2, OFX or CSV. The same file again adds nothing: no key is needed."""
        refuse_unknown_parameters(request, {"name"})
        sent: Any = request.data  # of an empty body a dictionary
        file = import_bank_file(
            name=request.query_params.get("name", "api"), content=sent if isinstance(sent, bytes) else b"", wait=False,
            entities=list(visible_entities(self.caller)), actor=self.caller, by="api",
        )  # fmt: skip
        waits = file.state == BankFile.State.QUEUED
        nudge(read_waiting_bank_files if waits else match_waiting_bank_lines)
        return Response(BankFileOut(file).data, status=202 if waits else 200)


class BankLines(ScopedView):
    """GET /bank-lines/"""

    capabilities = {"GET": READ}
    filterset_class = BankLineFilter
    serializer_class = BankLineOut
    queryset = BankLine.objects.none()

    def get_queryset(self) -> QuerySet[BankLine]:
        """The lines of the caller's accounts, with the postings that stand."""
        live = Prefetch("postings", BankPosting.objects.filter(undone_at__isnull=True).order_by("pk"), to_attr="live")
        return visible_bank_lines(self.caller).select_related("account").prefetch_related(live)

    @extend_schema(operation_id="bank_lines_list", responses=BankLineOut(many=True), summary="List bank lines")
    def get(self, request: Request) -> Response:
        """Bank lines with what became of them."""
        return self.listed()
