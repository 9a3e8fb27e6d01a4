"""How French says it. Words and patterns only."""

from dunning.rules.reading.language import Language, numbered, pattern

_WORDS = """
    de en un le la les et nous vous est sont une des du pour votre notre par que qui dans avec avons sera facture
    paiement merci bonjour cordialement sur au aux pas semaine vendredi je ai été
"""
_MONTHS = numbered(
    "janvier janv jan,février févr fév fevrier,mars,avril avr,mai,juin,juillet juil,août "
    "aout,septembre sept,octobre oct,"
    "novembre nov,décembre déc decembre",
    first=1,
)
_DAYS = numbered("lundi,mardi,mercredi,jeudi,vendredi,samedi,dimanche", first=0)
_NUMBERS = numbered("un une,deux,trois,quatre,cinq,six,sept,huit,neuf,dix,onze,douze,treize,quatorze", first=1) | {
    "quinze": 15
}
_N = r"(?P<n>\d{1,3}|" + "|".join(_NUMBERS) + ")"
_WE = r"\b(?:nous|je|on)(?: (?:vous|le|la|les|l'|en|y|allons donc))*[ ']?(?:l')?"
_PAY = (
    r"(?:payer|régler|virer|verser|solder|effectuer|procéder|faire le virement|faire un virement|"
    r"faire le paiement|honorer|transférer)"
)
_WILL = (
    r"(?:paierons|payerons|paierai|payerai|réglerons|réglerai|règlerons|règlerai|virerons|virerai|"
    r"verserons|verserai|"
    r"solderons|effectuerons|effectuerai|procéderons|procéderai|procèderons|payons|paie|réglons|"
    r"règle|virons|versons|effectuons|procédons|"
    r"ferons (?:le |un |notre )?(?:virement|paiement|règlement|nécessaire)|ferai (?:le |"
    r"un )?(?:virement|paiement|règlement)|"
    rf"(?:allons|vais)(?: \w+ment)?(?: vous)?(?: (?:le|la|les))? {_PAY})"
)
_MONEY = r"(?:paiement|virement|règlement|versement|transfert)"
_NEXT = r"(?:prochaine?|suivante?|qui vient)"

