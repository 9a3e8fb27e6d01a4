"""What the aging pages are asked for: read from the address, checked, turned into a scope. It computes no amounts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collections_app.accounts.models import User
from collections_app.lib.currencies import is_currency
from customers.access import visible_customers, visible_entities
from customers.models import Customer, LegalEntity
from invoices.filters import DayField
from invoices.queries.aging_matrix import DEFAULT_SORT, SORTS
from invoices.queries.aging_sql import AgingScope
from invoices.rules.aging import BUCKET_GROUPS, Bucket

NOBODY = "nobody"
LARGEST_PAGE = 10_000
Query = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AgingQuestion:
    """A checked question. `query` holds what the address needs to ask the same again, without paging."""

    scope: AgingScope
    sort: str
    page: int
    buckets: tuple[Bucket, ...]
    part: str
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
    currency = forms.CharField(label=gettext_lazy("Currency"), required=False, widget=forms.HiddenInput)
    known = forms.ChoiceField(
        label=gettext_lazy("Back-dated rows"),
        required=False,
        choices=[("", gettext_lazy("Included")), ("then", gettext_lazy("Only what was known that day"))],
    )
    sort = forms.ChoiceField(
        required=False, widget=forms.HiddenInput, choices=[(f"{s}{k}", k) for k in SORTS for s in ("", "-")]
    )
    customer = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**63 - 1)
    bucket = forms.ChoiceField(required=False, widget=forms.HiddenInput, choices=[(key, key) for key in BUCKET_GROUPS])
    part = forms.ChoiceField(required=False, widget=forms.HiddenInput, choices=[("disputed", ""), ("credits", "")])
    page = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=LARGEST_PAGE)

    def __init__(self, asked: QueryDict, *, user: User, today: date) -> None:
        data = asked.copy()
        data.setdefault("as_of", today.isoformat())
        super().__init__(data)
        self._user, self._today = user, today
        self._entities = {entity.code: entity for entity in visible_entities(user).order_by("code")}
        self._choose("entity", _("All entities"), [(code, f"{code} · {e.name}") for code, e in self._entities.items()])
        self._choose("collector", _("Everybody"), [*_collectors(user), (NOBODY, _("Nobody"))])
        self.fields["as_of"].widget.attrs["max"] = today.isoformat()

    def clean_as_of(self) -> date:
        """The day, today when none is given; a day that has not come yet is refused."""
        day: date = self.cleaned_data["as_of"] or self._today
        if day > self._today:
            raise ValidationError(_("This day has not come yet. Choose %(day)s or earlier.") % {"day": self._today})
        return day

    def clean_currency(self) -> str:
        """The currency's code, '' for all."""
        code: str = self.cleaned_data["currency"]
        if code and not is_currency(code):
            raise ValidationError(_("There is no such currency. Use a code such as EUR, or none for all."))
        return code

    def question(self) -> AgingQuestion:
        """The checked question; only after is_valid()."""
        given: dict[str, Any] = self.cleaned_data
        kept = ("entity", "collector", "currency", "known", "customer", "bucket", "part", "sort")
        return AgingQuestion(
            scope=self._scope(given),
            sort=given["sort"] or DEFAULT_SORT,
            page=given["page"] or 1,
            buckets=BUCKET_GROUPS.get(given["bucket"], ()),
            part=given["part"],
            query={"as_of": given["as_of"].isoformat(), **{key: str(given[key]) for key in kept if given[key]}},
            filtered=any(given[key] for key in ("entity", "collector", "currency", "known")),
        )

    def _scope(self, given: Mapping[str, Any]) -> AgingScope:
        entity = self._entities.get(given["entity"])
        return AgingScope(
            as_of=given["as_of"],
            entity_ids=(entity.pk,) if entity else None,
            customers=self._customers(given),
            currency=given["currency"] or None,
            known_by=self._end_of_day(given["as_of"], entity) if given["known"] else None,
        )

    def _customers(self, given: Mapping[str, Any]) -> QuerySet[Customer]:
        customers = visible_customers(self._user)
        if given["customer"]:
            customers = customers.filter(pk=given["customer"])
        if given["collector"] == NOBODY:
            return customers.filter(collector=None)
        return customers.filter(collector=int(given["collector"])) if given["collector"] else customers

    def _end_of_day(self, day: date, entity: LegalEntity | None) -> datetime:
        zone = (entity or next(iter(self._entities.values()))).time_zone if self._entities else "UTC"
        return datetime.combine(day + timedelta(days=1), time.min, tzinfo=ZoneInfo(zone))

    def _choose(self, name: str, everything: str, choices: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", everything), *choices]


def _collectors(user: User) -> list[tuple[str, str]]:
    """Everybody who looks after a customer this person may see."""
    theirs = visible_customers(user).filter(collector=OuterRef("pk"))
    people = User.objects.filter(Exists(theirs)).order_by("first_name", "last_name", "username")
    return [(str(person.pk), str(person)) for person in people]
