"""The words by which an event is found in a sentence, and by which it is planned, held, called off or denied."""

from __future__ import annotations

import re

from winset.record.reading.wordlists import triggers

# All patterns but VISIT, HOST, JOIN and INFINITIVE (which ask for a capital) are tried on small letters.
__all__ = [
    "ALSO_WORDS",
    "ARRIVE",
    "ARRIVE_WORDS",
    "BEEN",
    "BE_WITH",
    "BE_WORDS",
    "CANCELLED",
    "DOMESTIC",
    "GENERIC_BEFORE",
    "GUESTS",
    "GUEST_WORDS",
    "HELD_BEFORE",
    "HOST",
    "HOST_WORDS",
    "HOURS_WITH",
    "HOUR_WORDS",
    "INFINITIVE",
    "JOIN",
    "MEET",
    "MEET_ALSO",
    "MEET_IDIOMS",
    "MEET_OPENINGS",
    "MEET_WORDS",
    "NEGATED",
    "NOT_MET",
    "NOUN",
    "NOUN_OPENINGS",
    "NOUN_WORDS",
    "OFFICIALS",
    "OFTEN",
    "ONGOING",
    "ON_VISIT",
    "ON_VISIT_WORDS",
    "OWN_PAPER",
    "PAPER",
    "PHONE_WORDS",
    "PLANNED",
    "POSTPONED_TO",
    "PREDICATE",
    "PREDICATE_WORDS",
    "RING",
    "RING_WORDS",
    "RUNG",
    "SEE",
    "SEE_WORDS",
    "SETTING",
    "SIGN",
    "SIGN_WORDS",
    "SPEAK",
    "TALKED",
    "TALK_WORDS",
    "TEAM",
    "TEAM_WORDS",
    "TENTATIVE",
    "THERE",
    "THERE_SHORT",
    "THERE_WORDS",
    "TOUR",
    "TOUR_WORDS",
    "TRIGGERS",
    "TRIP",
    "TRIP_WORDS",
    "VISIT",
    "VISIT_IDIOMS",
    "VISIT_WORDS",
    "WORK",
    "WORK_WORDS",
]

