"""How German says it. Words and patterns only."""

from dunning.rules.reading.language import Language, numbered, pattern

_WORDS = """
    in der die das und wir ich ist nicht den dem des ein eine mit für von auf bis zum zur im bei werden wird wurde
    haben sie ihre ihr uns unsere sehr geehrte bitte rechnung zahlung woche freitag betrag hallo danke am
"""
_MONTHS = numbered(
    "januar jan jänner,februar feb febr feber,märz mär maerz mrz,april apr,mai,juni jun,juli "
    "jul,august aug,september sept sep,"
    "oktober okt,november nov,dezember dez",
    first=1,
)
_DAYS = numbered("montag montags,dienstag,mittwoch,donnerstag,freitag,samstag sonnabend,sonntag", first=0)
_NUMBERS = numbered(
    "ein einem einer eine,zwei,drei,vier,fünf,sechs,sieben,acht,neun,zehn,elf,zwölf,dreizehn,vierzehn", first=1
)
_N = r"(?P<n>\d{1,3}|" + "|".join(_NUMBERS) + ")"
_PAY = (
    r"(?:zahlen|bezahlen|überweisen|begleichen|anweisen|ausgleichen|einzahlen|tätigen|leisten|"
    r"auszahlen|"
    r"(?:zahlung|überweisung)(?:en)? (?:vornehmen|veranlassen|ausführen|anweisen))"
)
_NOW = r"(?:zahlen|zahle|bezahlen|bezahle|überweisen|überweise|begleichen|begleiche)"
_DONE = r"(?:bezahlt|gezahlt|überwiesen|beglichen|angewiesen|ausgeglichen)"
_NEXT = r"(?:nächste[rnms]?|kommende[rnms]?|folgende[rnms]?|darauffolgende[rnms]?)"

