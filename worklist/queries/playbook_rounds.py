"""How far people follow the playbooks, per playbook, step and analyst. Reads only.

A round is one customer on one day on which a person did anything of a playbook."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from worklist.models import Playbook
from worklist.rules.playbook import share

_ROUNDS = """
WITH rounds AS (
  SELECT s.playbook_id, c.customer_id, c."on", c.by_id, COUNT(*) AS done FROM worklist_playbookcheck c
  JOIN worklist_playbookstep s ON s.id = c.step_id
  WHERE c.undone_at IS NULL AND c."on" > %(since)s AND c."on" <= %(on)s AND c.customer_id IN (
    SELECT id FROM customers_customer WHERE %(entities)s::bigint[] IS NULL OR entity_id = ANY(%(entities)s))
  GROUP BY s.playbook_id, c.customer_id, c."on", c.by_id
), per AS (
  SELECT playbook_id, COUNT(DISTINCT (customer_id, "on")) AS rounds FROM rounds GROUP BY playbook_id
), size AS (
  SELECT playbook_id, COUNT(*) AS steps FROM worklist_playbookstep GROUP BY playbook_id
)
"""
_BY_PLAYBOOK = f"""{_ROUNDS}
SELECT p.playbook_id, p.rounds, SUM(r.done), p.rounds * size.steps
FROM per p JOIN rounds r ON r.playbook_id = p.playbook_id JOIN size ON size.playbook_id = p.playbook_id
GROUP BY p.playbook_id, p.rounds, size.steps
"""  # noqa: S608 (constants of ours)
_BY_STEP = f"""{_ROUNDS}
SELECT s.text, COUNT(DISTINCT (c.customer_id, c."on")) FILTER (WHERE r.customer_id IS NOT NULL),
       COALESCE((SELECT rounds FROM per WHERE playbook_id = s.playbook_id), 0)
FROM worklist_playbookstep s LEFT JOIN worklist_playbookcheck c ON c.step_id = s.id AND c.undone_at IS NULL
LEFT JOIN rounds r ON r.playbook_id = s.playbook_id AND r.customer_id = c.customer_id AND r."on" = c."on"
WHERE s.playbook_id = %(playbook)s GROUP BY s.id ORDER BY s.position
"""  # noqa: S608 (constants of ours)
_BY_ANALYST = f"""{_ROUNDS}
SELECT COALESCE(NULLIF(TRIM(u.first_name || ' ' || u.last_name), ''), u.username, ''), SUM(r.done),
       COUNT(*) * (SELECT steps FROM size WHERE playbook_id = %(playbook)s)
FROM rounds r LEFT JOIN accounts_user u ON u.id = r.by_id WHERE r.playbook_id = %(playbook)s
GROUP BY u.id ORDER BY SUM(r.done) DESC, u.id LIMIT 50
"""  # noqa: S608 (constants of ours)


@dataclass(frozen=True, slots=True)
class Followed:
    """How often something was done of how often it could have been; `percent` is whole, None of nothing."""

    name: str
    done: int
    of: int

    @property
    def percent(self) -> int | None:
        """The share in percent."""
        return share(self.done, self.of)


@dataclass(frozen=True, slots=True)
class Rounds:
    """The last `days` days up to `on`, inclusive, of the customers of these entities; None stands for all entities."""

    on: date
    days: int
    entities: Sequence[int] | None

    def by_playbook(self) -> Mapping[int, Followed]:
        """Per playbook id, the steps done of the steps there were; the name is the number of rounds."""
        return {pk: Followed(str(rounds), int(done), int(of)) for pk, rounds, done, of in self._rows(_BY_PLAYBOOK)}

    def by_step(self, playbook: Playbook) -> list[Followed]:
        """The steps in order, each with how often it was done and how many rounds there were."""
        return [Followed(*row) for row in self._rows(_BY_STEP, playbook=playbook.pk)]

    def by_analyst(self, playbook: Playbook) -> list[Followed]:
        """Who followed it, the most steps first: steps done of the steps of those rounds."""
        rows = self._rows(_BY_ANALYST, playbook=playbook.pk)
        return [Followed(name, int(done), int(of)) for name, done, of in rows]

    def _rows(self, statement: str, **more: Any) -> list[tuple[Any, ...]]:
        asked: dict[str, Any] = {"on": self.on, "since": self.on - timedelta(days=self.days), **more}
        asked["entities"] = None if self.entities is None else list(self.entities)
        with connection.cursor() as cursor:
            cursor.execute(statement, asked)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
