"""How Dutch says it. Words and patterns only."""

from dunning.rules.reading.language import Language, numbered, pattern

_WORDS = """
    de het een en wij we van is niet op met voor zijn wordt worden hebben heeft uw u ons onze dat deze te aan door
    bij naar factuur betaling betalen bedankt groet vriendelijke week vrijdag graag zal zullen
"""
_MONTHS = numbered(
    "januari jan,februari feb,maart mrt,april apr,mei,juni jun,juli jul,augustus aug,september "
    "sept sep,oktober okt,"
    "november nov,december dec",
    first=1,
)
_DAYS = numbered("maandag,dinsdag,woensdag,donderdag,vrijdag,zaterdag,zondag", first=0)
_NUMBERS = numbered("één een,twee,drie,vier,vijf,zes,zeven,acht,negen,tien,elf,twaalf,dertien,veertien", first=1)
_N = r"(?P<n>\d{1,3}|" + "|".join(_NUMBERS) + ")"
_PAY = r"(?:betalen|overmaken|voldoen|overboeken|afrekenen|vereffenen|over te maken|te betalen)"
_NOW = r"(?:betalen|betaal|voldoen|voldoe)"
_DONE = r"(?:betaald|overgemaakt|voldaan|overgeboekt|vereffend)"
_NEXT = r"(?:volgende|komende|aanstaande|eerstvolgende|a\.s\.)"
_WE = r"(?:wij|we|ik)"