# One look at the set of words decides whether a sentence is examined, and by which patterns.
MEET_WORDS = triggers(
    "gather gathers gathered convene convenes convened "
    "reconvene reconvenes reconvened regroup regroups regrouped try "
    "table hands confer confers conferred huddled dined dine dines lunch dinner breakfast coffee tea meet meets "
    "met meeting sit sits sitting sat"
)
MEET_IDIOMS = triggers("table hands lunch dinner breakfast coffee tea")
"""Words inside a meeting told in several words, which begins with another."""
MEET_OPENINGS = MEET_WORDS - MEET_IDIOMS | triggers("conferr conferrs confered conferred")
ALSO_WORDS = triggers("other another face assemble assembles assembled sit sits sat sitting")
SEE_WORDS = triggers("see sees saw seen seeing called calls")
HOUR_WORDS = triggers("minutes minute hours hour morning afternoon evening closeted")
RING_WORDS = triggers("rang rings rung ring called calls")
BE_WORDS = triggers("was were be been")
THERE_WORDS = triggers("was were be been is are re ll m")
TALK_WORDS = triggers("spoke spoken speak speaks speaking talked talking")
PHONE_WORDS = triggers(
    "online remotely virtually zoom phone telephone video videolink videoconference telephoned phoned "
    "teleconference"
)
VISIT_WORDS = triggers(
    "due visit visits visited visiting arrive arrives arrived arriving travel travels traveled "
    "travelled traveling travelling fly flies flew flown flying went go goes going return "
    "returns returned returning head heads headed heading left leave leaves leaving depart "
    "departs departed departing come comes came coming expected set bound landed touched trip tour "
    "accompany accompanies "
    "accompanied accompanying"
)
VISIT_IDIOMS = triggers("due expected")
"""As those of meetings: "is due in"."""
ARRIVE_WORDS = triggers("arrive arrives arrived arriving visit visits visited")
ON_VISIT_WORDS = triggers("visit trip tour accompany accompanies accompanied accompanying")
HOST_WORDS = triggers(
    "host hosts hosted hosting welcome welcomes welcomed receive receives received receiving join joins "
    "joined joining "
    "brief briefs briefed briefing entertain entertains entertained greeted greets"
)
NOUN_WORDS = triggers(
    "discussions call calls conversation talks conference meeting meetings teleconference videoconference "
    "summit summits consultations negotiations dialogue visit visits trip stopover stop session sitting round "
    "encounter "
    "encounters conversations table tables roundtable roundtables"
)
NOUN_OPENINGS = NOUN_WORDS | triggers("phone telephone video")
WORK_WORDS = triggers(
    "bargain bargains bargained haggle haggles haggled negotiated wrangle wrangles wrangled wrap wraps "
    "wrapped thrash thrashed "
    "hammer hammered iron ironed hash hashed tackle tackled"
)
GUEST_WORDS = triggers(
    "ambassador ambassadors envoy envoys representatives delegation delegations ministers negotiator "
    "negotiators counterpart "
    "counterparts colleague colleagues officials leaders presidents premier premiers chiefs executives number "
    "guest guests "
    "commissioner commissioners"
)
TOUR_WORDS = triggers(
    "awaited lands land touches touch drops dropped stops stopped swings swung jets jetted dashes dashed "
    "journeys journeyed crosses crossed "
    "rushes rushed"
)
TRIP_WORDS = triggers("back home return returns returned returning")
TEAM_WORDS = triggers("team delegation mission group")
SIGN_WORDS = triggers(
    "sign signs signed signing initial initials initialled initialed initialling inked pen signature "
    "signatures names "
    "countersigned countersign"
)
TRIGGERS = (
    SIGN_WORDS
    | ALSO_WORDS
    | TOUR_WORDS
    | WORK_WORDS
    | HOUR_WORDS
    | TRIP_WORDS
    | TEAM_WORDS
    | MEET_WORDS
    | SEE_WORDS
    | RING_WORDS
    | TALK_WORDS
    | PHONE_WORDS
    | VISIT_WORDS
    | HOST_WORDS
    | NOUN_WORDS
)
PREDICATE_WORDS = triggers(
    "place held begin start open resume follow continue conclude set scheduled slated planned penciled pencilled "
    "lined expected due arranged rescheduled canceled cancelled called postponed delayed scrapped suspended under "
    "underway going progress convene convened happen go wrap end run took takes began begins started starts "
    "opened opens resumed resumes ended ends lasted concluded concludes broke collapsed failed continued wrapped "
    "kicked kicks went followed"
)
"""A predicate holds one of these, whole."""
NOUN = re.compile(
    r"\b(?P<noun>(?:phone|telephone|video)[ -](?:calls?|conversation|talks|conference|meeting)|conference "
    r"call|"
    r"teleconference|videoconference|calls?|summits?|meetings?|talks|consultations|negotiations|dialogue|"
    r"visits?|trip|"
    r"encounters?|conversations?|round[ -]tables?|stopover|stop(?= (?:in|of|at)\b)|session|sitting(?= (?:of|"
    r"with|in))|round|discussions)\b"
    r"(?!-|\s+(?:rooms?|team|schedules?|agenda|venue|process|plans?|hall|table|grounds?|minutes|statement|"
    r"declaration|"
    r"outcome|format|request|invitation|fatigue|strategy|package|documents?|preparations?|points?|mandate|"
    r"partners?|"
    r"chief|house)\b)"
)
# After the noun, its verb.
PREDICATE = re.compile(
    r"\b(?:(?:will|would|is|are|was|were|has|have|had|to)\s+(?:also\s+|now\s+|not\s+|again\s+|first\s+)*"
    r"(?:be(?:en)?\s+)?(?:also\s+|due\s+to\s+|set\s+to\s+|scheduled\s+to\s+|expected\s+to\s+|"
    r"likely\s+to\s+|tentatively\s+)*"
    r"(?:take place|taking place|taken place|held|be held|being held|begin|start|open|resume|follow|"
    r"continue|conclude|"
    r"set|scheduled|slated|planned|pencill?ed in|lined up|expected|due|arranged|rescheduled|cancell?ed"
    r"|called off|postponed|"
    r"delayed|scrapped|"
    r"suspended|under ?way|going on|in progress|convene[d]?|happen|go ahead|wrap up|end|run)"
    r"|(?:open|start|resume|conclude|continue|re-?open|restart|begin again|start again)"
    r"(?=\s(?:in|on|at|next|this|again|tomorrow|today|later|early|by|here|there|before|\d)\b)"
    r"|restart(?:s|ed)|reopen(?:s|ed)"
    r"|took place|takes place|set for|scheduled for|scheduled on|slated for|planned for|due (?:on|in)|"
    r"began|begins|begin|"
    r"started|starts|opened|opens|resumed|resumes|ended|ends|lasted|concluded|concludes|broke (?:down|up|"
    r"off)|collapsed|"
    r"failed|continued|wrapped up|kicked off|kicks off|went ahead|followed|(?:was|were) (?:arranged|held|"
    r"cancell?ed|"
    r"called off|postponed)|to be held|to take place)\b"
)
# Before the noun, the verb that makes it happen.
HELD_BEFORE = re.compile(
    # The first letters of the verbs in front spare most words the many alternatives.
    r"\b(?=[abcdefhijklmoprstw])(?P<verb>hold|holds|held|holding|had|have|began|begin|begins|start|started|starts|resume|resumes|"
    r"resumed|resuming|"
    r"open|opened|opens|conclude|concluded|concludes|wrapped up|wrap up|convene|convened|hosts?|hosted|"
    r"hosting|(?:co-)?chair(?:s|ed)?|attend|"
    r"attends|attended|attending|join|joins|joined|schedule|scheduled|postponed?|cancell?ed|cancel|called "
    r"off|call off|"
    r"paid|pay|pays|make|makes|made|making|complete[ds]?|skipped|skip|skips|boycotted|in|for|finished|"
    r"arranged|launched|"
    r"kicked off|cut short|extended|planned|plan|there (?:will|would) be|there (?:was|were)|led|leads?|delayed"
    r"|suspended|agreed to|enter|entered|arrived "
    r"for)\s+(?P<np>[^.;:]{0,70})$"
)
SETTING = re.compile(
    r"\b(?:during|at|after|following|follows|ahead of|before|on the (?:sidelines|margins) of|"
    r"since)\s+(?P<np>[^.;,:]{0,60})$"
)
# Wishes, requests and generalities: the words before a noun or an infinitive that make it no event.
GENERIC_BEFORE = re.compile(
    r"\b(?=[abcdefghilmnoprstuwy])(?:call(?:s|ed|ing)? for|seek(?:s|ing)?|sought|want(?:s|ed)?|"
    r"demand(?:s|ed|ing)?|requests?(?:ed)? (?:for )?|"
    r"open(?:ness)? to|willing(?:ness)? (?:to|for)|ready (?:to|for)|engage in|engaging in|prospects? "
    r"(?:of|for)|"
    r"possibility of|series of|need for|proposals? for|propos(?:e|ed|es) (?:to )?|offer(?:ed|s)? (?:of |"
    r"to )?|urged?|"
    r"groundwork for|return to|reopen|resumption of|success of|importance of|role in|progress in|future "
    r"of|hopes? for|"
    r"pause in|break in|result of|outcome of|details of|agenda of|topic of|issue in|card in|leverage in|"
    r"chip in|use|used|"
    r"prior|previous|earlier|past|years? of|decades? of|months? of|rounds of|refus\w+ to|decline[ds]? to|"
    r"without|"
    r"require[sd]?|encourag\w+|support\w*|never|warned of|threaten\w* to)\s+(?:[\w“”\"’'-]+\s+){0,3}$"
)
INFINITIVE = re.compile(
    r"(?P<lead>\b(?:set|due|scheduled|slated|expected|likely|plan|plans|planned|planning|is|are|was|were|"
    r"agreed|agree|agrees|"
    r"hopes?|hoped|intends?|going|poised|arranged|there|[A-Z][\w.-]*|\d)\b[^.;]{0,40}?)\s+to\s+$"
)
MEET = re.compile(
    r"\b(?P<verb>meets?|met|meeting|sits? down|sat down|gather(?:s|ed)?|convene[sd]?|reconvene[sd]?"
    r"|regroup(?:s|ed)?|try again"
    r"|(?:be |get |come |go |return |are |is )?(?:back )?(?:to|at) the (?:negotiating |bargaining "
    r"|conference )?table(?! talks?\b)"
    r"|(?:had|have|has|having|share[sd]?|over) (?:a )?(?:working )?(?:lunch|dinner|breakfast|coffee"
    r"|tea)\b(?: together)?"
    r"|sh(?:ook|ake|akes) hands|conferr?(?:s|ed)?|huddled|dine[sd]?(?: together)?)\b"
    r"(?:\s+(?:again|early|directly|briefly|separately|privately|face-to-face|one-on-one|up|each other))*"
)
MEET_ALSO = re.compile(
    r"\b(?P<verb>(?:see|sees|saw|seen) (?:each other|one another)|c[oa]mes? face[- ]to[- ]face|assembl(?:es?|ed)"
    r"|(?:sits?|sat|sitting)(?= (?:in|on|next|again|for the (?:first|second|third|last))\b))\b"
)
NOT_MET = re.compile(
    r"^\s+(?:with\s+)?(?:all |the |its |their |his |a |an |any |those |such |these |[a-z]+ )*?"
    r"(?:expectations?|deadlines?|demands?|targets?|goals?|requirements?|criteria|criterion|needs?|"
    r"conditions?|obligations?|"
    r"standards?|challenges?|costs?|opposition|resistance|criticism|approval|commitments?|quotas?|failure|"
    r"success|fate|"
    r"thresholds?|terms|pledges?|promises?|silence|protests?|backlash|rooms?)\b"
)
OFFICIALS = re.compile(
    r"\b(?:officials?|negotiators?|ministers?|counterparts?|delegations?|delegates?|leaders?|chiefs?|"
    r"diplomats?|envoys?|parties|"
    r"lawmakers?|senators?|executives?|representatives?|traders?|farmers?|citizens?|reporters|business\w*|"
    r"presidents?|"
    r"commissioners?|secretar(?:y|ies)|sides|countries|governments|nations|advis[eo]rs?|aides?|mission|"
    r"delegation|teams?|"
    r"they|we|both|two|pair|committee|commission|council|working group|quad|group of (?:seven|twenty)|g7|g20|"
    r"allies|partners|investors|unions?|governors?|mayors?|king|prince|mission|companies|firms|"
    r"others)\b"
)
SPEAK = re.compile(
    r"\b(?:spoke|speaks?|spoken|talked|talks?|chat|chatted|converse[sd]?|confer|confers|discussed?|conferred|consulted|exchanged"
    r"|met)\b[^.;]{0,110}?\b(?:by|on|"
    r"over|via|through)\s+(?:the\s+|a\s+)?"
    r"(?:tele)?(?:phone|video\w*|zoom|teams)(?:\s+(?:call|link|conference))?|\b(?:met|spoke|talked|conferred|"
    r"conversed|confer|meet|check(?:ed|s)? in) (?:online|remotely|virtually)\b|\b(?:telephoned|phoned|(?:to|"
    r"would|will|shall|may|might|could) (?:tele)?phone(?= [a-z]*))\b|\bbe on the phone "
    r"(?:to|with)\b"
)
VISIT = re.compile(
    r"\b(?P<verb>visit(?:s|ed|ing)?|arriv(?:e|es|ed|ing)\s+(?:in|at)|(?:travel(?:s|l?ed|l?ing)?|fl(?:y|"
    r"ies|ew|own|ying)|"
    r"went|go|goes|going|return(?:s|ed|ing)?|head(?:s|ed|ing)?)\s+(?:back\s+)?to|(?:left|leaves?|leaving|"
    r"depart(?:s|ed|ing)?|"
    r"head(?:s|ed|ing)?|set out|bound)\s+(?:[A-Z]\w+\s+)?for|landed\s+in|touched down\s+in|"
    r"(?:is|are|was|were)\s+(?:due|expected)\s+(?:back\s+)?in|"
    r"(?P<come>(?:come|comes|came|coming)\s+to))\s+"
    r"(?:the\s+)?(?=[A-Z])"
)
TOUR = re.compile(
    r"\b(?P<verb>(?:lands?|touch(?:es)?\sdown)\s+in|(?:drops?|dropped|stops?|stopped)\s+(?:in|off|over)\s+(?:at|in)|(?:swings?|swung|pass(?:es|ed))\s+(?:by|through)"
    r"|(?:jet(?:s|ted)?(?:\soff)?|dash(?:es|ed)|journey(?:s|ed)|cross(?:es|ed)|rush(?:es|ed))\s+to|awaited\s+(?:in|at))\s+(?:the\s+)?(?=[A-Z])"
)
BEEN = re.compile(r"(?P<verb>been\s+(?:back\s+)?to)\s+(?:the\s+)?(?=[A-Z])")
TRIP = re.compile(
    r"\b(?P<verb>(?:back|home|(?:came|flew|got|just)\s(?:back|home)|return(?:s|ed|ing)?(?:\s(?:home|\w+day))?)\s+from)\s+(?:the\s+)?(?=[A-Z])"
)
"""Who is back from a place was there."""
TEAM = re.compile(
    r"\b(?P<verb>(?:lead|leads|led|send|sends|sent|dispatch(?:es|ed)?)\s+(?:a|an|the|his|her|its)\s+(?:[\w-]+\s+){0,3}?"
    r"(?:team|delegation|mission|group)(?:\sof\s[\w ]{3,24})?\s+to)\s+(?:the\s+)?(?=[A-Z])"
)
# To be somewhere on a day is a visit there, of who is no part of the place.
THERE = re.compile(
    r"\b(?P<verb>(?:will|would|shall)\s+be\s+(?:back\s+)?in|(?:has|have|had)\s+been\s+in|(?:was|were|is|are)\s+(?:here\s+|back\s+|both\s+|already\s+|also\s+)?in)\s+(?:the\s+)?(?=[A-Z])"
)
THERE_SHORT = re.compile(
    r"[’'](?P<verb>ll\s+be\s+(?:back\s+)?in|(?:re|s|m)\s+(?:back\s+|both\s+|already\s+|also\s+)?in)\s+(?:the\s+)?(?=[A-Z])"
)
# Without a place, an arrival is told only where a day stands with it.
ARRIVE = re.compile(
    r"\b(?P<verb>arriv(?:e|es|ed|ing)|visit(?:s|ed)?(?=\s(?:in|on|next|this|last|later|early|again)\s))\b(?!\s+(?:in|at)\s+(?:the\s+)?[a-z]*[A-Z])(?!\s+at\b)"
)
# To see or call on somebody is to meet; only right before a person.
SEE = re.compile(
    r"\b(?P<verb>sees?|saw|seen|seeing|called on|calls on)\b\s+(?=(?:with\s)?(?:the\s|his\s|her\s)?[A-Z])"
)
HOURS_WITH = re.compile(
    r"\b(?P<verb>(?:spent|spends?|had|got|was granted|was given|was closeted|were closeted)\b[^.;,]{0,40}?"
    r"\b(?:minutes?|hours?|morning|afternoon|evening|day|closeted)\b[^.;,]{0,24}?\bwith)\s+(?=(?:the\s|his\s|her\s|its\s)?[A-Z]|(?:his|her|its)\s)"
)
"""An hour with somebody."""
WORK = re.compile(
    r"\b(?P<verb>bargain(?:s|ed)?|haggle[sd]?|negotiated|wrangle[sd]?|wrap(?:s|ped)? up|thrash(?:es|ed)? out|"
    r"hammer(?:s|ed)? out"
    r"|iron(?:s|ed)? out|hash(?:es|ed)? out|tackle[sd]?)\b"
)
"""What sides do at a table: a meeting where two do it on a day."""
RING = re.compile(r"\b(?P<verb>rang|rings?|rung|called|calls)\b\s+(?=(?:the\s|his\s|her\s)?[A-Z])")
RUNG = re.compile(
    r"\s+(?:on|late|early|last|this|yesterday|today|earlier|again|by|at|after|before|from|overnight"
    r"|to\s(?:say|tell|discuss|close|congratulate|ask|complain|warn|seek|press|offer|thank|explain))\b|[,.;]|\s*$"
)
"""After the person who was called: no name that he was called."""
TALKED = re.compile(
    r"\b(?P<verb>spoke|spoken|speaks?|speaking|talked|talking)\b(?=[^.;]{0,50}\b(?:with|to)\s+(?:the\s|his\s|her\s)?[A-Z])"
)
"""To speak with somebody on a day: by telephone, unless a place is named."""
BE_WITH = re.compile(r"\b(?P<verb>was|were|been)\s+with\s+(?=(?:the\s|his\s|her\s)?[A-Z])")
OFTEN = re.compile(
    r"\b(?:at least|once|twice|every|each|regularly|periodically|annually|quarterly|monthly"
    r"|at regular intervals)\b"
    r"[^.;,]{0,24}(?:\b(?:a|per|every|each)\s(?:year|month|quarter|week|two|three|six)|,|$)"
)
"""After "shall meet": a rule of how often, no meeting."""
ON_VISIT = re.compile(
    r"\bon (?:a|an|his|her|their)\s+(?:[\w-]+\s+){0,3}(?P<noun>visit|trip|tour)\s+(?:to|of)\b|"
    r"\b(?P<acc>accompan(?:y|ies|ied|ying))\b(?! by)"
)
HOST = re.compile(
    r"\b(?P<verb>hosts?|hosted|hosting|welcome[ds]?|receive[ds]?)\b\s+(?:by\s+)?(?=(?:the\s)?[A-Z]|(?:his"
    r"|her|their)\s)"
)
JOIN = re.compile(r"\b(?P<verb>joins?|joined|joining)\b(?=\s+[A-Z].{3,160}?\b(?:for|in|at)\b)", re.DOTALL)

