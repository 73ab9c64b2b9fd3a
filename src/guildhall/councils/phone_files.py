"""`phone.yaml` of the baseline with the council's over it, and whether everything it names exists and can be said in time."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from guildhall.councils.phone_config import MAIN_MENU, MOST_LEVELS, PhoneFile
from guildhall.councils.phone_notice import NOTICE_SECONDS, SAFETY_SECONDS, notice_ids, seconds_to_say
from guildhall.councils.profile import CouncilProfile
from guildhall.councils.yaml_files import YamlReader, line_of, parse
from guildhall.vocabulary.errors import ConfigurationError

PHONE: Final = "phone.yaml"


def read_phone(reader: YamlReader, baseline: Path, folder: Path) -> PhoneFile:
    """Both files in one: what the council gives replaces the baseline's, entry by entry."""
    files = [reader.read(path, PhoneFile) for path in (baseline / PHONE, folder / PHONE) if path.exists()]
    merged: dict[str, Any] = {}
    for file in files:
        for key in file.model_fields_set:
            value = getattr(file, key)
            merged[key] = {**merged.get(key, {}), **value} if isinstance(value, dict) else value
    try:
        return PhoneFile(**merged)
    except ValidationError as error:
        what = str((error.errors()[0].get("ctx") or {}).get("error", "the two files do not fit together"))
        raise ConfigurationError(f"{what}.", file=folder / PHONE, fix=f"Look at {baseline / PHONE} too.") from error


def check_phone(profile: CouncilProfile, folder: Path) -> None:
    """Raise ConfigurationError for the first thing that names what is not there, or takes too long to say."""
    for what, keys, fix in _problems(profile):
        raise _wrong(what, folder, keys, fix)


Problem = tuple[str, list[Any], str]


def _problems(profile: CouncilProfile) -> Iterator[Problem]:
    yield from _menus(profile)
    yield from _lines(profile)
    yield from _wordings(profile)
    yield from _languages(profile)
    yield from _in_time(profile)


def _menus(profile: CouncilProfile) -> Iterator[Problem]:
    phone = profile.phone
    if phone.menus and MAIN_MENU not in phone.menus:
        yield f"there is no menu `{MAIN_MENU}`.", ["menus"], f"Call the first menu `{MAIN_MENU}`."
        return
    reached = yield from _walk(profile, MAIN_MENU, (MAIN_MENU,)) if phone.menus else ()
    for name, menu in phone.menus.items():
        if name not in (reached or ()):
            yield f"no option leads to the menu `{name}`.", ["menus", name], "Let an option lead to it, or remove it."
        for index, option in enumerate(menu.options):
            if option.service and option.service not in profile.services:
                keys = ["menus", name, "options", index, "service"]
                yield f"the service `{option.service}` is not in the catalogue.", keys, "Use a key of services/*.yaml."


def _walk(profile: CouncilProfile, name: str, path: tuple[str, ...]) -> Any:
    """Down from a menu; what it reaches. Yields problems on the way."""
    reached = {name}
    for index, option in enumerate(profile.phone.menus[name].options):
        keys = ["menus", name, "options", index, "menu"]
        if not option.menu:
            continue
        if option.menu not in profile.phone.menus:
            yield f"the menu `{option.menu}` does not exist.", keys, f"The menus are: {', '.join(profile.phone.menus)}."
        elif option.menu in path:
            yield f"the menu `{option.menu}` leads back to itself.", keys, "Callers go back with a key of their own; let it lead further."
        elif len(path) >= MOST_LEVELS:
            what = f"`{' > '.join((*path, option.menu))}` is {len(path) + 1} levels deep, and at most {MOST_LEVELS} can be kept in mind by ear."
            yield what, keys, "Move its options up, or leave the rarer ones to a person."
        else:
            reached |= yield from _walk(profile, option.menu, (*path, option.menu))
    return reached


def _lines(profile: CouncilProfile) -> Iterator[Problem]:
    phone = profile.phone
    known = ", ".join(phone.lines) or "none yet"
    named = [([key], getattr(phone, key)) for key in ("failover", "duty", "out_of_hours", "payment")]
    named.append((["recording", "unrecorded_line"], phone.recording.unrecorded_line))
    for keys, name in [*named, *((["queues", queue], line) for queue, line in phone.queues.items())]:
        if name and name not in phone.lines:
            yield f"the line `{name}` is not in `lines`.", keys, f"The lines are: {known}."
    for queue in phone.queues:
        if queue not in profile.handoffs.queues:
            yield f"`{queue}` is not a queue.", ["queues", queue], f"Use queues of handoffs.yaml: {', '.join(profile.handoffs.queues)}."
    if not phone.lines:
        return
    if not phone.failover:
        yield "no line rings when something of ours fails.", ["lines"], "Add `failover` with the name of the advisers' line."
    for queue, entry in profile.handoffs.queues.items():
        for number in filter(None, (entry.phone, entry.out_of_hours_phone)):
            if phone.dialable(number) is None:
                what = f"callers of the queue `{queue}` are put through to {number}, which is no line that may be dialled."
                yield what, ["lines"], "Add the number to `lines`, or correct it in handoffs.yaml."


