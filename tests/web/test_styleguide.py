"""The style guide shows what it promises: every component, every class of theirs, every fragment people work with."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

pytestmark = pytest.mark.django_db

TEMPLATES = Path(settings.BASE_DIR) / "templates"
SHEETS = Path(settings.BASE_DIR) / "static/css/components"
COMPONENTS = sorted(str(path.relative_to(TEMPLATES)) for path in (TEMPLATES / "web/components").glob("*.html"))
WORKSPACE = (
    "web/_bell.html",
    "worklist/_progress.html",
    "worklist/_found.html",
    "worklist/_nobody.html",
    "worklist/_views.html",
    "worklist/_bulk.html",
    "worklist/_day.html",
    "worklist/_here.html",
    "worklist/_mail_findings.html",
    "worklist/_mail_shown.html",
    "worklist/_playbook.html",
    "worklist/_advice.html",
    "worklist/_dispute_board.html",
    "worklist/_case_composer.html",
    "worklist/_events.html",
    "worklist/_capacity.html",
    "worklist/_notifications.html",
)


@pytest.fixture
def shown(client: Client) -> tuple[set[str], set[str]]:
    """The names of the templates of the page, and every class in it."""
    answer = client.get("/styleguide/")
    assert answer.status_code == 200
    classes = {word for value in re.findall(r'\sclass="([^"]*)"', answer.content.decode()) for word in value.split()}
    return {template.name for template in answer.templates if template.name}, classes


def test_every_component_stands_in_the_style_guide(shown: tuple[set[str], set[str]]) -> None:
    assert {*COMPONENTS, *WORKSPACE} - shown[0] == set()


def test_every_class_of_a_component_stands_in_the_style_guide(shown: tuple[set[str], set[str]]) -> None:
    missing = {sheet.name: _styled(sheet) - shown[1] for sheet in SHEETS.glob("*.css")}
    assert {name: classes for name, classes in missing.items() if classes} == {}


def _styled(sheet: Path) -> set[str]:
    """The classes that rules of this sheet speak of."""
    rules = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
    return set(re.findall(r"\.([a-z][a-z0-9-]*)", re.sub(r"\{[^{}]*\}", "{}", rules)))
