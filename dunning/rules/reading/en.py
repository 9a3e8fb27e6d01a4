"""How English says it. Words and patterns only."""

from dunning.rules.reading.language import Language, numbered, pattern

_WORDS = """
    in i the and we our you your will is are be this that of on with have has from for not by please thanks thank
    regards payment paid pay invoice week friday monday been was which
"""
_MONTHS = numbered(
    "january jan,february feb,march mar,april apr,may,june jun,july jul,august aug,september "
    "sept sep,october oct,"
    "november nov,december dec",
    first=1,
)
_DAYS = numbered("monday,tuesday tues,wednesday,thursday thurs,friday fri,saturday,sunday", first=0)
_NUMBERS = numbered("one a,two,three,four,five,six,seven,eight,nine,ten,eleven,twelve,thirteen,fourteen", first=1)
_N = r"(?P<n>\d{1,3}|" + "|".join(_NUMBERS) + ")"
_ADVERB = r"(?: \w{2,12}ly| then| now| also| of course| just| both| all| indeed){0,2}"
_PAY = (
    r"(?:pay|settle|transfer|remit|wire|send (?:you )?(?:the |a |your |this |our )?(?:payment|"
    r"money|funds|balance|amount|"
    r"transfer|rest)|make (?:the |a |this |our |full |an? \w+ ){0,2}(?:payment|transfer)|"
    r"process (?:the |this |your |our )?"
    r"payment|release (?:the |this |your )?(?:payment|funds)|execute (?:the )?(?:payment|"
    r"transfer)|"
    r"arrange (?:the |a |for )?(?:payment|transfer))"
)
_MONEY = (
    r"(?:payment|transfer|remittance|funds|money|invoices?|amounts?|balance|total|sum|bills?|rest|"
    r"remainder|it|this|everything|all)"
)

