"""The documents tell the truth: links lead somewhere, commands and settings exist, tables equal the code."""

import re
import subprocess
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import get_commands

from collections_app import env as configuration
from collections_app.accounts.roles import CAPABILITIES, Capability, Role
from customers.rules.import_fields import FIELDS
from dunning.inbound.anymail import PROVIDERS
from dunning.models import MessageProposal
from dunning.rules.templates import BLOCKS, INLINE
from invoices.views.bank_inbox import ACTS as BANK_ACTS
from worklist.rules.plan_text import read_plan
from worklist.rules.promise_text import read_promise
from worklist.views.acting import ACTS
from worklist.views.panel import KEYS

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
TOLD = [*DOCUMENTS, ROOT / ".env.example", ROOT / "Makefile", ROOT / "docker-compose.yml", ROOT / "Dockerfile"]
LINK = re.compile(r"""!?\[[^\]]*\]\(([^)\s]+)\)|src="([^"]+)\"""")
HEADING = re.compile(r"^#+ +(.*)$", re.MULTILINE)


def text_of(name: str) -> str:
    """The document below the root."""
    return (ROOT / name).read_text(encoding="utf-8")


def name(path: Path) -> str:
    """The path as a test shows it."""
    return str(path.relative_to(ROOT))


def rows_of(document: str, heading: str) -> list[list[str]]:
    """The cells of the first table whose head begins with `heading`, without head and rule."""
    lines = text_of(document).splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(f"| {heading} |")) + 2
    rows = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def anchors_of(path: Path) -> set[str]:
    """The anchors of a document's headings, as forges make them."""
    titles = HEADING.findall(path.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_link_leads_to_a_file_of_ours_or_to_another_site(document: Path) -> None:
    dead = []
    for found in LINK.finditer(document.read_text(encoding="utf-8")):
        target = found[1] or found[2]
        if target.startswith(("http://", "https://")):
            continue
        place, _, anchor = target.partition("#")
        path = (document.parent / place).resolve() if place else document
        if not path.exists() or (anchor and anchor not in anchors_of(path)):
            dead.append(target)
    assert dead == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_command_that_is_named_exists(document: Path) -> None:
    named = set(re.findall(r"manage\.py ([a-z_]+)", document.read_text(encoding="utf-8")))
    assert named - set(get_commands()) == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_make_target_that_is_named_exists(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))
    prose = document.read_text(encoding="utf-8")
    code = [*re.findall(r"`([^`\n]+)`", prose), *re.findall(r"^(make .*)$", prose, re.MULTILINE)]
    named = {found[1] for line in code if (found := re.match(r"make ([a-z]+)", line))}
    assert named - targets == set()


def test_every_module_that_make_runs_exists() -> None:
    modules = re.findall(r"-m (tests[\w.]*)", text_of("Makefile"))
    places = [ROOT / module.replace(".", "/") for module in modules]
    assert [place for place in places if not (place.with_suffix(".py").exists() or place.is_dir())] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_file_of_ours_that_is_named_exists(document: Path) -> None:
    rooms = "collections_app|customers|invoices|dunning|worklist|tests"
    named = re.findall(rf"`((?:{rooms})/[\w/.]*\.(?:py|html|css|js))`", document.read_text(encoding="utf-8"))
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("document", TOLD, ids=name)
def test_no_document_names_a_place_on_somebodys_machine(document: Path) -> None:
    assert re.findall(r"/(?:home|root|work|Users)/\w+", document.read_text(encoding="utf-8")) == []


def settings_read() -> set[str]:
    """Every variable that the configuration asks the environment for, by its name."""
    asked = re.compile(r'"((?:COLLECTIONS|EMAIL)_[A-Z_]+|DATABASE_URL|REDIS_URL)"')
    return set(asked.findall(Path(configuration.__file__).read_text(encoding="utf-8")))


@pytest.mark.parametrize("document", ["docs/administrator.md", ".env.example"])
def test_every_setting_that_is_read_is_told_and_none_that_is_not(document: str) -> None:
    told = set(re.findall(r"\b((?:COLLECTIONS|EMAIL)_[A-Z_]*[A-Z]|DATABASE_URL|REDIS_URL)\b", text_of(document)))
    assert told == settings_read()


