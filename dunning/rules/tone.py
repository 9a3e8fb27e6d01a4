"""How words sound, by language: what threatens, what belongs in a last letter only, and who is addressed how.

Word lists of whole words, small on purpose: they are a second pair of eyes for the writer, not a judge. Pure."""

import re
from collections.abc import Mapping
from typing import NamedTuple


class Tone(NamedTuple):
    """Patterns of one language. `threats` never belong in a reminder; `hard` only in the final stage. `familiar` and
    `polite` betray the two ways to address a person; both empty where the language has one."""

    threats: re.Pattern[str]
    hard: re.Pattern[str]
    familiar: re.Pattern[str] | None = None
    polite: re.Pattern[str] | None = None
    familiar_name: str = ""
    polite_name: str = ""


def _words(*alternatives: str, any_case: bool = True) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(alternatives)})(?!\w)", re.IGNORECASE if any_case else 0)


TONES: Mapping[str, Tone] = {
    "en": Tone(
        _words(
            "police", "prison", "jail", "criminal(?:ly)?", "arrest(?:ed)?", "prosecut\\w+", "fraud\\w*",
            "thie(?:f|ves)",
            "steal(?:ing)?", "or else", "blacklist\\w*", "name and shame", "shame", "disgrace\\w*", "ruin(?:ed)?",
            "destroy\\w*", "at your home", "(?:tell|inform) your (?:employer|family|neighbou?rs|customers|friends)",
            "seize\\w*", "consequences you", "you will regret", "immigration",
        ),
        _words("legal (?:action|steps|proceedings)", "court", "lawyers?", "solicitors?", "sue", "bailiffs?",
               "(?:debt )?collection agency", "debt collectors?", "enforcement"),
    ),
    "de": Tone(
        _words(
            "polizei\\w*", "gefängnis\\w*", "haft", "verhaft\\w+", "strafanzeige", "strafrechtlich\\w*",
            "kriminell\\w*",
            "betrug", "betrüger\\w*", "betrügerisch\\w*", "dieb\\w*", "sonst passiert", "schwarze liste",
            "an den pranger", "schande", "blamier\\w+", "bereuen", "ruinier\\w+", "vernicht\\w+",
            "(?:Ihrem|deinem) (?:Arbeitgeber|Chef)", "(?:Ihren|deinen) (?:Nachbarn|Kunden)", "schufa\\w*", "haftbefehl",
        ),
        _words("gericht\\w*", "klage", "verklagen", "rechtsanw[aä]lt\\w*", "anw[aä]lt\\w*", "inkasso\\w*",
               "mahnbescheid\\w*", "zwangsvollstreckung\\w*", "pfänd\\w+", "gerichtsvollzieher\\w*",
               "rechtliche schritte"),
        _words("du", "dich", "dir", "dein(?:e[nmrs]?)?", "euch", "euer", "eure[nmrs]?"),
        _words("Sie", "Ihnen", "Ihr(?:e[nmrs]?)?", any_case=False),
        "du", "Sie",
    ),
    "fr": Tone(
        _words(
            "police", "prison", "gendarmerie", "pénale?s?(?:ment)?", "criminel\\w*", "arrêt(?:é|er|ation)",
            "fraude\\w*",
            "escro\\w+", "vol(?:eur|euse)s?", "liste noire", "honte\\w*", "ruin\\w+", "détrui\\w+",
            "vous le regretterez",
            "votre (?:employeur|famille|entourage)", "vos (?:voisins|clients|proches)", "à votre domicile", "plainte",
        ),
        _words("tribuna(?:l|ux)", "huissiers?", "avocats?", "poursuites?", "assign\\w+", "saisie", "contentieux",
               "recouvrement (?:judiciaire|forcé)", "société de recouvrement", "injonction de payer", "justice"),
        _words("tu", "toi", "te", "t[’']\\w+", "ton", "ta", "tes"),
        _words("vous", "votre", "vos"),
        "tu", "vous",
    ),
    "es": Tone(
        _words(
            "policía", "cárcel", "prisión", "penal(?:es|mente)?", "delito\\w*", "delincuente\\w*", "criminal\\w*",
            "deten(?:er|ido|ida|ción)", "fraude\\w*", "estafa\\w*", "ladr(?:ón|ones|ona)", "lista negra", "vergüenza",
            "arruin\\w+", "destrui\\w+", "lo lamentará", "se arrepentirá", "su (?:jefe|familia)",
            "sus (?:vecinos|clientes)",
            "denuncia\\w*", "moroso\\w*",
        ),
        _words("tribunal(?:es)?", "juzgado\\w*", "juicio", "demanda\\w*", "abogad[oa]s?", "embarg\\w+",
               "acciones (?:legales|judiciales)", "vía judicial", "empresa de cobros?", "agencia de cobros?"),
        _words("tú", "te", "ti", "contigo", "tu", "tus", "tuy[oa]s?", "tienes", "puedes", "debes", "quieres", "dinos",
               "llámanos"),
        _words("usted(?:es)?", "díganos", "díganoslo", "llámenos", "le rogamos", "le pedimos"),
        "tú", "usted",
    ),
    "nl": Tone(
        _words(
            "politie", "gevangenis", "cel", "strafrecht\\w*", "strafbaar", "aangifte", "crimine(?:el|le)", "arrest\\w*",
            "fraude\\w*", "oplicht\\w+", "die(?:f|ven)", "stelen", "zwarte lijst", "schande", "te schande", "ruïn\\w+",
            "kapot", "zult u berouwen", "krijgt u spijt", "uw (?:werkgever|familie|buren|klanten)", "bij u thuis",
            "of anders",
        ),
        _words("rechtba(?:nk|nken)", "rechter", "dagvaard\\w+", "advoca(?:at|ten)", "deurwaarders?", "incasso\\w*",
               "beslag\\w*", "gerechtelijke?", "juridische stappen"),
        _words("je", "jij", "jou", "jouw", "jullie"),
        _words("u", "uw"),
        "je", "u",
    ),
}  # fmt: skip


def threat_in(line: str, language: str, *, is_final: bool) -> str:
    """A sentence about the first word that threatens, "" where none does. In a final letter, what really follows may
    be named."""
    tone = TONES.get(language)
    if tone is None:
        return ""
    if found := tone.threats.search(line):
        return f"“{found[0]}” sounds like a threat. Say what happens next instead."
    if not is_final and (found := tone.hard.search(line)):
        return f"“{found[0]}” is for the final stage only. Keep a way back open here."
    return ""


def wrong_address_in(line: str, language: str, *, informal: bool) -> str:
    """A sentence about the first word that addresses people in the other way than agreed, "" where none does."""
    tone = TONES.get(language)
    if tone is None or tone.familiar is None or tone.polite is None:
        return ""
    wrong, name = (tone.polite, tone.familiar_name) if informal else (tone.familiar, tone.polite_name)
    found = wrong.search(line)
    return f"“{found[0]}” does not fit: customers are addressed as “{name}” in this language." if found else ""


def is_informal(text: str, language: str) -> bool:
    """Whether the text addresses its reader informally and nowhere politely: the fixed words around it follow."""
    tone = TONES.get(language)
    if tone is None or tone.familiar is None or tone.polite is None:
        return False
    return bool(tone.familiar.search(text)) and not tone.polite.search(text)