GUESTS = re.compile(
    r"\b(?P<verb>host(?:s|ed|ing)?|receiv(?:e|es|ed|ing)|welcom(?:e|es|ed)|brief(?:s|ed)|entertain(?:s|ed)?|greet(?:s|ed))"
    r"\s+(?:by\s+)?(?=(?:(?!(?:that|with|from|by|on|in|at|about|after|before)\s)[\w’'.-]+\s){0,6}?(?:ambassadors?|envoys?|representatives|delegations?|ministers"
    r"|negotiators?|counterparts?|colleagues?|officials|leaders|presidents|premiers?|chiefs|executives|"
    r"opposite number"
    r"|guests?|commissioners?)\b)"
)
"""To receive those who are named by their office alone."""
SIGN = re.compile(
    r"\b(?P<verb>(?:counter)?sign(?:s|ed|ing)?(?! (?:off|up|on|of|language|that)\b)|initial(?:s|l?ed|"
    r"ling)(?=\s(?:the|an?|by|here|in|on|at|last|two|three|four|five|six|seven|eight|nine|ten|\d)\b)"
    r"|inked|put(?:s|ting)?\s(?:their|his|her)\s(?:names?|signatures?)\sto|put(?:s|ting)?\spen\sto\spaper)\b"
)
"""To sign what two sides agreed: they come together for it."""
PAPER = re.compile(
    r"\b(?:agreements?|accords?|deals?|pacts?|treat(?:y|ies)|memorand(?:um|a)|protocols?|texts?|declarations?|documents?"
    r"|papers?|frameworks?|minutes|arrangements?|conventions?|signing|it|they)\b"
)
OWN_PAPER = re.compile(
    r"\b(?:executive orders?|orders?|bills?|laws?|acts?|proclamations?|decrees?|petitions?|contracts?|"
    r"letters?|into law"
    r"|decision|suppl(?:y|ies)|retailers|checks?|cheques?|waivers?)\b"
)
"""What one side signs by itself."""

