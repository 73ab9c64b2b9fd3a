"""What people of any service bring to a workshop: the problem, how they say it, and what would meet it. Texts are ours; `{…}` takes the service's words."""

from typing import Final, NamedTuple

from guildhall.opportunities.register import Answer, Deciding


class Problem(NamedTuple):
    """`share` of the service's volume, `minutes` each, `points` (financial, service, workforce; 1 to 5), `cost` in thousand pounds, `days` (digital, data, change)."""

    key: str
    step: str
    title: str
    problem: str
    front: tuple[str, ...]
    lead: str
    answer: Answer
    share: float
    minutes: float
    points: tuple[float, float, float]
    cost: float
    days: tuple[int, int, int]
    deciding: Deciding = Deciding.NOTHING
    needs: str = ""
    against: str = ""


_S, _A = Deciding.SUGGESTS, Deciding.SOLELY_AUTOMATED
_ALL = (
    Problem("copy", "Take in", "Stop retyping each {thing} into {system}", "The form sends an e-mail, and somebody types the same fields into {system} by hand.",
        ("We open the e-mail on one screen and type it into {system} on the other, {volume} a year.", "I type the same name and address twice for every {thing}, and mistakes creep in."),
        "It takes {minutes} minutes each and nobody joined this council to retype forms.", Answer.INTEGRATION, 0.8, 9, (3.6, 2.6, 4.2), 38, (14, 12, 4)),
    Problem("evidence", "Check what came", "Ask for {evidence} at the start, not three weeks later", "Half the {things} arrive without {evidence}; each is held up while it is asked for by letter.",
        ("Every other {thing} is missing {evidence}, so we write, wait and chase.", "People do not know they need {evidence} until we send the letter, and then it is weeks."),
        "If the form would not let you finish without it, we could stop chasing tomorrow.", Answer.FORM, 0.45, 14, (3.2, 4.0, 3.8), 14, (8, 2, 3)),
    Problem("where", "Tell people", "Tell people where their {thing} is before they ring", "Most calls ask whether it has arrived and when it will be decided; the answer is in {system}, where callers cannot see it.",
        ("Every second call is the same question: have you got my {thing}?", "They ring again on Monday to ask what they asked on Friday, and I cannot blame them."),
        "We count these calls as demand, but they are only our silence coming back.", Answer.INTEGRATION, 0.6, 7, (3.4, 4.6, 3.9), 27, (10, 8, 3)),
    Problem("again", "Tell people", "People ring us again and again about where their {thing} is", "It is in {system} when it will be decided, and callers cannot see it; most calls only ask that.",
        ("They ring to ask whether we have it, and then ring again.", "Is it there, is it there: that is the whole morning."),
        "I would rather they could look it up.", Answer.INTEGRATION, 0.5, 6, (3.2, 4.4, 3.9), 25, (9, 8, 3)),
    Problem("inbox", "Sort", "Sort the shared inbox by what each message needs", "One mailbox takes {things}, thanks, complaints and spam; a person reads every message to send it on.",
        ("Two of us go through the shared inbox all morning, and by noon it is full again.", "Something urgent sat in the inbox for four days because it looked like the others."),
        "I want the urgent ones at the top, with somebody still looking at all of them.", Answer.AI, 0.5, 4, (3.0, 3.6, 4.0), 44, (18, 8, 6), _S),
    Problem("summary", "Prepare", "A first draft of the file summary before {visit}", "Before {visit} somebody reads through the whole file and writes a page; most of it was written before.",
        ("I read through forty pages to write one before {visit}.", "The evening before {visit} goes on reading every note again."),
        "If a draft were there, with each line pointing to its page, we would check it and not write it.", Answer.AI, 0.25, 45, (3.8, 3.4, 4.6), 52, (20, 6, 8), _S),
    Problem("reply", "Answer", "Draft the usual replies about {things}", "Nine of ten replies say one of six things, and each is typed anew and sounds different.",
        ("I keep my own document of replies and copy from it; so does everybody else.", "The same question gets a different answer from each of us, and some of it is wrong."),
        "Approved wording first; a draft that somebody checks second.", Answer.AI, 0.5, 8, (3.3, 3.5, 3.7), 31, (12, 3, 6), _S, against="pages"),
    Problem("pages", "Explain", "Rewrite the pages about {name} in plain English", "The pages say who decides and under which Act, and not what to do next; people ring instead.",
        ("People read the page and then ring to ask what it means.", "The page says contact us, and that is what they do, {volume} of them a year."),
        "A good page would take more calls away than any machine.", Answer.CONTENT_FIX, 0.5, 6, (3.1, 4.2, 3.0), 5, (2, 0, 4), against="reply"),
    Problem("booking", "Arrange", "Let people book {visit} themselves", "Each {visit_bare} is arranged by telephone, three calls on average, and one in eight is missed.",
        ("I ring, they are at work; they ring back, I am at lunch; and so it goes for days.", "One in eight is not there when we come, because they could not change the time."),
        "The diary is empty on Tuesdays and overfull on Thursdays, and nobody can see both.", Answer.FORM, 0.35, 16, (3.5, 4.1, 3.6), 24, (11, 4, 5)),
    Problem("notes", "Write up", "Notes of {visit} written while it is fresh", "Notes are scribbled on paper during {visit} and typed in the evening, or not at all.",
        ("I spend two hours every evening typing up what I heard in the morning.", "By the time I write it up I have forgotten what they wished for."),
        "It must be their words, checked by the worker, and never kept as a recording longer than needed.", Answer.AI, 0.3, 35, (3.4, 3.2, 4.8), 61, (22, 6, 12), _S),
    Problem("letters", "Answer", "Letters that say in the first line what was decided", "Decision letters about a {thing} run to four pages; the decision is on page three.",
        ("They ring with the letter in their hand and ask whether it is a yes.", "Nobody knows from the letter what to do next, so they ring us."),
        "Half of our reviews are really people asking what the letter meant.", Answer.CONTENT_FIX, 0.4, 9, (2.8, 4.3, 3.1), 4, (1, 0, 5)),
    Problem("photo", "Check what came", "Check photographs of a {thing} when they are sent", "One photograph in four is too dark, too near or of the wrong thing, and is asked for again by e-mail.",
        ("We wait a week for a second photograph of what we could have asked for at once.", "I look at every photograph only to say that I cannot see anything."),
        "The form could say so while they still stand there with the telephone in their hand.", Answer.RULE, 0.3, 6, (2.7, 3.6, 3.3), 17, (8, 3, 2)),
    Problem("duplicate", "Sort", "See at once that a {thing} was sent before", "The same {thing} comes by telephone, form and e-mail, gets three numbers, and is worked on three times.",
        ("Three of us worked on the same {thing} last week and nobody knew.", "People send it again because they hear nothing, and then we have it twice."),
        "Match on place and day, show both, and let the officer decide.", Answer.RULE, 0.2, 15, (3.2, 3.1, 3.7), 21, (8, 8, 2)),
    Problem("report", "Report", "Stop the monthly report that nobody reads", "Every month a spreadsheet of {things} is put together by hand for a board that ended two years ago.",
        ("I spend a day each month on a spreadsheet, and nobody has ever asked me about it.", "The report goes to twelve people, and eight of them have left."),
        "We should stop, and see whether anybody rings.", Answer.STOP, 0.002, 420, (2.4, 1.8, 4.1), 1, (0, 0, 1)),
    Problem("print", "Send", "Stop printing, signing and scanning each {thing}", "The {thing} is printed, signed with a pen, scanned and filed in the place it was printed from.",
        ("We print it, sign it, scan it and shred it.", "The scanner is the busiest colleague we have."),
        "The law has not asked for a wet signature since before most of us were hired.", Answer.STOP, 0.6, 5, (2.9, 2.1, 4.0), 2, (0, 0, 3)),
    Problem("language", "Explain", "Answer about {things} in the languages people speak", "Those who do not read English wait for an interpreter, or bring a child to interpret.",
        ("A mother brought her nine-year-old to explain the letter; that should not be.", "We wait ten days for an interpreter to say what fits on one page."),
        "Approved translations for the standard answers, and a person for the rest.", Answer.AI, 0.08, 25, (2.4, 4.7, 3.3), 35, (14, 4, 8)),
    Problem("triage", "Decide", "Put {things} in the order of need, for a person to check", "They are worked on in the order they came; the urgent ones are found by chance.",
        ("I find the worst case at the bottom of the pile, on a Friday.", "We could not say why this one came before that one if anybody asked."),
        "It may suggest an order. It may never close one.", Answer.AI, 0.9, 4, (2.9, 4.2, 3.6), 58, (18, 16, 8), _S, needs="copy"),
    Problem("decide", "Decide", "Decide each simple {thing} without anybody looking", "Simple cases wait as long as hard ones, though they could be decided by their fields alone.",
        ("The simple ones wait in the same queue for weeks, and it is always a yes.", "I could decide a hundred in an hour if I only looked at three boxes, and so could a machine."),
        "I want it, but somebody has to be able to say no for the one that is different.", Answer.AI, 0.4, 20, (4.6, 4.0, 3.2), 66, (20, 14, 6), _A, needs="copy"),
    Problem("rule", "Decide", "Let a fixed rule pass what always passes", "Renewals where nothing changed are read as closely as new ones; a rule could pass them and sample one in twenty.",
        ("A renewal where nothing has changed still takes the same twenty minutes.", "I check every line of something I approved last year, and it is the same."),
        "No cleverness needed: if nothing changed, pass it, and look at one in twenty.", Answer.RULE, 0.3, 18, (3.9, 3.9, 3.6), 19, (8, 6, 3), _S, against="triage"),
    Problem("chase", "Chase", "Reminders that go out by themselves", "Reminders about {evidence} are a column in a spreadsheet that somebody goes through on Fridays.",
        ("Friday afternoon is for chasing, and when I am on leave nobody chases.", "I send the same reminder {volume} times a year, by hand."),
        "A text on day five would bring most of it in.", Answer.RULE, 0.4, 5, (3.1, 3.4, 3.9), 9, (5, 3, 1), needs="evidence"),
    Problem("lookup", "Look up", "One place to look things up during a call", "To answer one question an adviser opens {system}, two spreadsheets and an old e-mail.",
        ("I have six windows open, and the caller hears me clicking.", "I cannot find the policy, so I ask whoever sits next to me."),
        "New starters take three months to learn where things are.", Answer.AI, 0.5, 5, (3.3, 3.8, 4.4), 47, (18, 10, 8)),
    Problem("handover", "Hand over", "Hand over to the next team without telling it all again", "When a {thing} moves to another team the history stays behind, and the resident tells it a second time.",
        ("They tell me their whole story, and then I send them to somebody who asks again.", "The other team gets one line from us, because that is what the box takes."),
        "Each retelling is a reason to give up.", Answer.INTEGRATION, 0.25, 12, (2.6, 4.5, 3.5), 33, (10, 14, 5), needs="copy"),
    Problem("forecast", "Plan", "See next month’s {things} coming", "Staffing follows last year’s rota; the peaks come every year and surprise everybody.",
        ("Every September we drown, and every October we are told it was exceptional.", "We book agency staff in the week after we needed them."),
        "A line on a chart would do; it need not be clever.", Answer.INTEGRATION, 0.02, 60, (3.3, 2.9, 3.4), 22, (4, 14, 3)),
    Problem("audit", "Check", "Check a sample of {things} for mistakes each week", "Errors are found when somebody complains; nobody looks before.",
        ("We find out that it was wrong when the complaint comes.", "I check every tenth one, when there is time, and there is never time."),
        "Show me the odd ones, and let me look.", Answer.AI, 0.1, 12, (2.7, 3.4, 2.9), 29, (10, 12, 3), _S),
    Problem("payments", "Pay", "Match what was paid to what is owed", "Payments come without a reference and are matched by eye, two hours a day.",
        ("Two hours every morning go on guessing who paid us.", "People get a reminder for what they paid, because we had not matched it yet."),
        "Most could be matched by amount and name, with the rest left to us.", Answer.RULE, 0.3, 7, (4.2, 3.3, 3.7), 26, (8, 12, 2)),
    Problem("map", "Take in", "Let people point at a map instead of describing the place", "Reports name the nearest pub; the crew drives out and cannot find it.",
        ("Near the big tree is not an address, and the crew comes back with nothing.", "I ring them back to ask which end of the road, and they do not answer."),
        "One visit in seven is wasted, and a map would end it.", Answer.FORM, 0.3, 22, (4.0, 4.0, 3.5), 16, (9, 3, 2)),
    Problem("risk", "Notice", "Notice words of risk in a {thing} as it arrives", "Somebody who mentions harm in the free text waits in the same queue as all others.",
        ("It said at the bottom that she was afraid to go home, and I read it on the Thursday.", "We look for the signs, but nobody can read every box on the day it comes."),
        "It must ring a person, at once, and must never decide that there is no risk.", Answer.AI, 1.0, 1, (2.0, 4.9, 4.0), 42, (16, 6, 8), _S),
)  # fmt: skip
PROBLEMS: Final[dict[str, Problem]] = {problem.key: problem for problem in _ALL}

TALK: Final = (
    "The room was cold, and the biscuits were good.",
    "We began with what went well last year.",
    "Apologies came from two colleagues on leave.",
    "The next meeting is after the holidays.",
    "Somebody said it was good to be asked.",
    "There was laughter about the old form.",
)
COMMENTS: Final = (
    "The volume is from our own count.", "I doubt the minutes.", "We tried this in 2019, without the budget.", "Residents would thank us.", "Needs the union’s view first.",
    "My team asked for it twice.", "Only works if the other one is done.", "It moves work, it does not end it.", "", "", "",
)  # fmt: skip
REASONS: Final = (
    "Not ours to do: it belongs to another body.",
    "Done already last spring.",
    "Too small to be worth anybody’s time.",
    "We could not say what would be better.",
)