def test_every_mail_provider_is_told() -> None:
    for document in ("docs/administrator.md", ".env.example"):
        assert [code for code in configuration.MAIL_BACKENDS if code not in text_of(document)] == []


def test_the_table_of_roles_is_the_table_of_capabilities() -> None:
    head = next(line for line in text_of("docs/manager.md").splitlines() if line.startswith("| may |"))
    roles = [Role(cell.strip()) for cell in head.strip("|").split("|")[1:]]
    told = {}
    for first, *cells in rows_of("docs/manager.md", "may"):
        code = re.match(r"`(\w+)`", first)
        assert code is not None
        assert set(cells) <= {"yes", ""}
        told[Capability(code[1])] = {role for role, cell in zip(roles, cells, strict=True) if cell == "yes"}
    assert set(roles) == set(Role)
    assert told == {right: {role for role in Role if right in CAPABILITIES[role]} for right in Capability}


def test_the_table_of_placeholders_is_the_list_of_allowed_names() -> None:
    told = {cells[0].strip("`{}"): cells[1] for cells in rows_of("docs/templates.md", "name")}
    assert told == {**INLINE, **BLOCKS}


def test_the_analysts_keys_are_those_of_the_page() -> None:
    told = {key for cells in rows_of("docs/analyst.md", "key") for key in re.findall(r"`(\w)`", cells[0])}
    assert {key for _, key, _, _ in KEYS} <= told
    stays = {cells[0].strip("`") for cells in rows_of("docs/analyst.md", "key") if "stays on the list" in cells[1]}
    assert stays == {key for code, key, _, _ in KEYS if code in ACTS and not ACTS[code].completes}


def test_promises_can_be_typed_as_the_analysts_page_says() -> None:
    today = date(2026, 11, 20)
    for cells in rows_of("docs/analyst.md", "you type"):
        for said in re.findall(r"`([^`]+)`", cells[0]):
            spoken = read_promise(said, today=today, currency="EUR")
            assert spoken.on > today, said
            assert (spoken.amount is None) == ("everything" in cells[1] or said.startswith("alles")), said


def test_plans_can_be_typed_as_the_analysts_page_says() -> None:
    today = date(2026, 11, 3)
    said = [cells[0].strip("`") for cells in rows_of("docs/analyst.md", "you type for a plan")]
    plans = [read_plan(words, today=today, currency="EUR") for words in said]
    counts = [len(plan.parts(Decimal(1500), today=today, currency="EUR")) for plan in plans if plan]
    assert counts == [3, 3, 3, 2, 2]


def test_the_index_lists_every_document() -> None:
    listed = re.findall(r"\]\(([\w/-]+\.md)\)", text_of("docs/README.md"))
    there = {str(path.relative_to(ROOT / "docs")) for path in (ROOT / "docs").rglob("*.md")} - {"README.md"}
    tracked = subprocess.run(["git", "ls-files", "docs"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {path for path in there if f"docs/{path}" in tracked.split()} <= set(listed)


def test_the_accountants_page_names_the_keys_of_the_bank_inbox() -> None:
    keys = dict(rows_of("docs/accountant.md", "key"))
    assert {f"`{key}`" for _, key, *_ in BANK_ACTS} <= set(keys)


def test_every_column_of_an_import_is_told() -> None:
    told = sorted(row[0] for row in rows_of("docs/importing.md", "column"))
    assert told == sorted(field.label for field in FIELDS)


def test_the_page_about_answers_names_every_kind_of_finding_and_every_key() -> None:
    template = text_of("templates/dunning/_message_proposal.html") + text_of("templates/dunning/_message_panel.html")
    keys = set(re.findall(r'data-key="(\w)"', template))
    told = {key for cells in rows_of("docs/replies.md", "key") for key in re.findall(r"`(\w)`", cells[0])}
    assert keys <= told
    assert len(rows_of("docs/replies.md", "read")) == len(MessageProposal.Kind)
    assert [code for code in PROVIDERS if code not in text_of("docs/replies.md")] == []