NEGATED = re.compile(
    r"\b(?:not|never|no|none|neither|nobody|denie[ds]|deny|denying|refus(?:e[ds]?|ing)|declin(?:e[ds]?|"
    r"ing)|rul(?:es|ed|ing)"
    r" out|failed|without|skip(?:s|ped)?|boycott(?:s|ed)?|unable)\b|n[’']t\b"
)
CANCELLED = re.compile(
    r"\b(?:cancel(?:s|l?ed|l?ing|lation)?|call(?:s|ed|ing)? off|scrap(?:s|ped)|scuppered|abandon(?:s|ed)|"
    r"postpone[ds]?|"
    r"postponing|suspend(?:s|ed)|put off|shelved|delayed)\b"
)
POSTPONED_TO = re.compile(
    r"\b(?:postponed|moved|rescheduled|delayed|put off|brought forward|pushed back|"
    r"shifted)\b[^.;]{0,60}?\b(?:to|until|till|for)\s+"
)
PLANNED = re.compile(
    r"\b(?:will|would|shall|to be held|to take place|set (?:to|for)|scheduled|slated|due|plan(?:s|ned|"
    r"ning)?|upcoming|"
    r"next|is to|are to|agreed to (?:meet|hold|visit|resume)|ahead of|going to|forthcoming|to (?:meet|"
    r"hold|visit|host|join|"
    r"attend|resume|begin|travel|start|discuss|sit|open)|arranged|bound for|intends? to|before)\b|[’']ll\b"
)
TENTATIVE = re.compile(
    r"\b(?:expected|likely|may|might|could|possible|possibly|hopes?|hoped|probably|tentative(?:ly)?|"
    r"provide)\b"
)
ONGOING = re.compile(
    r"\b(?:(?:is|are)\s+(?:now\s+|currently\s+|also\s+|still\s+)*(?:holding|meeting|visiting|hosting|"
    r"attending|"
    r"being held|taking place|under ?way|going on|in progress|accompanying|on (?:a|an|his|her|their)\s)|"
    r"under ?way|"
    r"continu(?:e|es|ing))"
)
# Meetings of one government with itself are the setting of a statement, not an event of the talks.
DOMESTIC = re.compile(
    r"\b(?:cabinet|task force|press|news|parliamentary|committee|council|board|staff|party|campaign|"
    r"caucus|budget|"
    r"emergency|economic security|town hall|editorial|shareholders?|annual general|security council|"
    r"national assembly)\b"
    r"[^.;,]{0,25}$"
)
