"""What the aging pages are asked for: read from the address, checked, turned into a scope. It computes no amounts."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collections_app.accounts.models import User
from collections_app.lib.currencies import is_currency
from collections_app.lib.errors import BadInput
from customers.access import visible_customers, visible_entities
from customers.models import Customer, LegalEntity, Segment
from customers.queries.segments import in_segment
from invoices.filters import DayField
from invoices.forms.aging_groups import customers_in
from invoices.queries.aging_documents import PARTS
from invoices.queries.aging_matrix import DEFAULT_SORT, GROUPINGS, Grouping, sorts
from invoices.queries.aging_sql import AgingScope
from invoices.rules.aging import Basis, Credits
from invoices.rules.buckets import Bucket, BucketSet, bucket_set

NOBODY = "nobody"
LARGEST_PAGE = 10_000
LONGEST_KEY = 500
Query = Mapping[str, str]

BASES = [(Basis.DUE.value, gettext_lazy("Due date")), (Basis.INVOICE.value, gettext_lazy("Document date"))]
CREDITS = [
    (Credits.OWN.value, gettext_lazy("By their own date")),
    (Credits.OLDEST.value, gettext_lazy("Off the oldest")),
    (Credits.COLUMN.value, gettext_lazy("In their own column")),
]
GROUPS = [
    ("customer", gettext_lazy("Customer")),
    ("group", gettext_lazy("Group of companies")),
    ("entity", gettext_lazy("Legal entity")),
    ("collector", gettext_lazy("Collector")),
    ("kind", gettext_lazy("Kind of customer")),
    ("risk", gettext_lazy("Risk class")),
    ("tags", gettext_lazy("Tags")),
    ("country", gettext_lazy("Country")),
    ("segment", gettext_lazy("Segment")),
]
_KEPT = (
    "entity",
    "collector",
    "segment",
    "currency",
    "customer",
    "bucket",
    "part",
    "sort",
    "by",
    "within",
    "key",
    "base",
    "stored",
)
_BUCKET = re.compile(r"-?[0-9]+(-[0-9]+|\+)")
_FILTERS = ("entity", "collector", "segment", "currency", "known_on", "key")


@dataclass(frozen=True, slots=True)
class AgingQuestion:
    """A checked question. `query` holds what the address needs to ask the same again, without paging.

    `by` is what the lines are. A question within one line of another grouping (`key`) has lines by customer."""

    scope: AgingScope
    sort: str
    page: int
    buckets: tuple[Bucket, ...]
    part: str
    by: Grouping
    key: str
    base: str
    query: Query
    filtered: bool


class AgingFilter(forms.Form):
    """The filter above the aging. `today` is the latest day that can be asked."""

    as_of = DayField(
        label=gettext_lazy("As of"),
        required=False,
        error_messages={"invalid": gettext_lazy("This is not a day of the calendar. Write it like 2026-11-03.")},
    )
    entity = forms.ChoiceField(label=gettext_lazy("Legal entity"), required=False)
    collector = forms.ChoiceField(label=gettext_lazy("Collector"), required=False)
    segment = forms.ChoiceField(label=gettext_lazy("Segment"), required=False)
    by = forms.ChoiceField(label=gettext_lazy("Lines"), required=False, choices=GROUPS)
    basis = forms.ChoiceField(label=gettext_lazy("Age by"), required=False, choices=BASES)
    credits = forms.ChoiceField(label=gettext_lazy("Credits"), required=False, choices=CREDITS)
    buckets = forms.CharField(
        label=gettext_lazy("Buckets"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("Last day of each, like 0/30/60/90/120."),
    )
    known_on = DayField(
        label=gettext_lazy("As known on"),
        required=False,
        help_text=gettext_lazy("Empty: with everything we know today."),
        error_messages={"invalid": gettext_lazy("This is not a day of the calendar. Write it like 2026-11-03.")},
    )
    stored = forms.ChoiceField(required=False, widget=forms.HiddenInput, choices=[("1", "")])
    base = forms.CharField(label=gettext_lazy("Also in one currency"), required=False, max_length=3)
    currency = forms.CharField(label=gettext_lazy("Currency"), required=False, widget=forms.HiddenInput)
    sort = forms.CharField(required=False, widget=forms.HiddenInput, max_length=30)
    customer = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**63 - 1)
    bucket = forms.CharField(required=False, widget=forms.HiddenInput, max_length=30)
    part = forms.ChoiceField(required=False, widget=forms.HiddenInput, choices=[(key, key) for key in PARTS])
    within = forms.ChoiceField(required=False, widget=forms.HiddenInput, choices=GROUPS[1:])
    key = forms.CharField(required=False, widget=forms.HiddenInput, max_length=LONGEST_KEY)
    page = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=LARGEST_PAGE)

    def __init__(self, asked: QueryDict, *, user: User, today: date) -> None:
        data = asked.copy()
        data.setdefault("as_of", today.isoformat())
        super().__init__(data)
        self._user, self._today = user, today
        self._entities = {entity.code: entity for entity in visible_entities(user).order_by("code")}
        self._choose("entity", _("All entities"), [(code, f"{code} · {e.name}") for code, e in self._entities.items()])
        self._choose("collector", _("Everybody"), [*_collectors(user), (NOBODY, _("Nobody"))])
        self._choose("segment", _("All customers"), _segments())
        for name in ("as_of", "known_on"):
            self.fields[name].widget.attrs["max"] = today.isoformat()
        self.fields["buckets"].widget.attrs["placeholder"] = "0/30/60/90/120"
        self.fields["base"].widget.attrs["placeholder"] = "EUR"

    def clean_as_of(self) -> date:
        """The day, today when none is given; a day that has not come yet is refused."""
        return self._past(self.cleaned_data["as_of"] or self._today)

    def clean_known_on(self) -> date | None:
        """The day, None for everything that is known."""
        day: date | None = self.cleaned_data["known_on"]
        return self._past(day) if day else None

    def clean_currency(self) -> str:
        """The currency's code, '' for all."""
        return _currency(self.cleaned_data["currency"])

    def clean_base(self) -> str:
        """The code of the currency to convert into as well, '' for none."""
        return _currency(self.cleaned_data["base"].upper())

    def clean_buckets(self) -> BucketSet:
        """The buckets; the default set when none are given."""
        try:
            return bucket_set(self.cleaned_data["buckets"])
        except BadInput as problem:
            raise ValidationError(problem.sentence) from None

    def clean(self) -> dict[str, Any]:
        """What depends on the chosen buckets and lines."""
        given: dict[str, Any] = self.cleaned_data
        buckets = given.get("buckets")
        if isinstance(buckets, BucketSet):
            if given.get("bucket") and not buckets.named(given["bucket"]):
                self.add_error("bucket", _("There is no such bucket among those chosen."))
            if given.get("sort") and given["sort"].removeprefix("-") not in sorts(buckets):
                if not _BUCKET.fullmatch(given["sort"]):
                    self.add_error("sort", _("The lines cannot be sorted by this."))
                given["sort"] = ""  # sorted by a bucket of the set that was asked for before
        if given.get("key") and customers_in(Customer.objects.none(), given.get("within", ""), given["key"]) is None:
            self.add_error("key", _("There is no such line."))
        return given

    def question(self) -> AgingQuestion:
        """The checked question; only after is_valid()."""
        given: dict[str, Any] = self.cleaned_data
        scope = self._scope(given)
        query = {"as_of": scope.as_of.isoformat(), **{name: str(given[name]) for name in _KEPT if given[name]}}
        if scope.known_on:
            query["known_on"] = scope.known_on.isoformat()
        if scope.basis is not Basis.DUE:
            query["basis"] = scope.basis.value
        if scope.credits is not Credits.OWN:
            query["credits"] = scope.credits.value
        if given["buckets"] != BucketSet((30, 60, 90, 120)):
            query["buckets"] = given["buckets"].written
        return AgingQuestion(
            scope=scope,
            sort=given["sort"] or DEFAULT_SORT,
            page=given["page"] or 1,
            buckets=scope.buckets.named(given["bucket"]),
            part=given["part"],
            by=GROUPINGS["customer" if given["key"] else given["by"] or "customer"],
            key=given["key"],
            base=given["base"],
            query=query,
            filtered=any(given[name] for name in _FILTERS),
        )

    def _scope(self, given: Mapping[str, Any]) -> AgingScope:
        entity = self._entities.get(given["entity"])
        entity_ids: tuple[int, ...] | None = (entity.pk,) if entity else None
        if given["key"] and given["within"] == "entity":
            chosen = LegalEntity.objects.filter(code=given["key"]).values_list("pk", flat=True)
            entity_ids = tuple(pk for pk in chosen if entity in (None, self._entities.get(given["key"])))
        return AgingScope(
            as_of=given["as_of"],
            entity_ids=entity_ids,
            customers=self._customers(given),
            currency=given["currency"] or None,
            known_on=given["known_on"],
            stored=bool(given["stored"]),
            basis=Basis(given["basis"] or Basis.DUE),
            credits=Credits(given["credits"] or Credits.OWN),
            buckets=given["buckets"],
        )

    def _customers(self, given: Mapping[str, Any]) -> QuerySet[Customer]:
        customers = visible_customers(self._user)
        if given["customer"]:
            customers = customers.filter(pk=given["customer"])
        if given["segment"]:
            customers = in_segment(customers, given["segment"])
        if given["key"]:
            narrowed = customers_in(customers, given["within"], given["key"])
            customers = customers.none() if narrowed is None else narrowed
        if given["collector"] == NOBODY:
            return customers.filter(collector=None)
        return customers.filter(collector=int(given["collector"])) if given["collector"] else customers

    def _past(self, day: date) -> date:
        if day > self._today:
            raise ValidationError(_("This day has not come yet. Choose %(day)s or earlier.") % {"day": self._today})
        return day

    def _choose(self, name: str, everything: str, choices: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", everything), *choices]


def _currency(code: str) -> str:
    if code and not is_currency(code):
        raise ValidationError(_("There is no such currency. Use a code such as EUR, or none for all."))
    return code


def _segments() -> list[tuple[str, str]]:
    """The segments in use; who is in one is decided as of today, whatever day is asked for."""
    return list(Segment.objects.filter(is_active=True).values_list("code", "name"))


def _collectors(user: User) -> list[tuple[str, str]]:
    """Everybody who looks after a customer this person may see."""
    theirs = visible_customers(user).filter(collector=OuterRef("pk"))
    people = User.objects.filter(Exists(theirs)).order_by("first_name", "last_name", "username")
    return [(str(person.pk), str(person)) for person in people]
