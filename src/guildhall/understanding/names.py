"""People's names, found by what stands before them: `my name is …`, a title. No dictionary: any name is a name."""

import re
from collections.abc import Iterator
from typing import Final

from guildhall.understanding.words import listed

_NAME: Final = r"[^\W\d_][\w'’-]*"
_STOP: Final = listed(
    "and i im i'm ive i've from my but at on of the a an calling ringing live with not wrong missing still being spelt "
    "spelled misspelt misspelled down incorrect in for to is was has have had or so he she they we it this that please pls "
    "can could would will how what when where who why if because about no also here there both only first last second middle "
    "different same changed change correct right name surname phone number email address postcode dob on hai hain waa jest "
    "sem som este ہے ਹੈ دی مش and/or it's its you your our any all one some now just really very sorry thanks hello hi duck "
    "love mate council bin bins tax speaking here"
)
_TITLE: Final = re.compile(rf"\b(?:mr|mrs|ms|miss|mx|dr|prof|sir|dame|pan|pani)\b\.? +(?={_NAME})", re.IGNORECASE)
_NOT_AFTER_TITLE: Final = listed("a an the my our bin bins collection call and or of it him her them you this that your is was")
_CUE: Final = re.compile(
    r"(?:\b(?:my|his|her|their|child'?s|son'?s|daughter'?s|mum'?s|dad'?s|husband'?s|wife'?s|partner'?s|"
    r"tenant'?s|neighbour'?s|full|maiden)\s+(?:full |first |last |sur)?name(?:'s|s| is| was|:| -)"
    r"|\bname:|\bi'?m called|\bcall me(?= [A-Z])|\bthe name'?s|\bnazywam si[eę]|\bmam na imi[eę]|"
    r"\bjmenuj[ui] se|\bvol[aá]m sa|\bm[aă] numesc|\bm[aă] cheam[aă]|\bnumele meu este"
    r"|\bmagacaygu waa|\bmagacaygu|\bmera naam|\bmera naa|\bzama noom|\bzma nom|\bismi|اسمي|میرا نام|ਮੇਰਾ ਨਾਮ|ਮੇਰਾ ਨਾਂ|زما نوم)\s*",
    re.IGNORECASE,
)
_SPEAKING: Final = re.compile(
    rf"\b(?:this is|it'?s) ((?:{_NAME} ){{1,2}}{_NAME}|{_NAME}) (?:here|speaking|calling|ringing)\b", re.IGNORECASE
)
_WORD: Final = re.compile(_NAME)


def names_in(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each name, at most three words."""
    for match in _CUE.finditer(text):
        yield from _following(text, match.end(), 3)
    for match in _TITLE.finditer(text):
        first = _WORD.match(text, match.end())
        if first and first.group().casefold() not in _NOT_AFTER_TITLE:
            proper = first.group()[0].isupper()
            yield from _following(text, match.end(), 2 if proper else 1)
    for match in _SPEAKING.finditer(text):
        if match.group(1).split()[0].casefold() not in _STOP | {"urgent", "someone", "ok", "council", "mum", "dad"}:
            yield match.span(1)


def _following(text: str, start: int, most: int) -> Iterator[tuple[int, int]]:
    end, place = start, start
    for position in range(most):
        match = _WORD.match(text, place)
        if match is None or match.group().casefold() in _STOP:
            break
        if position and match.group()[0].islower() and text[start].isupper():
            break
        end = match.end()
        if text[end : end + 1] != " ":
            break
        place = end + 1
    if end > start:
        yield start, end