ENGLISH = Language(
    code="en",
    words=frozenset(_WORDS.split()),
    months=_MONTHS,
    weekdays=_DAYS,
    numbers=_NUMBERS,
    month_first=True,
    relative=(
        ("today", pattern(r"\btoday\b", r"\bthis (?:afternoon|evening)\b")),
        ("today_past", pattern(r"\btoday\b", r"\bthis morning\b")),
        ("overmorrow", pattern(r"\b(?:the )?day after tomorrow\b")),
        ("tomorrow", pattern(r"(?<!after )\btomorrow\b")),
        ("yesterday", pattern(r"(?<!before )\byesterday\b")),
        ("before_yesterday", pattern(r"\bday before yesterday\b")),
        ("last_week", pattern(r"\blast week\b")),
        ("this_week", pattern(r"\b(?:(?:the )?end of )?(?:this|the|current) week\b(?! after| before| of)")),
        ("next_week", pattern(r"\b(?:(?:the )?end of )?(?:the )?(?:next|coming|following) week\b")),
        ("month_end", pattern(r"\b(?:the )?end of (?:the|this) month\b", r"\bmonth[- ]end\b")),
        ("next_month_end", pattern(r"\b(?:the )?end of next month\b")),
        ("named_month_end", pattern(rf"\b(?:the )?end of (?P<m>{'|'.join(_MONTHS)})\b")),
        ("in_days", pattern(rf"\b(?:with)?in (?:the next )?{_N} (?:calendar |working |business )?days?\b(?! of| ago)")),
        ("in_weeks", pattern(rf"\b(?:with)?in (?:the next )?{_N} weeks?\b(?! of| ago)")),
        (
            "day_of_month",
            pattern(r"\b(?:on|by|until|before) the (?P<d>\d{1,2})(?:st|nd|rd|th)\b(?! (?:of )?[a-z]{3,9} \d)"),
        ),
    ),
    next_weekday=pattern(r"next", r"next week"),
    next_skips=True,
    not_when=pattern(r"\b(?:dated?|of|from|since|issued(?: on)?|due(?: on)?|no\.?|number)\s(?:the\s)?$"),
    clauses=pattern(
        r"[;:]\s",
        r",\s",
        r"\s-\s",
        r"\s(?:but|however|although|though|yet|whereas)\s",
        r"\sand (?=(?:we |i )?(?:will|shall|'ll)\b)",
    ),
    governed=pattern(r"(?:that|which|and that)\b"),
    negation=pattern(
        r"\b(?:not(?! later)|no(?! later| longer than)|never|cannot|unable|refuse[sd]?|neither|nor|"
        r"none|nothing|nobody)\b",
        r"n't\b",
        r"\bwithout(?! (?:delay|fail|further))\b",
        r"\bcant\b",
        r"\bwont\b",
        r"\bstop(?:ped)?\b",
        r"\binstead of\b",
    ),
    doubt=pattern(
        r"\b(?:if|unless|once|when|whenever|provided|assuming|depending|depends?|as soon as|hop(?:e|"
        r"es|ing|efully)|try|"
        r"trying|tries|should|could|might|maybe|perhaps|probably|possibly|ideally|doubts?|unsure|"
        r"consider(?:ing)?|whether|"
        r"each|every|always|usually|normally|generally|typically|expect(?:s|ed|ing)?|unlikely|likely|"
        r"aim|plan(?:ning)? to|want|"
        r"wish|intend|ought|supposed|wait(?:ing)?|think|believe|guess|suppose|earliest|pretend|asked|"
        r"demand|propose[sd]?|"
        r"suggest|offer|impossible|den(?:y|ies|ied)|false|wrongly|told|said|lie|had (?:promised|"
        r"agreed|planned)|used to|"
        r"credit note|refund|no idea|until (?:we|you))\b",
        r"\bwould(?! like to (?:inform|let|confirm|tell|advise|assure|thank))\b",
        r"\bsubject to\b",
        r"\bnot sure\b",
        r"\bafter (?:we|you|receiving|receipt|having|checking|approval)\b",
        r"(?<!\d )(?<!th )(?<!of )\bmay\b(?! \d)",
        r"\bapproximately\b",
        r"\bsome time\b",
        r"\bor\b",
    ),
    part=pattern(
        r"\b(?:half|part|percent|per cent|partial(?:ly)?|some|portion|instal?lments?|third|quarter|"
        r"deposit|one of|first of)\b",
        r"\d ?%",
    ),
    promise=pattern(
        rf"\b(?:we|i)(?: will| shall|'ll| are going to| am going to|'re going to|'m going to|"
        rf" are able to){_ADVERB} (?:be able to )?{_PAY}\b",
        rf"\b(?:we|i) (?:hereby )?(?:promise|commit|undertake|agree|guarantee) to {_PAY}\b",
        r"\b(?:we|i) (?:are|am)(?: \w+ly)? (?:paying|transferring|settling|remitting|wiring)\b",
        r"\b(?:we|i)(?:'re|'m) (?:paying|transferring|settling|remitting|wiring)\b",
        r"\bwill be (?:fully |completely |duly |then )?(?:paid|transferred|remitted|wired)\b",
        rf"\b{_MONEY}\b.{{0,60}} (?:will|shall) be (?:\w+ly )?(?:settled|made|sent|executed|processed|"
        rf"released|paid|initiated|in your account)\b",
        rf"\b{_MONEY}\b.{{0,60}} (?:is|are|has been|have been|was|were) (?:now )?(?:scheduled|planned|"
        rf"set up|arranged|booked|lined up|"
        r"approved) (?:for|to (?:be paid|go out))\b",
        r"\b(?:payment|transfer|remittance|money|funds)\b.{0,40} (?:will (?:go out|follow|leave|"
        r"arrive|reach you|be with you|be made)|goes out|follows)\b",
        r"\byou (?:will|shall|'ll) (?:receive|have|get) (?:the |your |our |full |a ){0,2}(?:payment|"
        r"money|funds|transfer|remittance)\b",
        r"(?:included|is|are|be) in (?:our|the|this|next) (?:\w+ )?(?:payment|cheque|check) run\b",
        r"^\W*(?:(?:ok|okay|yes|hi|hello|sure|and)\W+)?will (?:pay|transfer|settle|be paid|"
        r"send (?:the )?payment)\b",
        r"^\W*paying\b",
        r"^\W*and will (?:pay|transfer|settle)\b",
    ),
    paid=pattern(
        r"\b(?:we|i)(?: have|'ve)? (?:already |just |long since )?(?:paid|transferred|"
        r"settled|"
        r"remitted|wired|made (?:the |this |a )?(?:payment|transfer)|"
        r"sent (?:you )?(?:the |a )?(?:payment|transfer|money))\b",
        r"(?<!will )\b(?:has|have|was|were) (?:already |just |fully )?(?:been )?(?:already )?(?:paid|"
        r"transferred|settled|remitted|wired|debited)\b",
        r"\b(?:payment|transfer|remittance)\b.{0,40} (?:was|were|has been|"
        r"have been) (?:already )?(?:made|sent|executed|processed|effected)\b",
        r"\b(?:is|are) already (?:paid|settled)\b",
        r"\balready paid\b",
    ),
    reference=pattern(
        r"\b(?:reference|ref|transaction(?: id| number)?|payment id|remittance)(?: number|"
        r" no)?[.:#\s]{1,3}(?:is |was )?(?P<ref>[a-z0-9/-]{0,20}\d[a-z0-9/-]{2,20})"
    ),
    disputes=(
        (
            "not_received",
            pattern(
                r"\b(?:never|not|n't) (?:yet )?(?:received?|gotten|got) (?:the |these |those |this |any |our |"
                r"all |your )?(?:goods|delivery|items?|order|parcel|shipment|products?|material|service|"
                r"pallets?|boxes)\b",
                r"\b(?:goods|delivery|order|parcel|shipment|items|pallets?)\b.{0,40} (?:never arrived|(?:has|"
                r"have|did|was|were)(?: not|n't)(?: yet)? (?:arrived?|been delivered|delivered))\b",
                r"\bservices? (?:was|were) (?:never|not) (?:provided|rendered|performed)\b",
            ),
        ),
        (
            "duplicate",
            pattern(
                r"\b(?:invoiced|billed|charged) (?:us )?(?:for (?:this|it) )?twice\b",
                r"\b(?:double|duplicate)[- ](?:invoiced?|billed|billing|invoicing|charged?)\b",
                r"\binvoice is a duplicate\b",
            ),
        ),
        (
            "quality",
            pattern(
                r"\b(?:arrived|came|received?|delivered|goods|items|parts|units|boxes|glass) (?:\w+ ){0,3}broken\b",
                r"\b(?:damaged|defective|faulty|unusable|mouldy|poor quality|wrong colour|wrong color|"
                r"leaking|rejected by our quality)\b",
            ),
        ),
        (
            "quantity",
            pattern(
                r"\b(?:wrong|incorrect) quantit(?:y|ies)\b",
                r"\bonly (?:received|got|delivered) \d+\b",
                r"\bshort[- ]deliver(?:y|ed)\b",
                r"\b(?:items?|pieces|units|boxes|pallets?) (?:are|is|were|was) missing\b",
                r"\bquantity (?:is|was) (?:wrong|incorrect|not)\b",
            ),
        ),
        (
            "price",
            pattern(
                r"\b(?:wrong|incorrect) (?:unit )?prices?\b",
                r"\bprices? (?:is|are|was|were|does|do) (?:wrong|incorrect|too high|not)\b",
                r"\bovercharged\b",
                r"\bnot the agreed price\b",
                r"\bdifferent prices?\b",
                r"\bdiscount (?:is|was) (?:missing|not)\b",
                r"\bhigher than (?:agreed|quoted|ordered|our order)\b",
            ),
        ),
        (
            "po_missing",
            pattern(
                r"\b(?:po|purchase order|order)(?: number| no\.?| reference)? (?:is |was )?(?:missing|"
                r"required|not (?:stated|shown|on))\b",
                r"\b(?:without|missing|no|need|needs|require|requires) (?:an? |the |our |valid )?(?:po|"
                r"purchase order)(?: number| no\.?| reference)?\b",
            ),
        ),
        (
            "other",
            pattern(
                r"\bwe (?:hereby |must |have to )?(?:dispute|contest|object to|reject)\b",
                r"\bi (?:hereby |must )?(?:dispute|contest|object to|reject)\b",
                r"\b(?:do|does|can|could) ?(?:not|n't) accept (?:this|the|your) (?:invoice|bill|amount|"
                r"claim)\b",
                r"\b(?:invoice|bill|amount) is (?:wrong|incorrect|not correct|disputed|not justified)\b",
                r"\b(?:invoice|bill|amount) is in dispute\b",
                r"\bnever ordered\b",
                r"\b(?:did|have) (?:not|n't) order(?:ed)?\b",
                r"\bwaiting for (?:the|a|your) credit note\b",
                r"\b(?:issue|send) (?:us )?a credit note\b",
                r"\b(?:order|contract|subscription|booking|invoice)\b.{0,30}\b(?:was|were|been) cancell?ed\b",
            ),
        ),
    ),
    no_dispute=pattern(
        r"\b(?:not|n't|no longer|never) (?:dispute|contest|object|damaged|defective|faulty|broken|"
        r"in dispute|been damaged)\b",
        r"\bno (?:dispute|objections?|complaints?|damaged?|defects?)\b",
        r"\bdispute (?:is|was|has been) (?:resolved|settled|closed|withdrawn)\b",
    ),
    away=pattern(
        r"\bout of (?:the )?office\b",
        r"\bon (?:annual |maternity |parental |sick |paternity )?(?:leave|vacation|holidays?)\b",
        r"\b(?:i am|i'm|i will be|i'll be) (?:currently |presently )?(?:away|absent|travell?ing|"
        r"on leave|abroad)\b",
        r"\bthank you for your (?:e-?mail|message)\W.{0,40}\baway\b",
    ),
    until=pattern(r"\b(?:until|till|through|up to|to)\s(?:and including\s)?(?:the\s)?(?:\w+day\W+)?$"),
    back=pattern(r"\b(?:back|return|returning|reachable again|available again|in the office again)\b.{0,22}$"),
    left=pattern(
        r"\b(?:is|am) no longer (?:with|working|employed|at|part of|an employee)\b",
        r"\bno longer works?\b",
        r"\b(?:has|have) left (?:the |our |us\b)?(?:company|firm|organi[sz]ation|business)?",
        r"\bleft the (?:company|firm|organi[sz]ation|business)\b",
        r"\bdoes(?: not|n't) work (?:here|for us|with us|at .{1,30}) any ?more\b",
        r"\bhas retired\b",
    ),
    wrong=pattern(
        r"\b(?:not|n't) the (?:right|correct|proper) (?:person|contact|recipient|address|department)\b",
        r"\bwrong (?:person|contact|recipient|department|e-?mail address)\b",
        r"\b(?:am|are|is) not (?:responsible|in charge)\b",
        r"\bnot (?:my|our) (?:responsibility|department)\b",
        r"\bi (?:do not|don't) (?:handle|deal with|work in|take care of)\b",
    ),
    instead=pattern(
        r"\b(?:contact|write|e-?mail|reach|address|send|direct|forward|turn|speak|get in touch|"
        r"replaced|successor|substitute|responsible|urgent|instead|use|is)\b"
    ),
)
