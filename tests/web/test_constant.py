"""A constant block is written once per language, and again in another one."""

from django.template import Context, Template
from django.utils.translation import override

_PAGE = Template("{% load i18n constant %}{% constant %}{% translate 'Monday' %}{{ seen }}{% endconstant %}{{ seen }}")


def test_a_constant_block_sees_no_variables() -> None:
    with override("en"):
        assert _PAGE.render(Context({"seen": "Ann"})) == "MondayAnn"


def test_a_constant_block_speaks_the_language_of_the_reader() -> None:
    with override("en"):
        english = _PAGE.render(Context({"seen": ""}))
    with override("de"):
        german = _PAGE.render(Context({"seen": ""}))
    with override("en"):
        assert _PAGE.render(Context({"seen": ""})) == english == "Monday"
    assert german != english