def _wordings(profile: CouncilProfile) -> Iterator[Problem]:
    phone = profile.phone
    for kind, paths in (("danger", phone.danger), ("crisis", phone.crisis)):
        for name, path in paths.items():
            if not profile.wordings.has(path.wording):
                what = f"the wording `{path.wording}` does not exist."
                yield what, [kind, name, "wording"], "Use an id of wording/en.yaml, or write it there."
    if phone.menus and not (phone.danger and phone.crisis and phone.person_words):
        missing = next(key for key in ("danger", "crisis", "person_words") if not getattr(phone, key))
        yield f"callers can choose from menus, but `{missing}` is empty.", ["menus"], f"Add `{missing}`, as the baseline has it."


def _languages(profile: CouncilProfile) -> Iterator[Problem]:
    for language in profile.phone.languages:
        if language not in profile.council.languages:
            what = f"the phone offers `{language}`, which council.yaml does not list under `languages`."
            yield what, ["languages", language.value], "Add it there, or remove it here."
        for wording in notice_ids(profile.phone.recording.on, transcribed_outside=False, kept=profile.phone.transcript.on):
            if profile.wordings.has(wording) and profile.wordings.status(wording, language) == "missing":
                what = f"the phone offers `{language}`, but the notice `{wording}` does not exist in it."
                yield what, ["languages", language.value], f"Write it in wording/{language}.yaml: nobody is recorded without being told."


def _in_time(profile: CouncilProfile) -> Iterator[Problem]:
    """The notice is over in four seconds, and the keys for danger, crisis and a person have been said within ten."""
    phone = profile.phone
    if not phone.menus or not profile.wordings.has("phone.safety_keys"):
        return
    # whether a supplier hears the caller is a matter of the deployment, and checked when the phone starts
    notice = notice_of(profile, "en", transcribed_outside=False)
    seconds = seconds_to_say(notice, "en")
    if seconds > NOTICE_SECONDS:
        what = f"the notice “{notice}” takes {seconds:.1f} seconds, and nobody can interrupt it."
        yield what, ["recording"], f"Shorten `short_name` or the wording, so that it is over in {NOTICE_SECONDS:.0f} seconds."
    keys = profile.wordings.say("phone.safety_keys", "en", danger=phone.keys.danger, crisis=phone.keys.crisis, person=phone.keys.person)
    if seconds + seconds_to_say(keys, "en") > SAFETY_SECONDS:
        what = f"a caller in danger hears which key to press only after {seconds + seconds_to_say(keys, 'en'):.1f} seconds."
        yield what, ["keys"], f"Shorten the wording `phone.safety_keys`: it must be over within {SAFETY_SECONDS:.0f} seconds."


def notice_of(profile: CouncilProfile, language: str, transcribed_outside: bool) -> str:
    """The notice that a call begins with, in English; in another language that which is said again when it is chosen, too late to refuse by a key."""
    recording = profile.phone.recording
    (wording,) = notice_ids(recording.on, transcribed_outside, bool(recording.refuse_key) and language == "en", profile.phone.transcript.on)
    place = profile.council.short_name or profile.council.name
    return profile.wordings.say(wording, language, place=place, key=recording.refuse_key)


def check_notice(profile: CouncilProfile, transcribed_outside: bool) -> None:
    """Raise ConfigurationError when the notice that this deployment needs takes longer than a caller can be kept from speaking."""
    notice = notice_of(profile, "en", transcribed_outside)
    seconds = seconds_to_say(notice, "en")
    if seconds > NOTICE_SECONDS:
        (wording,) = notice_ids(
            profile.phone.recording.on, transcribed_outside, bool(profile.phone.recording.refuse_key), profile.phone.transcript.on
        )
        what = f"the notice “{notice}” takes {seconds:.1f} seconds, and nobody can interrupt it."
        raise ConfigurationError(what, file=PHONE, key=wording, fix=f"Shorten `short_name` or the wording to {NOTICE_SECONDS:.0f} seconds.")


def _wrong(what: str, folder: Path, keys: list[Any], fix: str) -> ConfigurationError:
    """The mistake, in the file that has the entry: the council's own, else the baseline's."""
    for path in (folder / PHONE, folder.parent / "_baseline" / PHONE):
        if path.exists():
            data = parse(path, path.read_bytes())
            entry = data.get(keys[0])
            if entry is not None and (len(keys) == 1 or not isinstance(entry, dict) or keys[1] in entry):
                return ConfigurationError(what, file=path, line=line_of(data, list(keys)), key=".".join(map(str, keys)), fix=fix)
    return ConfigurationError(what, file=folder / PHONE, key=".".join(map(str, keys)), fix=fix)