GERMAN = Language(
    code="de",
    words=frozenset(_WORDS.split()),
    months=_MONTHS,
    weekdays=_DAYS,
    numbers=_NUMBERS,
    relative=(
        ("today", pattern(r"\bheute\b")),
        ("today_past", pattern(r"\bheute\b")),
        ("overmorrow", pattern(r"\bübermorgen\b")),
        ("tomorrow", pattern(r"\bmorgen\b(?! früh)", r"\bmorgen früh\b")),
        ("yesterday", pattern(r"\bgestern\b")),
        ("before_yesterday", pattern(r"\bvorgestern\b")),
        ("last_week", pattern(r"\b(?:letzte|vergangene|vorige)[rn]? woche\b")),
        ("this_week", pattern(r"\b(?:ende )?(?:dieser?|der laufenden|laufende[rn]?) woche\b", r"\bende der woche\b")),
        ("next_week", pattern(rf"\b(?:anfang|mitte|ende|im laufe)? ?(?:der )?{_NEXT} woche\b")),
        (
            "month_end",
            pattern(r"\b(?:zum |bis )?(?:monatsende|ende (?:des|dieses) monats|ende des laufenden monats|ultimo)\b"),
        ),
        ("next_month_end", pattern(rf"\bende (?:des )?{_NEXT} monats\b")),
        ("named_month_end", pattern(rf"\bende (?P<m>{'|'.join(_MONTHS)})\b")),
        (
            "in_days",
            pattern(
                rf"\b(?:in|binnen|innerhalb)(?: von)?(?: den| der)?(?: nächsten| kommenden)? {_N} (?:arbeits|"
                rf"werk|bank|kalender)?tagen?\b"
            ),
        ),
        (
            "in_weeks",
            pattern(rf"\b(?:in|binnen|innerhalb)(?: von)?(?: den| der)?(?: nächsten| kommenden)? {_N} wochen?\b"),
        ),
        (
            "day_of_month",
            pattern(
                r"\b(?:am|zum|bis|bis zum|bis spätestens(?: zum)?) (?P<d>\d{1,2})\.(?![\d]| ?(?:kw|"
                r"[a-zäöü]{3,9} \d))"
            ),
        ),
    ),
    next_weekday=pattern(_NEXT),
    next_skips=True,
    not_when=pattern(
        r"\b(?:vom|von|seit(?: dem)?|datum|dat\.|fällig(?: am| seit)?|ausgestellt(?: am)?|nr\.?|"
        r"v\.)\s(?:dem\s|den\s)?$"
    ),
    clauses=pattern(
        r"[;:]\s",
        r",\s",
        r"\s-\s",
        r"\s(?:aber|jedoch|allerdings|sondern|doch)\s",
        r"\sund (?=(?:wir|ich|werden?|zahlen?|überweisen?|wird)\b)",
    ),
    governed=pattern(r"(?:dass|daß|die|der|das|welche[rs]?)\b"),
    negation=pattern(
        r"\b(?:nicht(?! später)|kein(?:e|en|er|em|es|erlei)?|nie|niemals|weder|unmöglich|keinesfalls|"
        r"weigern|verweiger\w*|"
        r"ohne(?! (?:verzögerung|verzug|weitere|abzug|abzüge)))\b",
        r"\bausserstande\b",
        r"\baußerstande\b",
        r"\babzulehnen\b",
        r"\banstatt\b",
    ),
    doubt=pattern(
        r"\b(?:wenn|falls|sofern|sobald|soll(?:te[nst]?|en|t)?|könnten?|können|kann|würden?|dürften?|"
        r"mögen|hoff\w*|versuch\w*|"
        r"vielleicht|eventuell|evtl|voraussichtlich|wahrscheinlich|vermutlich|möglicherweise|"
        r"möglichst|vorbehaltlich|ob|bemüh\w*|"
        r"immer|jede[nmrs]?|jeweils|normalerweise|üblicherweise|meistens|nachdem|bevor|abhängig|"
        r"beabsichtig\w*|wollen|wollten|planen|"
        r"vorgehabt|erwarten|zweifeln?|glauben|glaube|denke|denken|müssen|müssten?|erst nach|"
        r"nach erhalt|nach eingang|nach prüfung|"
        r"nach freigabe|nach (?:lieferung|wareneingang|klärung|rücksprache)|gutschrift|unwahr|gelogen|"
        r"behaupte\w*|frühestens|gegebenenfalls|ggf|bieten|vorschlag\w*|schlagen|oder|prüfen|bitten|"
        r"verlangen|fordern|"
        r"einmal im monat|monatlich|ca|circa|etwa)\b",
        r"\bmöcht\w*\b(?!.{0,40}(?:mitteilen|informieren|bestätigen|zusichern))",
        r"\bin der regel\b",
        r"\bunter der (?:voraussetzung|bedingung)\b",
    ),
    part=pattern(
        r"\b(?:hälfte|teil(?:e|weise|betrag|zahlung|beträge)?|raten?|ratenzahlung|anzahlung|drittel|"
        r"abschlag\w*|ein paar|einige)\b",
        r"\d ?%",
    ),
    promise=pattern(
        rf"\b(?:wir|ich) (?:\w+ ){{0,3}}{_NOW}\b",
        rf"\b(?:wir|ich)(?: \w+)? (?:werden|werde)\b.{{0,110}}\b{_PAY}\b",
        rf"\b{_NOW} (?:wir|ich)\b",
        rf"\b(?:werden|werde) (?:wir|ich)\b.{{0,110}}\b{_PAY}\b",
        rf"\bwir\b.{{0,110}}\b{_NOW}(?: werden)?\W*$",
        rf"\bich\b.{{0,110}}\b(?:zahle|bezahle|überweise|begleiche|{_PAY} werde)\W*$",
        rf"\b(?:wird|werden)\b.{{0,110}}\b{_DONE}\b(?! worden)",
        rf"\b{_DONE} (?:wird|werden)\b",
        r"\b(?:zahlung|überweisung|zahlungsausgang)\b.{0,30}\b(?:erfolgt|erfolgen|folgt|geht|kommt|"
        r"veranlasst)\b",
        r"\berfolgt (?:die |unsere |eine )?(?:zahlung|überweisung)\b",
        r"\bwird (?:die |unsere |eine )?(?:zahlung|überweisung)\b.{0,60}\b(?:erfolgen|ausgeführt|"
        r"veranlasst|vorgenommen|angewiesen)\b",
        r"\b(?:zahlung|überweisung|rechnung|betrag)\b.{0,40}\bist\b.{0,40}\b(?:eingeplant|vorgesehen|"
        r"terminiert|vorgemerkt|angesetzt|geplant)\b",
        r"\bist\b.{0,50}\bzur (?:zahlung|überweisung) (?:am .{1,24} )?(?:eingeplant|vorgesehen|"
        r"terminiert|vorgemerkt|angewiesen|freigegeben)\b",
        r"\bweisen? (?:wir|ich) .{0,80}\ban\W*$",
        r"\b(?:wir|ich) weisen? .{0,100}\ban\W*$",
        r"\bgleichen? (?:wir|ich) .{0,80}\baus\W*$",
        r"\b(?:wir|ich) gleichen? .{0,100}\baus\W*$",
        r"\b(?:in|mit) (?:unserem|dem|unserm) (?:nächsten )?zahl(?:ungs)?lauf\b",
        r"\bsie (?:erhalten|bekommen) (?:das geld|die zahlung|den betrag|ihr geld|unsere zahlung)\b",
    ),
    paid=pattern(
        rf"\b(?:haben|habe|hatten|hat)\b.{{0,100}}\b{_DONE}\b",
        rf"\b{_DONE} (?:haben|habe|worden|hatten)\b",
        rf"\b(?:wurde|wurden|ist|sind)\b.{{0,80}}\b{_DONE}\b(?! (?:wird|werden))",
        r"\b(?:zahlung|überweisung)\b.{0,40}\b(?:ist|wurde)\b.{0,30}\b(?:erfolgt|veranlasst|"
        r"ausgeführt|raus)\b",
        r"\b(?:bereits|schon|längst) (?:bezahlt|überwiesen|beglichen)\b",
    ),
    reference=pattern(
        r"\b(?:verwendungszweck|referenz(?:nummer)?|ref|transaktions(?:nummer|id)|"
        r"buchungsnummer)[.:#\s]{1,3}(?:war |ist |lautet )?(?P<ref>[a-z0-9/-]{0,20}\d[a-z0-9/-]{2,20})"
    ),
    disputes=(
        (
            "not_received",
            pattern(
                r"\b(?:ware|waren|lieferung|artikel|paket|sendung|leistung|bestellung|"
                r"material)\b.{0,50}\b(?:nicht|nie|niemals) (?:erhalten|bekommen|angekommen|geliefert|"
                r"eingetroffen|erbracht)\b",
                r"\b(?:nicht|nie) geliefert\b",
                r"\bkeine (?:ware|lieferung|leistung)\b.{0,20}\b(?:erhalten|bekommen)\b",
            ),
        ),
        (
            "duplicate",
            pattern(
                r"\b(?:doppelt|zweimal) (?:berechnet|abgerechnet|in rechnung gestellt|fakturiert)\b",
                r"\bdoppelte rechnung\b",
            ),
        ),
        (
            "quality",
            pattern(
                r"\b(?:beschädigt\w*|defekt\w*|mangelhaft\w*|fehlerhafte? (?:ware|teile|lieferung)|kaputt\w*|"
                r"mängel|reklamier\w*|reklamation|unbrauchbar\w*|falsche (?:ware|farbe))\b"
            ),
        ),
        (
            "quantity",
            pattern(
                r"\b(?:falsche|fehlerhafte) mengen?\b",
                r"\bmenge (?:ist|war|stimmt) (?:falsch|nicht)\b",
                r"\bnur \d+ (?:stück|statt|von)\b",
                r"\b(?:fehlmenge|minderlieferung)\b",
                r"\bes fehlen \d+\b",
            ),
        ),
        (
            "price",
            pattern(
                r"\b(?:falsche[rn]?|zu hohe[rn]?|anderer) (?:einzel|stück)?preise?\b",
                r"\bpreise? (?:ist|sind|stimmt|stimmen|entspricht) (?:falsch|nicht|zu hoch)\b",
                r"\bnicht (?:dem|den) vereinbarten preise?n?\b",
                r"\bzu viel (?:berechnet|abgerechnet)\b",
                r"\b(?:rabatt|skonto) (?:fehlt|wurde nicht)\b",
            ),
        ),
        (
            "po_missing",
            pattern(
                r"\b(?:bestellnummer|auftragsnummer|bestellnr\.?|po-nummer|po)\b.{0,30}\b(?:fehlt|fehlend|"
                r"erforderlich|benötigt|angeben|nicht angegeben)\b",
                r"\b(?:ohne|fehlende[rn]?|benötigen (?:eine|die|unsere)) (?:bestellnummer|auftragsnummer|"
                r"po-nummer)\b",
            ),
        ),
        (
            "other",
            pattern(
                r"\b(?:widersprech\w*|bestreiten|beanstand\w*|einspruch|widerspruch)\b",
                r"\brechnung (?:ist|war) (?:falsch|fehlerhaft|nicht korrekt|strittig|unberechtigt)\b",
                r"\b(?:nicht|nie) bestellt\b",
                r"\berkennen .{0,40}\bnicht an\b",
                r"\bakzeptieren .{0,40}\bnicht\b",
                r"\b(?:warten auf|bitten um|fordern) (?:die |eine |ihre )?(?:gutschrift|rechnungskorrektur|"
                r"korrigierte rechnung)\b",
                r"\b(?:bestellung|auftrag|vertrag|buchung|rechnung)\b.{0,40}\bstorniert\b",
            ),
        ),
    ),
    no_dispute=pattern(
        r"\b(?:keine|keinen|ohne) (?:mängel|beanstandung\w*|reklamation\w*|einwände|einspruch|"
        r"widerspruch)\b",
        r"\bnicht (?:beschädigt|defekt|mangelhaft|bestreiten|strittig|widersprechen|beanstanden)\b",
        r"\b(?:reklamation|widerspruch|einspruch|beanstandung) (?:ist|wurde|hat sich) (?:erledigt|"
        r"geklärt|zurückgezogen)\b",
    ),
    away=pattern(
        r"\bnicht im (?:büro|haus|hause|dienst)\b",
        r"\b(?:bin|befinde mich|sind)\b.{0,50}\b(?:abwesend|im urlaub|in urlaub|außer haus|"
        r"ausser haus|in elternzeit|auf dienstreise|nicht erreichbar|nicht im büro)\b",
        r"\babwesenheits(?:notiz|nachricht)\b",
        r"\bim urlaub\b",
        r"\bin elternzeit\b",
        r"\bich bin .{0,30}\babwesend\b",
    ),
    until=pattern(
        r"\bbis\s(?:einschließlich\s|einschl\.\s|inkl\.\s|inklusive\s)?(?:zum\s|"
        r"einschließlich\s)?(?:\w+(?:tag|woch)\W+)?(?:dem\s|den\s)?$"
    ),
    back=pattern(r"\b(?:wieder|zurück|rückkehr|ab dem|ab)\b.{0,22}$"),
    left=pattern(
        r"\b(?:nicht mehr|nicht länger) (?:bei uns |für uns |in unserem (?:haus|unternehmen) |"
        r"im unternehmen |in der firma )?(?:tätig|beschäftigt|im unternehmen|bei uns|im hause|"
        r"für .{1,30} tätig)\b",
        r"\barbeitet nicht mehr\b",
        r"\bhat (?:das unternehmen|die firma|uns|unser haus|unser unternehmen) verlassen\b",
        r"\bausgeschieden\b",
        r"\b(?:das unternehmen|die firma) verlassen\b",
        r"\bin (?:den )?ruhestand\b",
    ),
    wrong=pattern(
        r"\b(?:falsche[rn]?|nicht (?:der|die) (?:richtige|zuständige)) (?:ansprechpartner(?:in)?|"
        r"person|adresse|empfänger|abteilung|e-?mail-?adresse|kontakt)\b",
        r"\bnicht (?:mehr )?zuständig\b",
        r"\bbin (?:ich )?nicht (?:der|die) richtige\b",
        r"\bfällt nicht in meine[nm]?\b",
    ),
    instead=pattern(
        r"\b(?:wenden|kontaktieren|ansprechpartner(?:in)?|vertretung|vertritt|vertreten|schreiben|"
        r"erreichen|senden|schicken|richten|zuständig|dringend\w*|nachfolger(?:in)?|kollegin|kollegen|"
        r"bitte an|ist)\b"
    ),
)
