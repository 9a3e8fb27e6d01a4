"""OFX to a tree: version 1 is SGML whose values are never closed, version 2 is XML. One reader takes both.

It is lenient where banks are sloppy (bare ampersands, values closed or not, blanks everywhere) and strict where money
could get lost: a file that breaks off is refused. No entity but the predefined ones exists, so nothing can expand."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from invoices.bank_formats.contract import Refused
from invoices.bank_formats.declared_text import text_of

MAX_DEPTH = 60
MAX_TOKENS = 3_000_000  # tags and texts, of about 200 000 entries; as a tree they take some 400 MB
_TOKEN = re.compile(
    r"<!\[CDATA\[(?P<cdata>.*?)\]\]>"
    r"|<(?P<close>/?)(?P<tag>[A-Za-z][A-Za-z0-9_.]{0,31})\s*(?P<empty>/?)>"
    r"|(?P<text>[^<]+|<)",
    re.DOTALL,
)
_CODE_PAGE = re.compile(rb"CHARSET\s*:\s*(?:ISO-)?(8859-1|[0-9]{3,5})\b")
_FAMILIES = (  # a member of a family never stands inside another: whoever opens one has forgotten to close the other
    ("STMTTRN",),
    ("STMTRS", "CCSTMTRS", "INVSTMTRS"),
    ("STMTTRNRS", "CCSTMTTRNRS", "INVSTMTTRNRS"),
)
_AGGREGATES = {"BANKTRANLIST", *(tag for family in _FAMILIES for tag in family)}
_SIGNS = {"lt": "<", "gt": ">", "amp": "&", "nbsp": " ", "quot": '"', "apos": "'"}
_ENTITY = re.compile(r"&(lt|gt|amp|nbsp|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});")


@dataclass(slots=True)
class Node:
    """An aggregate with children, or a value with text. `line` is where it begins."""

    tag: str
    line: int
    parts: list[str] = field(default_factory=list)  # of its text
    children: list["Node"] = field(default_factory=list)

    def all(self, tag: str) -> Iterator["Node"]:
        """Every node of that tag below this one, in the order of the file."""
        for child in self.children:
            if child.tag == tag:
                yield child
            yield from child.all(tag)

    def value(self, *path: str) -> str:
        """The text of the first node down this path of children; empty if there is none."""
        node: Node | None = self
        for tag in path:
            node = next((child for child in node.children if child.tag == tag), None) if node else None
        return " ".join("".join(node.parts).split()) if node else ""


def read_ofx(content: bytes) -> Node:
    """A node above every `OFX` of the file. Raises Refused for a wrong encoding, a document type, and a file without
    beginning or end."""
    text = _text(content)
    if re.search(r"<!(DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise Refused(
            "The file declares a document type, which OFX from a bank never needs, and was not read. "
            "Ask the bank for it again.",
            code="dtd_refused",
        )
    start = re.search(r"<OFX\s*>", text, re.IGNORECASE)
    if start is None or text.rfind("<![CDATA[") > text.rfind("]]>"):
        raise Refused("The file has no complete <OFX> element. Ask the bank for it again.", code="broken_off")
    return _tree(text[start.start() :], text.count("\n", 0, start.start()) + 1)


def _text(content: bytes) -> str:
    """The text. Many banks declare code page 1252 and write UTF-8; bytes that are valid UTF-8 are hardly ever else."""
    try:
        return text_of(content)
    except Refused:
        page = _CODE_PAGE.search(content[:1000])
        if page is None:
            raise
        encoding = "latin-1" if page[1] == b"8859-1" else f"cp{page[1].decode()}"
        try:
            # What a code page leaves undefined becomes a replacement sign: a name with a blot is still a name.
            return content.decode(encoding, errors="replace")
        except LookupError:
            return content.decode("cp1252", errors="replace")


def _tree(text: str, line: int) -> Node:
    root = Node("", line)
    stack = [root]
    for count, token in enumerate(_TOKEN.finditer(text)):
        if count > MAX_TOKENS:
            raise Refused("The file holds too many elements. Ask the bank for shorter periods.", code="file_too_large")
        if token["tag"] is None:
            stack[-1].parts.append(token["cdata"] if token["cdata"] is not None else _unescaped(token["text"]))
        elif token["close"]:
            _close(stack, token["tag"].upper())
        elif not token["empty"]:
            _open(stack, Node(token["tag"].upper(), line))
        line += token[0].count("\n")
    if len(stack) > 1:
        raise Refused(
            "The file breaks off before </OFX>, so entries may be missing. Ask the bank for it again.",
            position=f"line {line}",
            code="broken_off",
        )
    return root


def _open(stack: list[Node], node: Node) -> None:
    """Put the node below the innermost aggregate. A node with text before it was a value, which needs no end."""
    if len(stack) > 1 and not stack[-1].children and any(part.strip() for part in stack[-1].parts):
        stack.pop()
    for family in _FAMILIES:
        if node.tag in family:
            for tag in family:
                _close(stack, tag)
    if len(stack) > MAX_DEPTH:
        raise Refused(
            f"The file is nested more than {MAX_DEPTH} deep at this place and was not read. Ask the bank for it again.",
            position=f"line {node.line}",
            code="broken_off",
        )
    stack[-1].children.append(node)
    stack.append(node)


def _close(stack: list[Node], tag: str) -> None:
    """Leave the innermost open node of that tag; an end without a beginning is ignored.

    Nodes still open inside it were values without text: what seemed to be their children follows them. Only known
    aggregates keep theirs."""
    if all(each.tag != tag for each in stack):
        return
    while (node := stack.pop()).tag != tag:
        if node.tag not in _AGGREGATES:
            stack[-1].children += node.children
            node.children = []


def _unescaped(text: str) -> str:
    return _ENTITY.sub(_sign, text).replace("\0", "") if "&" in text or "\0" in text else text


def _sign(entity: re.Match[str]) -> str:
    name = entity[1]
    if not name.startswith("#"):
        return _SIGNS[name]
    code = int(name[2:], 16) if name[1] == "x" else int(name[1:])
    return chr(code) if 0 < code < 0xD800 or 0xE000 <= code < 0x110000 else "\ufffd"
