"""A block of a template that reads the same for everybody in one language, written once and kept for as long as the
program runs. Must hold nothing about the person, the request or the day."""

from django import template
from django.conf import settings
from django.template.base import Node, NodeList, Parser, Token
from django.template.context import Context
from django.urls import get_urlconf
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()


class ConstantNode(Node):
    """The block; what it says is kept with the compiled template, per language and table of addresses."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist
        self._said: dict[tuple[str | None, str, str], SafeString] = {}

    def render(self, context: Context) -> SafeString:
        key = (get_language(), get_urlconf() or settings.ROOT_URLCONF, settings.STATIC_URL)
        found = self._said.get(key)
        if found is None:
            own = Context(autoescape=context.autoescape)
            assert context.template is not None  # a tag is only ever rendered within a template
            with own.bind_template(context.template):
                found = self._said[key] = self.nodelist.render(own)
        return found


@register.tag
def constant(parser: Parser, token: Token) -> ConstantNode:
    """{% constant %} words, icons, addresses of files {% endconstant %}; the block sees no variables."""
    nodelist = parser.parse(("endconstant",))
    parser.delete_first_token()
    return ConstantNode(nodelist)
