"""`phone.yaml`: what the phone offers, says and may dial, and which word or key leads where. Wording itself stands in `wording/`, as `phone.*`."""

from datetime import date
from ipaddress import ip_network
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from guildhall.councils.speech_registration import SpeechSection
from guildhall.vocabulary.languages import Language

MOST_OPTIONS: Final = 4
MOST_LEVELS: Final = 3
MAIN_MENU: Final = "main"

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
Key = Annotated[str, StringConstraints(pattern=r"^[0-9*#]$")]
OptionKey = Annotated[str, StringConstraints(pattern=r"^[1-4]$")]


class Strict(BaseModel):
    """Frozen, strict and closed."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _checked_texts(texts: object) -> object:
    if isinstance(texts, dict) and "en" not in texts:
        raise ValueError("the text lacks English, which stands in where a language is missing; add `en`")
    return texts


def _checked_number(text: object) -> object:
    digits = str(text).replace(" ", "").removeprefix("+")
    if not digits.isdigit() or not 3 <= len(digits) <= 15:
        raise ValueError(f'`{text}` is no phone number; write digits and blanks, as in "01632 960100"')
    return text


def _checked_peer(text: object) -> object:
    try:
        ip_network(str(text))
    except ValueError:
        raise ValueError(f"`{text}` is no IP address or network; write it like 192.0.2.10 or 192.0.2.0/28") from None
    return text


Texts = Annotated[dict[Language, str], BeforeValidator(_checked_texts), Field(min_length=1)]
Words = dict[Language, tuple[str, ...]]
Number = Annotated[str, BeforeValidator(_checked_number)]
Peer = Annotated[str, BeforeValidator(_checked_peer)]


class PhoneLine(Strict):
    """A line that may be dialled. Nothing else ever is: that is what makes toll fraud impossible."""

    number: Number
    address: str = Field("", pattern=r"^(sips?:\S+)?$", description="SIP address, where the trunk does not reach the line by its number.")
    ring_seconds: int = Field(20, ge=5, le=60, description="How long it rings before the caller is back with the assistant.")


class Keys(Strict):
    """What the keys outside menus do. They are the same everywhere in a call, so a caller has to learn them once."""

    person: Literal["0"] = "0"
    danger: Key = "9"
    crisis: Key = "7"
    more_time: Key = Field("8", description="For Relay UK, a stammer, or anybody who needs more time.")
    languages: Key = "5"
    payment: Key = "6"
    repeat: Key = "*"
    back: Key = "#"

    @model_validator(mode="after")
    def _once(self) -> Self:
        seen: dict[str, str] = {}
        for name, key in self.model_dump().items():
            if key in seen:
                raise ValueError(f"`{name}` and `{seen[key]}` are both on key {key}; give each a key of its own")
            if key in "1234":
                raise ValueError(f"`{name}` is on key {key}, which menus use; use one of 5 to 9, * and #")
            seen[key] = name
        return self


class SafetyPath(Strict):
    """A danger or a crisis: its key after the danger or crisis key, its words, and the approved wording that is said before a person comes."""

    key: OptionKey
    label: Texts = Field(description='As it is offered: "For gas, press 1".')
    words: Words = Field(description="Words that lead here from anywhere in a call, in each language.")
    wording: str = Field(description="Id of the approved wording.")
    says: str = Field(min_length=3, description="What is told to the house as what the caller means.")
    ahead: bool = Field(False, description="Life is at risk: rung for ahead of everybody, one line after another. Dangers always are.")


class MenuOption(Strict):
    """One choice of a menu: another menu, or a question that is put to the same turn as every other channel's."""

    key: OptionKey
    label: Texts
    words: Words = Field(default_factory=dict, description="What callers say for it, beside the label.")
    menu: Name = ""
    ask: dict[Language, str] = Field(default_factory=dict, description="The plain question, as a resident would put it.")
    place: bool = Field(False, description="The answer depends on where the caller lives: the street is asked first.")
    service: Name = Field("", description="The service of the catalogue that it is about; its name and synonyms lead here too.")

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Self:
        if bool(self.menu) == bool(self.ask):
            raise ValueError(f"the option on key {self.key} leads to either a `menu` or a question to `ask`; give one of the two")
        if self.ask and Language.ENGLISH not in self.ask:
            raise ValueError(f"the option on key {self.key} has no English question; add `ask.en`")
        if self.place and not self.ask:
            raise ValueError(f"the option on key {self.key} leads to a menu and cannot need a `place`; put it on that menu's option")
        return self


