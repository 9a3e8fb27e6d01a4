"""One word for one thing (U90): what docs/glossary.md rules out stands on no page, in no message, in no guide."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
APPS = ("collections_app", "customers", "invoices", "dunning", "worklist")
ROWS = re.findall(r"^\| ([^|]+) \| [^|]+ \| ([^|]+) \|$", (ROOT / "docs/glossary.md").read_text(), re.MULTILINE)[2:]
RULED_OUT = {
    synonym.strip(): word.strip() for word, synonyms in ROWS for synonym in synonyms.split(",") if synonym.strip()
}
# What the law, a bank or another product calls things keeps its name.
SQL = re.compile(r"\b(SELECT|FROM|JOIN|WHERE|UPDATE)\b")
QUOTING = {
    "docs/glossary.md", "docs/bank-formats.md", "docs/algorithms/priority.md", "docs/algorithms/aging.md",
    "docs/benchmarks.md", "docs/importing.md",
}  # fmt: skip


def test_the_glossary_has_a_row_for_every_word_of_the_trade() -> None:
    assert len(ROWS) > 30
    assert len({word for word, _ in ROWS}) == len(ROWS)
    assert {word for word, _ in ROWS}.isdisjoint(RULED_OUT)


@pytest.mark.parametrize(("synonym", "word"), RULED_OUT.items())
def test_u90_one_word_for_one_thing(synonym: str, word: str) -> None:
    wanted = re.compile(rf"(?<![\w-]){re.escape(synonym)}s?(?![\w-])", re.IGNORECASE)
    found = [f"{where}: {text[:80]}" for where, text in SAID if wanted.search(text)]
    assert found == [], f"Say “{word}”"


def _said() -> Iterator[tuple[str, str]]:
    """Everything the product says in English, with where it says it."""
    for path in sorted((ROOT / "templates").rglob("*.html")):
        # Texts for payers in their own languages are no business of an English glossary; tags are not words.
        yield str(path.relative_to(ROOT)), _words(path.read_text())
    for path in (*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md", ROOT / "CHANGELOG.md"):
        name = str(path.relative_to(ROOT))
        if name not in QUOTING:
            yield name, re.sub(r"`[^`]*`|```.*?```", "", path.read_text(), flags=re.DOTALL)
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if not {"migrations", "country_packs", "bank_formats", "import_sources", "reading"} & set(path.parts):
                name = str(path.relative_to(ROOT))
                yield from ((name, text) for text in _sentences(path.read_text()))


def _words(template: str) -> str:
    told = re.findall(r"{%\s*(?:translate|blocktranslate)[^%]*%}", template)
    text = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}|<[^>]*>", " ", template, flags=re.DOTALL)
    return " ".join([*told, text])


def _sentences(source: str) -> Iterator[str]:
    """The texts in a module that a person may read: constants with a space in them that are not docstrings or SQL."""
    tree = ast.parse(source)
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    for node in texts:
        said = str(node.value)
        if id(node) not in docstrings and " " in said.strip() and not SQL.search(said):
            yield said


SAID = list(_said())
