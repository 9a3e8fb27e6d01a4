"""What a writer newly wrote: the text without quoted mails, headers of forwarded ones, signatures and disclaimers.

Decides by the shape of lines alone. Leaving out too much costs a proposal; reading our own quoted words as the
customer's would make a wrong one, so in doubt everything below a mark is left out."""

import re

from dunning.rules.incoming.plain import QUOTE_MARK

LONGEST = 20_000  # characters that are read; a reply is short
_ATTRIBUTION = re.compile(
    r"^(?:on|am|le|el|op|den|dne|em|il)\b.{0,250}?"
    r"(?:wrote|schrieb|a écrit|escribió|schreef|ha scritto|escreveu|skrev)\b[^\n]{0,150}:?\s*$",
    re.IGNORECASE,
)
_WROTE = re.compile(
    r"^.{0,120}<[^<>\s]+@[^<>\s]+>.{0,60}(?:wrote|schrieb|a écrit|escribió|schreef)\s*:\s*$", re.IGNORECASE
)
_ORIGINAL = re.compile(
    r"^\W{0,3}[-_]{2,}\s?(?:original message|original appointment|ursprüngliche nachricht|originalnachricht|"
    r"message d'origine|message original|mensaje original|oorspronkelijk bericht|forwarded message|"
    r"weitergeleitete nachricht|message transféré|mensaje reenviado|doorgestuurd bericht)\s?[-_]{2,}",
    re.IGNORECASE,
)
_FROM = re.compile(r"^\W{0,3}(?:from|von|de|van|expéditeur|remitente|afzender)\s?:\W{0,3}\s\S", re.IGNORECASE)
_HEADERS = re.compile(
    r"^\W{0,3}(?:sent|gesendet|envoyé|enviado|enviado el|verzonden|date|datum|fecha|to|an|à|para|aan|subject|betreff|"
    r"objet|asunto|onderwerp|cc)\s?:",
    re.IGNORECASE,
)
_RULE = re.compile(r"^\s*_{8,}\s*$")
_SIGNATURE = re.compile(r"^--\s?$")
_PHONE = re.compile(
    r"^\W{0,2}(?:sent from my|sent from outlook|get outlook for|von meinem .{1,40} gesendet|gesendet von|"
    r"diese nachricht wurde von|envoyé de mon|envoyé depuis|enviado desde mi|verzonden vanaf|verstuurd vanaf)\b",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"^\W{0,2}(?:(?:kind|best|warm|many|with best|with kind)? ?regards|best wishes|sincerely|"
    r"yours (?:sincerely|faithfully|truly)|"
    r"cheers|best|mit (?:freundlichen|besten|herzlichen|lieben|vielen) grü(?:ß|ss)en|"
    r"(?:freundliche|beste|viele|liebe|herzliche|schöne) grü(?:ß|ss)e|mfg|lg|vg|hochachtungsvoll|"
    r"(?:bien )?cordialement|(?:bien )?à vous|salutations.{0,20}|(?:meilleures|sincères) salutations|"
    r"veuillez agréer.{0,120}|je vous prie d'agréer.{0,120}|bonne (?:journée|réception)|"
    r"(?:un )?(?:cordial )?saludos?(?: cordial(?:es)?)?|saludos cordiales|atentamente|(?:un )?abrazo|muy atentamente|"
    r"(?:met )?(?:vriendelijke|hartelijke|beste) groet(?:en)?|groet(?:en|jes)?|hoogachtend|mvg)\b"
    r"(?: (?:aus|from|de|desde|van|uit|und|and|et|y|en) .{1,40})?[\s,.!]*$",
    re.IGNORECASE,
)


def newly_said(text: str) -> str:
    """The new words of this text, lines kept; "" when all of it is quoted."""
    lines = text[: LONGEST * 4].split("\n")
    kept: list[str] = []
    position = 0
    while position < len(lines):
        line = lines[position].strip()
        if _ends_here(lines, position):
            break
        skip = _attribution(lines, position)
        if skip:
            if not any(rest.lstrip().startswith(">") for rest in lines[position + skip : position + skip + 4]):
                break  # the quoted mail is not marked, so it reaches to the end
            position += skip
            continue
        if not line.startswith(">"):
            kept.append(lines[position].rstrip())
        if _CLOSING.match(line) and any(word.strip() for word in kept[:-1]):
            break
        position += 1
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()[:LONGEST]


def _ends_here(lines: list[str], position: int) -> bool:
    """Whether nothing new comes from this line on."""
    line = lines[position].strip()
    if line == QUOTE_MARK or _ORIGINAL.match(line) or _SIGNATURE.match(lines[position]) or _PHONE.match(line):
        return True
    following = [rest.strip() for rest in lines[position + 1 : position + 6] if rest.strip()]
    if _RULE.match(line):
        return bool(following) and bool(_FROM.match(following[0]))
    return bool(_FROM.match(line)) and sum(bool(_HEADERS.match(rest)) for rest in following[:4]) >= 2


def _attribution(lines: list[str], position: int) -> int:
    """How many lines the sentence "On … wrote:" takes from here on; 0 when it does not stand here."""
    for count in (1, 2, 3):
        parts = [part.strip() for part in lines[position : position + count]]
        if not all(parts):
            return 0
        joined = " ".join(parts)
        if len(joined) <= 400 and ((_ATTRIBUTION.match(joined) and joined.endswith(":")) or _WROTE.match(joined)):
            return count
    return 0