FRENCH = Language(
    code="fr",
    words=frozenset(_WORDS.split()),
    months=_MONTHS,
    weekdays=_DAYS,
    numbers=_NUMBERS,
    relative=(
        ("today", pattern(r"\baujourd'hui\b", r"\bce soir\b", r"\bce jour\b")),
        ("today_past", pattern(r"\baujourd'hui\b", r"\bce matin\b", r"\bce jour\b")),
        ("overmorrow", pattern(r"\baprès-demain\b")),
        ("tomorrow", pattern(r"(?<!après-)\bdemain\b")),
        ("yesterday", pattern(r"(?<!avant-)\bhier\b")),
        ("before_yesterday", pattern(r"\bavant-hier\b")),
        ("last_week", pattern(r"\bla semaine (?:dernière|passée)\b")),
        (
            "this_week",
            pattern(
                r"\b(?:fin de )?cette semaine\b",
                r"\b(?:fin de|la fin de la) semaine\b(?! (?:prochaine|suivante))",
                r"\ben fin de semaine\b(?! prochaine)",
            ),
        ),
        (
            "next_week",
            pattern(
                r"\b(?:(?:début|milieu|fin|courant) (?:de )?)?(?:la )?semaine (?:prochaine|suivante|"
                r"qui vient)\b"
            ),
        ),
        (
            "month_end",
            pattern(r"\b(?:la )?fin (?:du|de ce) mois\b(?! prochain)", r"\ben fin de mois\b", r"\bfin de mois\b"),
        ),
        ("next_month_end", pattern(r"\b(?:la )?fin du mois prochain\b")),
        ("named_month_end", pattern(rf"\b(?:la )?fin (?:du mois )?(?:de |d')?(?P<m>{'|'.join(_MONTHS)})\b")),
        (
            "in_days",
            pattern(
                rf"\b(?:dans|sous|d'ici|"
                rf"en)(?: un délai de)?(?: les)?(?: prochains)? ?{_N} jours?\b(?! (?:de retard|après))"
            ),
        ),
        ("in_weeks", pattern(rf"\b(?:dans|sous|d'ici)(?: les)? {_N} semaines?\b")),
        ("day_of_month", pattern(r"\ble (?P<d>\d{1,2})(?:er)?(?=\W*$|[,;.]| au plus tard| prochain| pour| par)")),
    ),
    next_weekday=pattern(_NEXT),
    next_skips=False,
    not_when=pattern(
        r"\b(?:du|daté(?:e|es|s)?(?: du)?|de|depuis(?: le)?|émise? le|échue? le|échéance(?: du)?|"
        r"n°)\s$"
    ),
    clauses=pattern(
        r"[;:]\s",
        r",\s",
        r"\s-\s",
        r"\s(?:mais|cependant|toutefois|pourtant|or)\s",
        r"\set (?=(?:nous|je|sera|seront)\b)",
    ),
    governed=pattern(r"(?:que|qui|laquelle|lequel)\b"),
    negation=pattern(
        r"\bne\b",
        r"\bn'(?!ous)",
        r"\bpas\b",
        r"\baucune?\b",
        r"\bjamais\b",
        r"\bsans\b(?! (?:délai|faute|tarder|retard|plus))",
        r"\bni\b",
        r"\bimpossible\b",
        r"\brefus\w*\b",
        r"\bincapables?\b",
    ),
    doubt=pattern(
        r"\b(?:si|quand|lorsque|lorsqu'\w+|dès que|dès (?:la )?réception|après (?:la )?livraison|"
        r"une fois|après (?:réception|"
        r"validation|vérification|accord)|sous réserve|à condition|"
        r"devrai\w*|devrion\w*|devons|dois|pourrai\w*|pourrion\w*|pourron\w*|pouvons|peux|peut|"
        r"espér\w*|espèr\w*|essa\w*|tent\w*|tâch\w*|peut-être|probablement|"
        r"éventuellement|normalement|généralement|habituellement|toujours|chaque|souhait\w*|voudri\w*|"
        r"voulons|aimeri\w*|comptons|prévoyons|envisag\w*|pensons|pense|"
        r"crois|croyons|doute|attend\w*|environ|propos\w*|suggér\w*|tous les|ou|demand\w*|au plus tôt|"
        r"sauf|à moins)\b",
    ),
    part=pattern(
        r"\b(?:moitié|parties?|partiel(?:le)?s?|partiellement|acompte|échelonn\w*|mensualités?|fois|"
        r"tiers|quart|solde partiel|une? des)\b",
        r"\d ?%",
    ),
    promise=pattern(
        rf"{_WE}{_WILL}\b",
        r"\b(?:sera|seront)(?: \w+ment| bien| donc)? (?:payée?s?|réglée?s?|virée?s?|versée?s?|"
        r"soldée?s?|honorée?s?)\b",
        rf"\b{_MONEY}s?\b.{{0,60}}\b(?:sera|seront|est|sont)(?: \w+ment| bien)? (?:effectuée?s?|"
        rf"faite?s?|émise?s?|exécutée?s?|prévue?s?|programmée?s?|planifiée?s?|réalisée?s?|envoyée?s?)\b",
        r"\b(?:facture|paiement|virement|règlement)s?\b.{0,40}\best (?:prévue?|programmée?|planifiée?|"
        r"mise? en paiement|validée? pour)\b",
        rf"\b{_MONEY}\b.{{0,40}}\b(?:partira|interviendra|aura lieu|suivra|vous parviendra|arrivera)\b",
        rf"\bvous (?:recevrez|aurez) (?:le |votre |notre |l'argent)?(?:{_MONEY}|argent)?\b",
        rf"\b(?:nous )?(?:promettons|engageons|promets|engage) (?:de |à )(?:vous )?{_PAY}\b",
        rf"\b(?:engageons|engage) à {_PAY}\b",
    ),
    paid=pattern(
        r"\b(?:avons|ai|a|ont)(?: déjà| bien| en effet){0,2} (?:payée?s?|réglée?s?|virée?s?|versée?s?|"
        r"soldée?s?|effectué (?:le |un |votre )?(?:paiement|virement|règlement)|"
        r"procédé au (?:paiement|virement|règlement)|fait (?:le |un )?(?:virement|paiement|"
        r"règlement))\b",
        r"\b(?:a|ont)(?: déjà| bien)? été(?: déjà| bien)? (?:payée?s?|réglée?s?|virée?s?|versée?s?|"
        r"soldée?s?|débitée?s?)\b",
        r"\b(?:paiement|virement|règlement)\b.{0,30}\ba(?: déjà| bien)? été (?:effectué|fait|émis|"
        r"exécuté|envoyé)\b",
        r"\b(?:est|sont) déjà (?:payée?s?|réglée?s?|soldée?s?)\b",
        r"\bdéjà (?:payée?|réglée?)\b",
    ),
    reference=pattern(
        r"\b(?:référence|réf|numéro de (?:virement|transaction)|"
        r"libellé)[.:#\s]{1,3}(?:est )?(?P<ref>[a-z0-9/-]{0,20}\d[a-z0-9/-]{2,20})"
    ),
    disputes=(
        (
            "not_received",
            pattern(
                r"\b(?:marchandises?|livraison|commande|colis|produits?|articles?|matériel|"
                r"prestation)\b.{0,40}\b(?:pas|jamais) (?:encore )?(?:été )?(?:reçue?s?|livrée?s?|arrivée?s?|"
                r"parvenue?s?|effectuée?s?)\b",
                r"\b(?:pas|jamais) (?:encore )?reçu (?:la |les |le |cette |notre |votre )?(?:marchandises?|"
                r"livraison|commande|colis|produits?|articles?|matériel)\b",
            ),
        ),
        (
            "duplicate",
            pattern(
                r"\bfacturée?s? (?:deux fois|en double)\b", r"\b(?:double facturation|facture en double|doublon)\b"
            ),
        ),
        (
            "quality",
            pattern(
                r"\b(?:endommagée?s?|défectueu(?:x|se|ses)|cassée?s?|abîmée?s?|non conformes?|inutilisables?|"
                r"mauvaise qualité|malfaçons?)\b"
            ),
        ),
        (
            "quantity",
            pattern(
                r"\bquantités? (?:\w+ )?(?:erronée?s?|incorrectes?|fausses?|est fausse|manquantes?|"
                r"ne correspond)\b",
                r"\b(?:seulement|que) \d+ (?:sur|au lieu de|pièces|unités)\b",
                r"\bil (?:en )?manque \d+\b",
                r"\bmauvaise quantité\b",
            ),
        ),
        (
            "price",
            pattern(
                r"\b(?:mauvais|faux) prix\b",
                r"\bprix\b.{0,30}\b(?:erronés?|incorrects?|trop élevés?|ne correspond(?:ent)?|n'est pas|"
                r"ne sont pas)\b",
                r"\bremise (?:\w+ )?(?:manque|oubliée|n'a pas)\b",
                r"\bsurfactur\w*\b",
            ),
        ),
        (
            "po_missing",
            pattern(
                r"\bnuméro de (?:bon de )?commande\b.{0,30}\b(?:manque|manquant|absent|obligatoire|nécessaire|"
                r"requis|ne figure|n'est pas)\b",
                r"\b(?:sans|manque le|besoin d'un|besoin du) (?:numéro de )?(?:bon de )?commande\b",
            ),
        ),
        (
            "other",
            pattern(
                r"\b(?:contest(?:ons|e)|réfut(?:ons|e))\b",
                r"\bfacture\b.{0,20}\best (?:fausse|erronée|incorrecte|contestée|injustifiée)\b",
                r"\b(?:jamais|pas) commandé\b",
                r"\bn'acceptons pas\b",
                r"\b(?:attendons|demandons) (?:un |l'|votre )avoir\b",
                r"\bcommande\b.{0,20}\bannulée\b",
            ),
        ),
    ),
    no_dispute=pattern(
        r"\bne contest\w+ (?:pas|rien|aucun\w*)\b",
        r"\baucune (?:contestation|réclamation|objection)\b",
        r"\bpas (?:endommagée?s?|défectueu\w+|contest\w+)\b",
        r"\blitige (?:est|a été) (?:résolu|réglé|clos)\b",
    ),
    away=pattern(
        r"\babsente?s?\b(?! de la facture)",
        r"\ben (?:congés?|vacances|déplacement|congé maternité)\b",
        r"\bhors du bureau\b",
        r"\bpas (?:au|à mon) bureau\b",
        r"\babsence du bureau\b",
    ),
    until=pattern(r"\b(?:jusqu'au|jusqu'à|au|jusque)\s(?:et y compris\s|inclus\s)?(?:le\s)?(?:\w+di\s)?$"),
    back=pattern(
        r"\b(?:de retour|retour|reviens|reviendrai|reprendrai|joignable à partir|à partir du|"
        r"serai de nouveau)\b.{0,22}$"
    ),
    left=pattern(
        r"\bne (?:travaille|fait) plus\b",
        r"\ba quitté (?:l'entreprise|la société|notre société|notre entreprise|l'établissement|"
        r"ses fonctions|nos effectifs)\b",
        r"\bn'est plus (?:parmi nous|dans (?:l'entreprise|la société|nos effectifs)|employée?|"
        r"salariée?|en poste|chez)\b",
        r"\bne fait plus partie\b",
        r"\bparti(?:e)? (?:à|en) la? ?retraite\b",
    ),
    wrong=pattern(
        r"\bpas (?:la bonne|le bon|la|le) (?:bon |bonne )?(?:personne|interlocuteur|interlocutrice|"
        r"contact|adresse|service|destinataire)\b",
        r"\bmauvais(?:e)? (?:personne|interlocuteur|contact|adresse|service|destinataire)\b",
        r"\bpas (?:responsable|en charge|chargée?|concernée?)\b",
    ),
    instead=pattern(
        r"\b(?:contact(?:er|ez)?|adress(?:er|ez)|écri(?:re|vez)|joindre|envoy(?:er|ez)|remplaç\w*|"
        r"remplac\w*|urgen\w*|interlocuteur|responsable|voir avec|transmet\w*|est)\b"
    ),
)