DUTCH = Language(
    code="nl",
    words=frozenset(_WORDS.split()),
    months=_MONTHS,
    weekdays=_DAYS,
    numbers=_NUMBERS,
    relative=(
        ("today", pattern(r"\bvandaag\b", r"\bvanmiddag\b", r"\bvanavond\b")),
        ("today_past", pattern(r"\bvandaag\b", r"\bvanmorgen\b", r"\bvanochtend\b")),
        ("overmorrow", pattern(r"\bovermorgen\b")),
        ("tomorrow", pattern(r"\bmorgen\b")),
        ("yesterday", pattern(r"(?<!eer)\bgisteren\b")),
        ("before_yesterday", pattern(r"\beergisteren\b")),
        ("last_week", pattern(r"\b(?:vorige|afgelopen) week\b")),
        ("this_week", pattern(r"\b(?:eind(?:e)? (?:van )?)?(?:deze|de) week\b(?! (?:erna|daarna|van))")),
        (
            "next_week",
            pattern(
                r"\b(?:(?:begin|half|eind(?:e)?|in de loop van|loop van) (?:van )?)?(?:de )?(?:volgende|"
                r"komende) week\b"
            ),
        ),
        ("month_end", pattern(r"\b(?:het )?eind(?:e)? (?:van )?(?:de|deze) maand\b", r"\bmaandeinde\b")),
        ("next_month_end", pattern(r"\b(?:het )?eind(?:e)? (?:van )?(?:de )?volgende maand\b")),
        ("named_month_end", pattern(rf"\b(?:het )?eind(?:e)? (?:van )?(?P<m>{'|'.join(_MONTHS)})\b")),
        ("in_days", pattern(rf"\b(?:binnen|over)(?: de komende)? {_N} (?:werk|kalender)?dag(?:en)?\b")),
        ("in_weeks", pattern(rf"\b(?:binnen|over)(?: de komende)? {_N} (?:week|weken)\b")),
        (
            "day_of_month",
            pattern(r"\b(?:op |vóór |voor |uiterlijk )?de (?P<d>\d{1,2})(?:e|ste|de)\b(?! (?:van )?[a-z]{3,9})"),
        ),
    ),
    next_weekday=pattern(_NEXT),
    next_skips=False,
    not_when=pattern(r"\b(?:van|d\.d\.|dd\.?|gedateerd(?: op)?|sinds|vervallen(?: op)?|vervaldatum|datum|nr\.?)\s$"),
    clauses=pattern(
        r"[;:]\s",
        r",\s",
        r"\s-\s",
        r"\s(?:maar|echter|doch)\s",
        r"\sen (?=(?:wij|we|ik|zullen|zal|betalen|betaal|wordt)\b)",
    ),
    governed=pattern(r"(?:dat|die|welke)\b"),
    negation=pattern(
        r"\b(?:niet(?! later)|geen|nooit|nimmer|noch|onmogelijk|weiger\w*|evenmin)\b",
        r"\bzonder\b(?! (?:uitstel|vertraging|meer|verdere))",
        r"\bin plaats van\b",
    ),
    doubt=pattern(
        r"\b(?:als|indien|wanneer|zodra|mits|tenzij|zou(?:den)?|kunnen|kan|konden|misschien|wellicht|"
        r"waarschijnlijk|vermoedelijk|mogelijk|hope\w*|hoop|hopelijk|probe\w*|"
        r"moeten?|streven|verwacht\w*|altijd|elke|iedere|normaal|normaliter|meestal|afhankelijk|nadat|"
        r"voordat|na (?:levering|ontvangst|goedkeuring|controle)|of|denk|denken|geloof|twijfel\w*|"
        r"willen|wil|wilden|graag|van plan|onder voorbehoud|ongeveer|op zijn vroegst|voorstel\w*|"
        r"stellen voor|bieden|vragen|verzoeken|gevraagd|eventueel|mogen|mag)\b",
    ),
    part=pattern(
        r"\b(?:helft|deel|delen|gedeelte(?:lijk)?|deels|termijnen|derde|kwart|aanbetaling|een paar|"
        r"enkele|deelbetaling)\b",
        r"\d ?%",
    ),
    promise=pattern(
        rf"\b{_WE} (?:\w+ ){{0,2}}{_NOW}\b",
        rf"\b{_NOW} {_WE}\b",
        rf"\b{_WE} (?:\w+ )?(?:zullen|zal|gaan|ga)\b.{{0,110}}\b{_PAY}\b",
        rf"\b(?:zullen|zal|gaan|ga) {_WE}\b.{{0,110}}\b{_PAY}\b",
        rf"\b{_WE} (?:maken|maak)\b.{{0,100}}\bover\b(?! \d)",
        rf"\b(?:maken|maak) {_WE}\b.{{0,100}}\bover\b(?! \d)",
        rf"\b(?:dat|omdat) {_WE}\b.{{0,110}}\b(?:betalen|overmaken|voldoen|zullen betalen)\b",
        rf"\b(?:wordt|worden|zal|zullen)\b.{{0,110}}\b{_DONE}\b",
        rf"\b{_DONE} (?:wordt|worden|zal worden|zullen worden)\b",
        r"\b(?:betaling|overboeking)\b.{0,40}\b(?:volgt|gaat|vindt|vertrekt|plaatsvinden|"
        r"staat (?:gepland|ingepland|klaar))\b",
        r"\b(?:factuur|facturen|betaling|bedrag)\b.{0,30}\bsta(?:at|an)\b.{0,40}"
        r"\b(?:gepland|ingepland|klaargezet|in de betaalrun)\b",
        r"\bin (?:de|onze) (?:volgende |eerstvolgende )?betaal(?:run|ronde)\b",
        r"\bu (?:ontvangt|krijgt) (?:de betaling|het geld|het bedrag|onze betaling)\b",
        rf"\b{_WE} beloven? .{{0,60}}{_PAY}\b",
    ),
    paid=pattern(
        rf"\b(?:hebben|heb|heeft|had|hadden)\b.{{0,100}}\b{_DONE}\b",
        rf"\b{_DONE} (?:hebben|heb|is|zijn)\b",
        rf"\b(?:is|zijn|werd|werden)\b.{{0,80}}\b{_DONE}\b",
        r"\b(?:betaling|overboeking)\b.{0,40}\b(?:is|werd)\b.{0,30}\b(?:gedaan|verricht|uitgevoerd|"
        r"verstuurd)\b",
        r"\b(?:al|reeds) (?:betaald|voldaan|overgemaakt)\b",
    ),
    reference=pattern(
        r"\b(?:kenmerk|referentie|ref|betalingskenmerk|transactienummer|"
        r"omschrijving)[.:#\s]{1,3}(?:is )?(?P<ref>[a-z0-9/-]{0,20}\d[a-z0-9/-]{2,20})"
    ),
    disputes=(
        (
            "not_received",
            pattern(
                r"\b(?:goederen|levering|bestelling|pakket|zending|artikelen|materiaal|producten|"
                r"dienst)\b.{0,50}\b(?:niet|nooit) (?:ontvangen|geleverd|aangekomen|gekregen|gehad|"
                r"uitgevoerd)\b",
                r"\b(?:niet|nooit) geleverd\b",
                r"\bgeen (?:levering|goederen|bestelling|pakket)\b.{0,20}\bontvangen\b",
            ),
        ),
        (
            "duplicate",
            pattern(
                r"\b(?:dubbel|twee keer|tweemaal) (?:gefactureerd|in rekening gebracht|berekend)\b",
                r"\bdubbele factuur\b",
            ),
        ),
        (
            "quality",
            pattern(
                r"\b(?:beschadigd\w*|defect\w*|kapot|gebrekkig\w*|ondeugdelijk\w*|onbruikbaar|"
                r"slechte kwaliteit|gebreken|verkeerde kleur)\b"
            ),
        ),
        (
            "quantity",
            pattern(
                r"\b(?:verkeerde|onjuiste|foute) (?:hoeveelheid|aantal|aantallen)\b",
                r"\b(?:hoeveelheid|aantal)\b.{0,20}\b(?:klopt niet|is onjuist|niet juist)\b",
                r"\b(?:maar|slechts) \d+ (?:van|stuks|in plaats)\b",
                r"\ber ontbreken \d+\b",
            ),
        ),
        (
            "price",
            pattern(
                r"\b(?:verkeerde|onjuiste|foute|te hoge) prij(?:s|zen)\b",
                r"\bprij(?:s|zen)\b.{0,25}\b(?:klopt niet|kloppen niet|is onjuist|te hoog|niet (?:juist|"
                r"conform|volgens))\b",
                r"\bkorting (?:ontbreekt|is niet)\b",
                r"\bte veel (?:berekend|gefactureerd)\b",
            ),
        ),
        (
            "po_missing",
            pattern(
                r"\b(?:inkoopnummer|bestelnummer|ordernummer|po-nummer|"
                r"inkoopordernummer)\b.{0,30}\b(?:ontbreekt|ontbreken|verplicht|nodig|niet vermeld)\b",
                r"\b(?:zonder|geen) (?:inkoopnummer|bestelnummer|ordernummer|po-nummer)\b",
            ),
        ),
        (
            "other",
            pattern(
                r"\b(?:betwist(?:en)?|bestrijden|bezwaar|niet akkoord|gaan niet akkoord)\b",
                r"\bfactuur\b.{0,20}\b(?:klopt niet|is onjuist|is fout|is niet juist|niet terecht)\b",
                r"\b(?:nooit|niet) besteld\b",
                r"\b(?:wachten op|verzoeken om) (?:een |de |uw )?creditnota\b",
                r"\bbestelling\b.{0,20}\bgeannuleerd\b",
            ),
        ),
    ),
    no_dispute=pattern(
        r"\bgeen (?:bezwaar|klachten|gebreken|dispuut|opmerkingen)\b",
        r"\b(?:betwisten|bestrijden)\b.{0,40}\bniet\b",
        r"\bniet (?:beschadigd|defect|kapot|betwist)\b",
        r"\b(?:klacht|dispuut) is (?:opgelost|afgehandeld)\b",
    ),
    away=pattern(
        r"\bniet (?:op|aan)(?: het)? kantoor\b",
        r"\bafwezig\b",
        r"\b(?:op|met) (?:vakantie|verlof|zwangerschapsverlof)\b",
        r"\bniet aanwezig\b",
        r"\bben (?:ik )?vrij\b",
    ),
    until=pattern(r"\b(?:tot|t/m)\s(?:en met\s)?(?:uiterlijk\s)?(?:\w+dag\s)?(?:de\s)?$"),
    back=pattern(r"\b(?:weer|terug|vanaf|aanwezig op|bereikbaar vanaf)\b.{0,22}$"),
    left=pattern(
        r"\bwerkt niet (?:meer|langer)\b",
        r"\bniet (?:meer|langer) (?:werkzaam|in dienst|bij ons)\b",
        r"\bheeft (?:het bedrijf|onze organisatie|de organisatie|ons|ons bedrijf) verlaten\b",
        r"\buit dienst\b",
        r"\bmet pensioen\b",
    ),
    wrong=pattern(
        r"\bniet de (?:juiste|goede) (?:persoon|contactpersoon|afdeling|ontvanger)\b",
        r"\bniet het (?:juiste|goede) (?:adres|e-?mailadres|contact)\b",
        r"\bverkeerde (?:persoon|contactpersoon|afdeling|e-?mailadres|adres|ontvanger)\b",
        r"\bniet (?:verantwoordelijk|bevoegd)\b",
        r"\bga (?:ik )?(?:hier )?niet over\b",
    ),
    instead=pattern(
        r"\b(?:contact|mail(?:en)?|e-?mail|schrijf|richten|sturen|stuur|wenden|vervang\w*|waarnem\w*|"
        r"opvolger|collega|spoed|dringend\w*|verantwoordelijk|bereik\w*|bij|is)\b"
    ),
)
