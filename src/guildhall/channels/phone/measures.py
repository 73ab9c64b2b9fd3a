"""What is measured of a turn and of a call, in the call's own time: from the frame that ended the caller's voice to the frame that held our first sound."""

from dataclasses import dataclass, field
from typing import Final

from guildhall.channels.phone.ports import FRAME_SECONDS, AudioFrame

_PLACES: Final = 3


@dataclass
class TurnMeasures:
    """One turn as the caller felt it. Times are seconds since the call was answered; 0 is "not yet"."""

    speech_ended_at: float
    """The last of the caller's voice."""
    decided_at: float
    """When the pause was long enough to be the end."""
    profile: str
    understood_at: float = 0.0
    asked_at: float = 0.0
    first_part_at: float = 0.0
    first_sound_at: float = 0.0
    turn_id: str = ""
    language: str = ""
    provider: str = ""
    filler: bool = False
    interrupted: bool = False
    unheard_seconds: float = 0.0

    def facts(self) -> dict[str, object]:
        """For the record."""
        found: dict[str, object] = {"turn_id": self.turn_id, "profile": self.profile, "language": self.language, "provider": self.provider}
        spans = {
            "end_of_speech_wait_seconds": (self.speech_ended_at, self.decided_at),
            "stt_seconds": (self.decided_at, self.understood_at),
            "house_first_part_seconds": (self.asked_at, self.first_part_at),
            "tts_first_audio_seconds": (self.first_part_at or self.understood_at, self.first_sound_at),
            "v2v_seconds": (self.speech_ended_at, self.first_sound_at),
        }
        found |= {name: round(end - start, _PLACES) for name, (start, end) in spans.items() if end and start}
        return found | {"filler": self.filler, "interrupted": self.interrupted, "unheard_seconds": round(self.unheard_seconds, _PLACES)}


@dataclass
class CallMeasures:
    """One call."""

    frames: int = 0
    lost_frames: int = 0
    silent_frames: int = 0
    first_sound_at: float | None = None
    turns: int = 0
    keys: int = 0
    interruptions: int = 0
    false_starts: int = 0
    backchannels: int = 0
    unheard_seconds: float = 0.0
    transfers: list[str] = field(default_factory=list)
    turn: TurnMeasures | None = None

    def frame(self, frame: AudioFrame, voiced: bool, answering: bool) -> bool:
        """20 ms went by; `answering`: what is heard now is the reply, no filler. Whether it held the first sound of a reply."""
        sounding = bool(frame.said) and any(frame.said)
        self.frames += 1
        self.lost_frames += frame.lost
        self.silent_frames += not sounding and not voiced
        if sounding and self.first_sound_at is None:
            self.first_sound_at = frame.at
        if sounding and answering and self.turn is not None and not self.turn.first_sound_at:
            self.turn.first_sound_at = frame.at
            return True
        return False

    def interrupted(self, unheard_seconds: float) -> None:
        """The caller cut us off."""
        self.interruptions += 1
        self.unheard_seconds += unheard_seconds
        if self.turn is not None:
            self.turn.interrupted, self.turn.unheard_seconds = True, unheard_seconds

    def facts(self) -> dict[str, object]:
        """For the record."""
        frames = max(1, self.frames)
        return {
            "seconds": round(self.frames * FRAME_SECONDS, 2),
            "first_sound_seconds": self.first_sound_at,
            "silent_share": round(self.silent_frames / frames, _PLACES),
            "lost_share": round(self.lost_frames / frames, _PLACES + 1),
            "turns": self.turns,
            "keys": self.keys,
            "interruptions": self.interruptions,
            "false_starts": self.false_starts,
            "backchannels": self.backchannels,
            "unheard_seconds": round(self.unheard_seconds, 2),
            "transfers": " ".join(self.transfers),
        }
