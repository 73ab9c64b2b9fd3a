"""Months and days of the week in ten languages, in the forms that dates take, so that a date can be followed through a translation."""

import re
from typing import Final

_MONTHS: Final[dict[str, str]] = {
    "en": "january|jan february|feb march|mar april|apr may june|jun july|jul august|aug september|sept|sep october|oct november|nov december|dec",
    "pl": "styczeń|stycznia|styczniu luty|lutego|lutym marzec|marca|marcu kwiecień|kwietnia|kwietniu maj|maja|maju czerwiec|czerwca|czerwcu "
    "lipiec|lipca|lipcu sierpień|sierpnia|sierpniu wrzesień|września|wrześniu październik|października|październiku listopad|listopada|listopadzie "
    "grudzień|grudnia|grudniu",
    "cs": "leden|ledna|lednu únor|února|únoru březen|března|březnu duben|dubna|dubnu květen|května|květnu červen|června|červnu "
    "červenec|července|červenci srpen|srpna|srpnu září říjen|října|říjnu listopad|listopadu prosinec|prosince|prosinci",
    "sk": "január|januára|januári február|februára|februári marec|marca|marci apríl|apríla|apríli máj|mája|máji jún|júna|júni júl|júla|júli "
    "august|augusta|auguste september|septembra|septembri október|októbra|októbri november|novembra|novembri december|decembra|decembri",
    "ro": "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
    "so": "janaayo|jannaayo|janawari febraayo|feebraayo|febarwari maarso|maarj abriil|abril maajo|meey juun|juunyo juulay|luulyo|luuliyo agoosto|ogosto "
    "sebteembar|sebtembar|setembar oktoobar|oktobar nofembar|noofembar diseembar|disembar|desembar",
    "ar": "يناير فبراير مارس أبريل|ابريل|إبريل مايو يونيو يوليو أغسطس|اغسطس سبتمبر أكتوبر|اكتوبر نوفمبر ديسمبر",
    "ur": "جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر",
    "ps": "جنوري فبروري مارچ|مارچ اپریل|اپرېل مئ|مې|می جون جولای|جولائي اګست|اگست سپتمبر|سپټمبر اکتوبر|اکټوبر نومبر|نوامبر دسمبر|ډسمبر",
    "pa": "ਜਨਵਰੀ ਫਰਵਰੀ|ਫ਼ਰਵਰੀ ਮਾਰਚ ਅਪ੍ਰੈਲ ਮਈ ਜੂਨ ਜੁਲਾਈ ਅਗਸਤ ਸਤੰਬਰ|ਸਿਤੰਬਰ ਅਕਤੂਬਰ ਨਵੰਬਰ ਦਸੰਬਰ",
}
_WEEKDAYS: Final[dict[str, str]] = {
    "en": "mondays|monday tuesdays|tuesday wednesdays|wednesday thursdays|thursday fridays|friday saturdays|saturday sundays|sunday",
    "pl": "poniedziałek|poniedziałku|poniedziałki wtorek|wtorku|wtorki środa|środę|środy|środzie czwartek|czwartku|czwartki piątek|piątku|piątki "
    "sobota|sobotę|soboty|sobocie niedziela|niedzielę|niedziele|niedzieli",
    "cs": "pondělí|pondělka|pondělky úterý|úterka|úterky středa|středu|středy|středě čtvrtek|čtvrtka|čtvrtky pátek|pátku|pátky sobota|sobotu|soboty|sobotě neděle|neděli",
    "sk": "pondelok|pondelka|pondelky utorok|utorka|utorky streda|stredu|stredy|strede štvrtok|štvrtka|štvrtky piatok|piatka|piatku|piatky sobota|sobotu|soboty|sobote "
    "nedeľa|nedeľu|nedele|nedeli",
    "ro": "luni|lunea marți|marţi|marti|marțea miercuri|miercurea joi|joia vineri|vinerea sâmbătă|sambata|sâmbăta duminică|duminica",
    "so": "isniin|isniinta talaado|talaada|talaadada arbaco|arbacada|arbaca khamiis|khamiista jimce|jimcaha|jimce sabti|sabtida axad|axadda",
    "ar": "الاثنين|الإثنين الثلاثاء الأربعاء|الاربعاء الخميس الجمعة السبت الأحد|الاحد",
    "ur": "پیر|سوموار منگل بدھ جمعرات جمعہ|جمعے ہفتہ|ہفتے|سنیچر اتوار",
    "ps": "دوشنبه|دوشنبې سه‌شنبه|سه‌شنبې|سېشنبه چهارشنبه|چهارشنبې پنجشنبه|پنجشنبې|پنجشنبه جمعه|جمعې شنبه|شنبې یکشنبه|یکشنبې",
    "pa": "ਸੋਮਵਾਰ ਮੰਗਲਵਾਰ ਬੁੱਧਵਾਰ ਵੀਰਵਾਰ ਸ਼ੁੱਕਰਵਾਰ ਸ਼ਨੀਵਾਰ|ਸ਼ਨਿੱਚਰਵਾਰ ਐਤਵਾਰ",
}
_ALSO_COMMON: Final = frozenset({("ur", "weekday")})
"""Urdu's days of the week are everyday words too (week, old person), so that their absence proves nothing."""
TOKEN: Final = r"\[\[\d{1,3}\]\]"
_WORD_END: Final = r"(?![^\W\d_])"


def _pattern(forms: str) -> re.Pattern[str]:
    words = sorted({form for group in forms.split() for form in group.split("|")}, key=len, reverse=True)
    return re.compile(rf"(?<![^\W\d_])({'|'.join(map(re.escape, words))}){_WORD_END}", re.IGNORECASE)


def _numbers(forms: str) -> dict[str, int]:
    return {form.casefold(): number for number, group in enumerate(forms.split()) for form in group.split("|")}


_FINDING: Final = {
    kind: {language: (_pattern(forms), _numbers(forms)) for language, forms in table.items()}
    for kind, table in (("month", _MONTHS), ("weekday", _WEEKDAYS))
}
_BESIDE: Final = re.compile(rf"{TOKEN}\.?\s*(?:of\s+|de\s+)?$"), re.compile(rf"^\.?,?\s*(?:the\s+)?{TOKEN}")


def calendar_facts(text: str, language: str) -> frozenset[tuple[str, int]] | None:
    """The months that stand beside a masked number, and the days of the week; None for a language that is not known here."""
    if language not in _MONTHS:
        return None
    found: set[tuple[str, int]] = set()
    for kind, by_language in _FINDING.items():
        pattern, numbers = by_language[language]
        for match in pattern.finditer(text):
            beside = _BESIDE[0].search(text[: match.start()]) or _BESIDE[1].search(text[match.end() :])
            if kind == "weekday" or beside:
                found.add((kind, numbers[match[1].casefold()]))
    return frozenset(found)


def same_calendar(original: str, language: str, translated: str, to: str) -> bool:
    """Whether both texts name the same months of dates and days of the week. What cannot be read in one of the languages is not judged."""
    before, after = calendar_facts(original, language), calendar_facts(translated, to)
    if before is None or after is None:
        return True
    unsure = {kind for kind in ("month", "weekday") if (language, kind) in _ALSO_COMMON or (to, kind) in _ALSO_COMMON}
    judged = [{fact for fact in facts if fact[0] not in unsure} for facts in (before, after)]
    return judged[0] == judged[1]
