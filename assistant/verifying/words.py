"""
The English words that checking a sentence goes by: which say nothing, which deny, which are opposites, one
another. Lists, each read once; written for this, from no other list. Knows no texts.
"""


def listed(words: str) -> tuple[str, ...]:
    """The words of a list, in order."""
    return tuple(words.split())


def rows(words: str) -> tuple[tuple[str, ...], ...]:
    """Groups of words, parted by semicolons."""
    return tuple(listed(group) for group in words.split(";"))


# Words that carry no fact of their own: an article, a preposition, a pronoun, an auxiliary, "according to the text".
FUNCTION = frozenset(
    listed(
        """a an the this that these those some any each every either both all such own same other another of in on at by
        for with from to into onto upon over under about as than then so too very also just only even still yet but and
        or if because while when where which who whom whose what how why there here it its he his him she her hers they
        them their theirs we us our ours you your yours i me my mine himself herself itself themselves is am are was
        were be been being do does did done has have had having will would shall should can could may might must 's 're
        've 'll 'd 'm s although though however therefore thus hence moreover furthermore meanwhile during since until
        between among through within toward towards via per according said says article articles source sources text
        passage passages paragraph paragraphs information provided based mentions mentioned states stated yes out up
        down off again further once"""
    )
)
NEGATIONS = frozenset(
    listed(
        """not n't n’t no never none nobody nothing neither nor without cannot nowhere hardly scarcely lack lacks lacked
        lacking fail fails failed failing refuse refuses refused refusing unable"""
    )
)
NEGATING_VERBS = frozenset(listed("fail fails failed failing refuse refuses refused refusing unable"))  # before "to"
# Every one of a pair is the opposite of the other; stems are made of them where they are used.
OPPOSITES = rows(
    """rise fall; rise decline; rise drop; increase decrease; increase reduce; increase decline; grow shrink; gain
    lose; win lose; up down; above below; higher lower; high low; more less; more fewer; most least; larger
    smaller; large small; longer shorter; long short; older younger; earlier later; early late; faster slower;
    before after; first last; north south; east west; northern southern; eastern western; left right; open
    close; begin end; start end; start finish; accept reject; approve reject; allow ban; permit forbid; support
    oppose; agree disagree; pass fail; buy sell; import export; majority minority; maximum minimum; best worst;
    better worse; positive negative; success failure; succeed fail; arrive leave; enter leave; include exclude;
    join leave; strengthen weaken; expand shrink; male female; men women; man woman; husband wife; father
    mother; son daughter; brother sister; guilty innocent; true false; always never; inside outside; indoor
    outdoor; public private; rich poor; hot cold; warm cool; wet dry; alive dead; born die; domestic foreign;
    upper lower; ancient modern; strong weak; heavy light; full empty; same different; legal illegal; confirm
    deny; love hate; attack defend; create destroy; hire fire; upstream downstream; ascend descend; accelerate
    slow; victory defeat; profit loss; raise lower; raise cut; add remove"""
)
PREFIXES = ("un", "in", "im", "ir", "il", "non", "dis")  # able, unable
IRREGULAR = {
    form: forms[0]
    for forms in rows(
        """win won; lose lost loss; rise rose risen; fall fell fallen; build built; buy bought; sell sold; make made;
    take took taken; give gave given; go went gone; get got gotten; come came; become became; tell told; see saw
    seen; know knew known; think thought; find found; lead led; leave left; hold held; write wrote written; speak
    spoke spoken; break broke broken; choose chose chosen choice; drive drove driven; grow grew grown growth;
    throw threw thrown; show shown; begin began begun; run ran; meet met; pay paid; send sent; spend spent; keep
    kept; feel felt; bring brought; teach taught; catch caught; fight fought; seek sought; stand stood; understand
    understood; sit sat; bear bore born borne birth; wear wore worn; draw drew drawn; fly flew flown flight; eat
    ate eaten; drink drank drunk; sing sang sung song; steal stole stolen; shoot shot; strike struck; die died
    dying death dead; man men; woman women; child children; person people; foot feet; leaf leaves; life lives;
    wife wives; arise arose; forget forgot forgotten; hear heard; lie lay lain; mean meant; sink sank sunk; shake
    shook shaken; sleep slept; swim swam swum; hide hid hidden; feed fed; bind bound; withdraw withdrew withdrawn
    withdrawal; undergo underwent; overcome overcame; ride rode ridden; decide decision; announce announcement;
    destroy destruction; produce production; arrive arrival; discover discovery; elect election; invade invasion;
    explode explosion; lend lent loan"""
    )
    for form in forms
}
HONORIFICS = frozenset(listed("mr mrs ms miss mx dr doctor prof sir dame lord lady madam"))
ABBREVIATED = {
    "professor": "prof", "senator": "sen", "governor": "gov", "general": "gen", "saint": "st", "representative": "rep",
    "lieutenant": "lt", "captain": "capt", "colonel": "col", "sergeant": "sgt", "mount": "mt", "president": "pres",
    "company": "co", "corporation": "corp", "incorporated": "inc", "limited": "ltd", "junior": "jr", "senior": "sr",
    "street": "st", "university": "univ", "department": "dept", "usa": "us", "america": "us", "britain": "uk",
}  # fmt: skip
# Places and their people whose first four letters are not the same, or too short to tell.
PEOPLES = frozenset(
    frozenset(pair)
    for pair in rows(
        """france french; spain spanish; spain spaniards; britain british; england english; china chinese; japan
    japanese; poland polish; sweden swedish; wales welsh; ireland irish; turkey turkish; greece greek;
    netherlands dutch; denmark danish; scotland scottish; scotland scots; finland finnish; iran iranian; iraq
    iraqi; peru peruvian; cuba cuban; us american; us americans; usa american; america us; uk british; uk
    britain; philippines filipino; cyprus cypriot; norway norwegian; israel israeli; israel israelis; europe
    european; switzerland swiss; hungary hungarian; belgium belgian; thailand thai; laos lao; czechia czech;
    ussr soviet; holland dutch; portugal portuguese; rome roman; un united"""
    )
)
# Verbs that stand between two names either way round: "Holm said" and "said Holm", A met B and B met A.
BOTH_WAYS = frozenset(
    listed("say said says add added meet met meets marry married equal equals equalled border borders face faced faces")
)
# Words that may open a sentence without being a name, and without the article having them.
OPENERS = frozenset(
    listed(
        """many several most few various numerous new old early late later local recent current former overall
        eventually after before first last next one two three people someone everyone anyone traffic construction water
        work part
        due despite besides instead initially finally today now then despite like unlike given following including
        along around across near alongside beyond behind above below more less fewer half whether perhaps maybe critics
        back home long high low big small good bad great large total average modern young public private national"""
    )
)
COMMON_ENDINGS = ("s", "ly", "ing", "ed", "ion", "ment", "ness", "ity", "ism", "ure", "age", "ance", "ence", "ship")
