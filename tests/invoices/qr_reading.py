"""Reads a QR code back from its drawing, as a phone would: mask, zigzag, blocks, bytes. Knows nothing of what drew it.

Levels and versions of EPC codes only (M, 5 to 10), without error correction: the drawing must be perfect."""

import re
from xml.etree import ElementTree

# version: (alignment centres, data bytes of each block at level M)
_TABLE = {
    5: ((6, 30), (43, 43)),
    6: ((6, 34), (27,) * 4),
    7: ((6, 22, 38), (31,) * 4),
    8: ((6, 24, 42), (38, 38, 39, 39)),
    9: ((6, 26, 46), (36, 36, 36, 37, 37)),
    10: ((6, 28, 50), (43, 43, 43, 43, 44)),
}
_MASKS = (
    lambda r, c: (r + c) % 2 == 0,
    lambda r, c: r % 2 == 0,
    lambda r, c: c % 3 == 0,
    lambda r, c: (r + c) % 3 == 0,
    lambda r, c: (r // 2 + c // 3) % 2 == 0,
    lambda r, c: (r * c) % 2 + (r * c) % 3 == 0,
    lambda r, c: ((r * c) % 2 + (r * c) % 3) % 2 == 0,
    lambda r, c: ((r + c) % 2 + (r * c) % 3) % 2 == 0,
)


def read_qr(svg: str) -> str:
    """The text in the code drawn by this SVG, whose dark modules are strokes of one path of relative moves."""
    modules = _modules(svg)
    size = len(modules)
    version = (size - 17) // 4
    form = [modules[8][c] for c in (0, 1, 2, 3, 4)]
    level, mask = [bit ^ int(m) for bit, m in zip(form[:2], "10", strict=True)], form[2:]
    assert level == [0, 0], "error correction level M"
    mask_number = int("".join(str(bit ^ int(m)) for bit, m in zip(mask, "101", strict=True)), 2)
    reserved = _reserved(size, version)
    bits = [modules[r][c] ^ _MASKS[mask_number](r, c) for r, c in _zigzag(size) if (r, c) not in reserved]
    codewords = [int("".join(str(int(bit)) for bit in bits[i : i + 8]), 2) for i in range(0, len(bits) - 7, 8)]
    return _text(_deinterleaved(codewords, _TABLE[version][1]), version)


def _modules(svg: str) -> list[list[int]]:
    root = ElementTree.fromstring(svg)
    path = next(element for element in root.iter() if element.tag.endswith("path"))
    steps = re.findall(r"([Mmh])\s*(-?[\d.]+)(?:[ ,]*(-?[\d.]+))?", path.attrib["d"])
    dark, x, y = set(), 0.0, 0.0
    for verb, first, second in steps:
        if verb == "M":
            x, y = float(first), float(second)
        elif verb == "m":
            x, y = x + float(first), y + float(second)
        else:
            for column in range(int(x), int(x + float(first))):
                dark.add((int(y), column))
            x += float(first)
    size = max(max(place) for place in dark) + 1
    return [[int((r, c) in dark) for c in range(size)] for r in range(size)]


def _reserved(size: int, version: int) -> set[tuple[int, int]]:
    places = {(r, c) for r in range(size) for c in range(size) if r == 6 or c == 6}
    for r in range(9):
        places |= (
            {(r, c) for c in range(9)} | {(r, size - 1 - c) for c in range(8)} | {(size - 1 - c, r) for c in range(8)}
        )
    centres = _TABLE[version][0]
    for r in centres:
        for c in centres:
            if (r, c) not in {(6, 6), (6, size - 7), (size - 7, 6)}:
                places |= {(r + i, c + j) for i in range(-2, 3) for j in range(-2, 3)}
    if version >= 7:
        for i in range(6):
            places |= {(i, size - 11 + j) for j in range(3)} | {(size - 11 + j, i) for j in range(3)}
    return places


def _zigzag(size: int) -> list[tuple[int, int]]:
    columns = [*range(size - 1, 6, -2), 5, 3, 1]
    return [
        (size - 1 - i if index % 2 == 0 else i, c - j)
        for index, c in enumerate(columns)
        for i in range(size)
        for j in (0, 1)
    ]


def _deinterleaved(codewords: list[int], lengths: tuple[int, ...]) -> bytes:
    blocks: list[list[int]] = [[] for _ in lengths]
    stream = iter(codewords)
    for i in range(max(lengths)):
        for block, length in zip(blocks, lengths, strict=True):
            if i < length:
                block.append(next(stream))
    return bytes(byte for block in blocks for byte in block)


def _text(data: bytes, version: int) -> str:
    bits = "".join(f"{byte:08b}" for byte in data)
    if bits.startswith("0111"):  # an extended channel mark (UTF-8) may come first
        bits = bits[12:]
    assert bits.startswith("0100"), "bytes"
    width = 8 if version < 10 else 16
    length = int(bits[4 : 4 + width], 2)
    body = bits[4 + width : 4 + width + 8 * length]
    return bytes(int(body[i : i + 8], 2) for i in range(0, len(body), 8)).decode("utf-8")
