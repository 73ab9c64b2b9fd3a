"""`desk.yaml` of the baseline with the council's over it, and whether everything it names exists."""

from pathlib import Path

from pydantic import ValidationError

from guildhall.councils.profile import CouncilProfile
from guildhall.councils.yaml_files import YamlReader, line_of, parse
from guildhall.handoffs.desk_file import PLACEHOLDERS, DeskFile
from guildhall.vocabulary.errors import ConfigurationError

DESK = "desk.yaml"


def read_desk(reader: YamlReader, baseline: Path, folder: Path) -> DeskFile:
    """The replies and macros of both files, the council's instead of the baseline's where a code is the same."""
    base, own = (reader.read(path, DeskFile) if path.exists() else DeskFile() for path in (baseline / DESK, folder / DESK))
    try:
        return DeskFile(
            reviewed_by=own.reviewed_by or base.reviewed_by,
            reviewed_on=own.reviewed_on or base.reviewed_on,
            replies=dict(base.replies) | dict(own.replies),
            macros=dict(base.macros) | dict(own.macros),
        )
    except ValidationError as error:
        what = str((error.errors()[0].get("ctx") or {}).get("error", "the two files do not fit together"))
        raise ConfigurationError(f"{what}.", file=folder / DESK, fix=f"Look at {baseline / DESK} too.") from error


def check_desk(profile: CouncilProfile, folder: Path) -> None:
    """Raise ConfigurationError for the first reply or macro that names what is not there."""
    for code, reply in profile.desk.replies.items():
        if not reply.wording:
            continue
        if not profile.wordings.has(reply.wording):
            what = f"the reply `{code}` names the wording `{reply.wording}`, which does not exist."
            raise _wrong(what, folder, ["replies", code, "wording"], "Use an id of wording/en.yaml.")
        if unfilled := sorted(profile.wordings.placeholders(reply.wording) - set(PLACEHOLDERS)):
            what = f"the reply `{code}` names the wording `{reply.wording}`, which needs {{{unfilled[0]}}}, and the desk cannot fill that."
            raise _wrong(what, folder, ["replies", code, "wording"], "Use a wording without it, or write `texts`.")
    for code, macro in profile.desk.macros.items():
        if macro.reply and macro.reply not in profile.desk.replies:
            known = ", ".join(sorted(profile.desk.replies)) or "none yet"
            raise _wrong(
                f"the macro `{code}` puts in the reply `{macro.reply}`, which does not exist.",
                folder,
                ["macros", code, "reply"],
                f"The replies are: {known}.",
            )
        for label in macro.labels:
            if label not in profile.handoffs.desk.labels:
                what = f"the macro `{code}` adds the label `{label}`, which handoffs.yaml does not have."
                raise _wrong(what, folder, ["macros", code, "labels"], f"Use one of {', '.join(profile.handoffs.desk.labels)}.")
        if macro.service and macro.service not in profile.services:
            what = f"the macro `{code}` links the service `{macro.service}`, which is not in the catalogue."
            raise _wrong(what, folder, ["macros", code, "service"], "Use a key of services/*.yaml.")


def _wrong(what: str, folder: Path, keys: list[str], fix: str) -> ConfigurationError:
    """The mistake, in the file that has the entry: the council's own, else the baseline's."""
    for path in (folder / DESK, folder.parent / "_baseline" / DESK):
        if path.exists():
            data = parse(path, path.read_bytes())
            if keys[1] in (data.get(keys[0]) or {}):
                return ConfigurationError(what, file=path, line=line_of(data, list(keys)), key=".".join(keys), fix=fix)
    return ConfigurationError(what, file=folder / DESK, key=".".join(keys), fix=fix)
