"""Who is in the team, who is away and who stands in, and how much of each day is taken. Reads only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet, Sum

from collections_app.accounts.models import Team, User
from collections_app.accounts.roles import CAPABILITIES, Capability
from worklist.models import Absence, Capacity, WorklistItem
from worklist.queries.filters import Filters, shown, visible_items
from worklist.rules.team import USUAL_WEEK, Away, standing_in

WORKING_ROLES = tuple(role.value for role, rights in CAPABILITIES.items() if Capability.WORK_ACCOUNTS in rights)
LEADING_ROLES = tuple(
    role.value
    for role, rights in CAPABILITIES.items()
    if Capability.LEAD_TEAM in rights and Capability.ADMINISTER not in rights
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Money(NamedTuple):
    """Overdue money in one currency."""

    amount: Decimal
    currency: str


@dataclass(slots=True)
class Load:
    """What one person has on today's list; `user` None for the accounts of nobody. Minutes are expected ones."""

    user: User | None
    capacity: int = 0
    left: int = 0
    minutes: int = 0
    done: int = 0
    money: list[Money] = field(default_factory=list)
    away_until: date | None = None
    substitute: User | None = None
    stands_in_for: list[User] = field(default_factory=list)

    @property
    def over(self) -> int:
        """The minutes beyond what the day holds; 0 when it fits."""
        return max(self.minutes - self.capacity, 0)


def stand_ins(on: date) -> Mapping[int, int | None]:
    """For each person away on that day, by id, who works their list: the substitute's id, or None for nobody.

    Substitutes who are away themselves, or can no longer sign in, are passed over. One statement."""
    rows = Absence.objects.filter(starts_on__lte=on, ends_on__gte=on).order_by("starts_on", "pk")
    found = rows.values_list("user_id", "substitute_id", "substitute__is_active")
    return standing_in(Away(user, substitute if active else None) for user, substitute, active in found)


def teams_of(user: User) -> QuerySet[Team]:
    """The teams the person may look after: their own; all with the right to see all teams."""
    return Team.objects.all() if user.may(Capability.SEE_ALL_TEAMS) else Team.objects.filter(members=user)


def teammates(user: User) -> QuerySet[User]:
    """The people of those teams who work accounts and can sign in, by name."""
    rows = User.objects.filter(is_active=True, role__in=WORKING_ROLES, teams__in=teams_of(user))
    return rows.distinct().order_by("first_name", "last_name", "username")


def managers_of(team_id: int) -> QuerySet[User]:
    """The people who lead that team: managers in it. Where it has none, the administrators."""
    active = User.objects.filter(is_active=True)
    found = active.filter(teams=team_id, role__in=LEADING_ROLES).order_by("pk")
    return found if found.exists() else active.filter(role="administrator").order_by("pk")


def weeks_of(user_ids: Iterable[int]) -> Mapping[int, Sequence[int]]:
    """For each of these people the minutes of each weekday, Monday first; the usual ones where nobody set them."""
    ids = list(user_ids)
    rows = Capacity.objects.filter(user__in=ids).values_list("user_id", *WEEKDAYS)
    return dict.fromkeys(ids, USUAL_WEEK) | {row[0]: row[1:] for row in rows}


def team_load(user: User, *, on: date) -> list[Load]:
    """The load of each of the person's teammates today, the fullest first, then what is nobody's if anything is.

    People without any account or minutes who are no analysts are left out. A fixed number of statements."""
    people = {person.pk: person for person in teammates(user)}
    weeks, away = weeks_of(people), stand_ins(on)
    loads: dict[int | None, Load] = {
        pk: Load(person, capacity=0 if pk in away else weeks[pk][on.weekday()]) for pk, person in people.items()
    }
    _count(loads, visible_items(user), on)
    for absence in current_absences(people, on=on):
        _note_absence(loads, absence, people, away)
    shown_loads = [load for load in loads.values() if load.left or load.done or _is_analyst(load) or load.stands_in_for]
    return sorted(shown_loads, key=lambda load: (load.user is None, -load.minutes, str(load.user)))


def current_absences(user_ids: Iterable[int], *, on: date) -> QuerySet[Absence]:
    """The absences of these people that are not over, the nearest first."""
    rows = Absence.objects.filter(user__in=list(user_ids), ends_on__gte=on)
    return rows.select_related("user", "substitute").order_by("starts_on", "pk")


def _count(loads: dict[int | None, Load], items: QuerySet[WorklistItem], on: date) -> None:
    left = shown(items, Filters(), on=on).order_by().values("analyst", "currency")
    for row in left.annotate(n=Count("pk"), spent=Sum("minutes"), money=Sum("overdue")).order_by("-money"):
        load = loads.setdefault(None, Load(None)) if row["analyst"] not in loads else loads[row["analyst"]]
        load.left, load.minutes = load.left + row["n"], load.minutes + row["spent"]
        load.money.append(Money(row["money"], row["currency"]))
    for pk, count in items.filter(done_on=on).order_by().values_list("done_by").annotate(Count("pk")):
        if pk in loads:
            loads[pk].done += count


def _note_absence(
    loads: dict[int | None, Load], absence: Absence, people: Mapping[int, User], away: Mapping[int, int | None]
) -> None:
    load = loads[absence.user_id]
    if absence.user_id not in away or load.away_until is not None:
        return
    standing = away[absence.user_id]
    load.away_until, load.substitute = absence.ends_on, people.get(standing or 0)
    if standing in loads and load.user is not None:
        loads[standing].stands_in_for.append(load.user)


def _is_analyst(load: Load) -> bool:
    return load.user is not None and load.user.role == "analyst"


def absences_to_come(user: User, *, on: date) -> QuerySet[Absence]:
    """The absences of the person's teammates that are not over, the nearest first."""
    mates = teammates(user).order_by().values("pk")
    rows = Absence.objects.filter(ends_on__gte=on, user__in=mates).select_related("user", "substitute")
    return rows.order_by("starts_on", "pk")


def unattended(user: User, *, on: date) -> int:
    """How many of the visible accounts with something to do today have a collector who is away with nobody to stand
    in."""
    gone = [pk for pk, substitute in stand_ins(on).items() if substitute is None]
    rows = shown(visible_items(user), Filters(), on=on).filter(Q(collector__in=gone), analyst=None)
    return rows.count() if gone else 0
