"""XML of a bank to a tree that is easy to ask: plain names without namespaces, and lines where they are wanted.

Refuses document type definitions and entities unread: no bank needs them, attackers do. Must not know any message."""

from collections.abc import Collection
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder
from xml.parsers.expat import ErrorString

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from invoices.bank_formats.contract import Refused
from invoices.bank_formats.declared_text import text_of

_PADDING = "\0\x1a \r\n\t"  # with which mainframes fill the last block
MAX_DEPTH = 60  # the messages nest about twenty deep
MAX_ELEMENTS = 2_000_000  # about 80 000 payments with their details, some 400 MB as a tree


def read_xml(content: bytes, *, lines_of: Collection[str] = ()) -> Element:
    """The root element. Tags are local names; where the namespace changes, the attribute `namespace` holds it.

    Elements named in `lines_of` have their line as attribute `line`. Raises Refused with the place."""
    target = _Tree(lines_of)
    parser: Any = DefusedXMLParser(target=target, forbid_dtd=True)  # the stubs hide expat's own parser
    target.expat = parser.parser
    try:
        parser.feed(text_of(content).rstrip(_PADDING))
        root: Element = parser.close()
    except ParseError as error:
        line, column = error.position
        raise Refused(
            f"The XML breaks here ({ErrorString(error.code)}). The file is cut off or was changed; "
            "ask the bank for it again.",
            position=f"line {line}, column {column + 1}",
            code="broken_xml",
        ) from None
    except DefusedXmlException:
        raise Refused(
            "The file declares a document type or entities, which a bank statement never needs, and was not read. "
            "Ask the bank for it again.",
            position=f"line {target.expat.CurrentLineNumber}",
            code="dtd_refused",
        ) from None
    return root


def text_at(node: Element, path: str) -> str:
    """The text of the first element at the path with whitespace collapsed; empty if there is none."""
    return " ".join((node.findtext(path) or "").split())


class _Tree:
    """What the parser builds: an element tree with local names."""

    expat: Any  # tells the current line

    def __init__(self, lines_of: Collection[str]) -> None:
        self._lines_of = frozenset(lines_of)
        self._builder = TreeBuilder()
        self._namespaces: list[str] = [""]
        self._count = 0
        self.data = self._builder.data
        self.close = self._builder.close

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        namespace, _, name = tag.rpartition("}")
        if namespace != self._namespaces[-1]:
            attributes["namespace"] = namespace.removeprefix("{")
        self._namespaces.append(namespace)
        if name in self._lines_of:
            attributes["line"] = str(self.expat.CurrentLineNumber)
        self._count += 1
        if len(self._namespaces) > MAX_DEPTH or self._count > MAX_ELEMENTS:
            raise Refused(
                f"The XML is nested more than {MAX_DEPTH} deep, or holds more than {MAX_ELEMENTS} elements, and was "
                "not read. Ask the bank for shorter periods.",
                position=f"line {self.expat.CurrentLineNumber}",
                code="file_too_large",
            )
        self._builder.start(name, attributes)

    def end(self, tag: str) -> None:
        self._namespaces.pop()
        self._builder.end(tag.rpartition("}")[2])