class Menu(Strict):
    """Up to four choices. More cannot be kept in mind by ear."""

    options: tuple[MenuOption, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _few_and_once(self) -> Self:
        if len(self.options) > MOST_OPTIONS:
            raise ValueError(
                f"a menu has at most {MOST_OPTIONS} options, and this one has {len(self.options)}; put some of them into a menu of their own"
            )
        keys = [option.key for option in self.options]
        if twice := next((key for key in keys if keys.count(key) > 1), None):
            raise ValueError(f"key {twice} is used twice in one menu; give each option a key of its own")
        return self


class OfferedLanguage(Strict):
    """A language beside English: its key in the language menu, and the offer in the language itself."""

    key: Key
    offer: str = Field(min_length=3, description='Said in the language: "Po polsku: jeden".')
    words: tuple[str, ...] = Field((), description="What callers say to choose it, in the language and in English.")
    status: Literal["approved", "draft"] = Field(description="`approved` by a native speaker, or `draft` until then.")


class Recording(Strict):
    """Whether calls are recorded. Off unless everything that makes it lawful is written down; how long is in retention.yaml."""

    on: bool = False
    purpose: str = ""
    lawful_basis: Literal["", "public_task", "legitimate_interests", "legal_obligation"] = ""
    after_transfer: Literal["", "stop", "continue"] = Field("", description="What happens when a person has the call.")
    refuse_key: str = Field(
        "",
        pattern="^[0-9]?$",
        description="The key by which a caller refuses the recording while the notice is said, such as 9. Empty: none.",
    )
    unrecorded_line: Name = Field("", description="The line for callers who do not want to be recorded, where there is one.")

    @model_validator(mode="after")
    def _complete_when_on(self) -> Self:
        if self.on:
            for key in ("purpose", "lawful_basis", "after_transfer"):
                if not getattr(self, key):
                    raise ValueError(f"calls cannot be recorded without `{key}`; write it down, or leave recording off")
        return self


class Transcript(Strict):
    """Whether what is said in calls stays written down when they are over; how long is in retention.yaml."""

    on: bool = Field(True, description="`false`: words are erased when the call is over and nobody needs them any more.")


class EndOfSpeech(Strict):
    """How long a pause ends what a caller says, in seconds, by kind of question."""

    short: float = Field(0.5, ge=0.3, le=2.0, description="Yes, no and choices.")
    open: float = Field(0.7, ge=0.4, le=3.0)
    numbers: float = Field(1.2, ge=0.6, le=4.0, description="Numbers and addresses, which people look up while they speak.")
    patient: float = Field(2.5, ge=1.5, le=8.0, description="Relay UK, a stammer, slow speech.")


Command = Literal[
    "repeat",
    "again",
    "slower",
    "louder",
    "more_time",
    "relay",
    "languages",
    "robot",
    "goodbye",
    "back",
    "menu",
    "go_on",
    "text",
    "yes",
    "no",
]


class PhoneFile(Strict):
    """`phone.yaml`. A council's entries replace the baseline's of the same name."""

    reviewed_by: str = Field("", description="Who approved the menus and words.")
    reviewed_on: date | None = None
    keys: Keys = Keys()
    danger: dict[Name, SafetyPath] = Field(default_factory=dict)
    danger_words: Words = Field(
        default_factory=dict, description="Words of danger that name no kind of it; they lead where the danger key does."
    )
    crisis: dict[Name, SafetyPath] = Field(default_factory=dict)
    crisis_words: Words = Field(default_factory=dict, description="As `danger_words`, for the crisis key.")
    person_words: Words = Field(default_factory=dict)
    pay_words: Words = Field(default_factory=dict)
    commands: dict[Command, Words] = Field(
        default_factory=dict, description="Words for the phone's own commands. Only a whole utterance is ever taken for one."
    )
    menus: dict[Name, Menu] = Field(default_factory=dict)
    languages: dict[Language, OfferedLanguage] = Field(default_factory=dict)
    lines: dict[Name, PhoneLine] = Field(default_factory=dict, description="Every line that may be dialled, by name.")
    failover: Name = Field("", description="The advisers' line that rings when anything of ours fails.")
    duty: Name = Field("", description="The line that answers when a queue is shut and it cannot wait.")
    out_of_hours: Name = Field("", description="The office's line out of hours.")
    payment: Name = Field("", description="The council's own payment line. Card numbers are never taken here.")
    queues: dict[Name, Name] = Field(default_factory=dict, description="Queue to line, where it is not the advisers' line.")
    transfer_mode: Literal["bridge", "refer"] = Field(
        "bridge", description="`bridge` keeps the caller when nobody answers; `refer` frees the channels and may lose them."
    )
    recording: Recording = Recording()
    transcript: Transcript = Transcript()
    speech: SpeechSection = SpeechSection()
    end_of_speech: EndOfSpeech = EndOfSpeech()
    answer_words: int = Field(60, ge=20, le=90, description="After so many words the caller is asked whether to go on.")
    allowed_peers: tuple[Peer, ...] = Field(
        ("127.0.0.1",), description="Who may send calls: the SBC or trunk. Everybody else is dropped unread."
    )

    @model_validator(mode="after")
    def _keys_once(self) -> Self:
        for name, paths in (("danger", self.danger), ("crisis", self.crisis)):
            if len(paths) > MOST_OPTIONS:
                raise ValueError(f"`{name}` has {len(paths)} paths; at most {MOST_OPTIONS} can be offered")
            keys = [path.key for path in paths.values()]
            if twice := next((key for key in keys if keys.count(key) > 1), None):
                raise ValueError(f"key {twice} is used twice in `{name}`; give each path a key of its own")
        keys = [entry.key for entry in self.languages.values()]
        if twice := next((key for key in keys if keys.count(key) > 1 or key in "0*#"), None):
            raise ValueError(f"key {twice} is taken in `languages`; give each language one key of 1 to 9")
        return self

    @model_validator(mode="after")
    def _recording_opens(self) -> Self:
        if self.recording.on and not self.transcript.on:
            raise ValueError(
                "calls cannot be recorded while their transcript is not kept: a recording opens with the key of the words, which goes with them; "
                "switch one of the two"
            )
        return self

    @property
    def serves(self) -> bool:
        """Whether calls can be taken: there is a line for people, and something to choose."""
        return bool(self.failover and self.menus)

    def said(self, command: Command) -> tuple[str, ...]:
        """Every word for one of the phone's own commands, in every language."""
        return tuple(one for words in self.commands.get(command, {}).values() for one in words)

    def line(self, name: str) -> PhoneLine | None:
        """A line by its name."""
        return self.lines.get(name)

    def line_of_queue(self, queue: str) -> PhoneLine | None:
        """The line where the advisers of a queue answer."""
        return self.lines.get(self.queues.get(queue, self.failover))

    def dialable(self, number: str) -> PhoneLine | None:
        """The line with this number, or None: then it must not be dialled."""
        wanted = national(number)
        return next((line for line in self.lines.values() if national(line.number) == wanted), None)


def national(number: str) -> str:
    """A number's digits as they are dialled in the United Kingdom."""
    digits = "".join(character for character in number if character.isdigit() or character == "+")
    return f"0{digits[3:]}" if digits.startswith("+44") else digits.removeprefix("+")
