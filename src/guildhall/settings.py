"""Deployment settings: secrets and addresses, read once from the environment (`GUILDHALL_…`). A council's own choices are not here."""

from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Every deployment setting, with the default that works on a laptop with nothing configured."""

    model_config = SettingsConfigDict(env_prefix="GUILDHALL_", extra="ignore", frozen=True)

    council: str = Field("avonmere", description="Slug of the council this deployment serves.")
    councils_dir: Path = Field(Path("councils"), description="Folder that holds the councils' folders and `_baseline`.")
    data_dir: Path = Field(Path("var"), description="Folder for the embedded database, keys, models and indexes.")
    database_url: str = Field("", description="SQLAlchemy address; empty means SQLite in the data folder.")
    master_key: SecretStr = Field(
        SecretStr(""), description="Base64 of 32 bytes that wraps conversation keys; empty means a key file in the data folder."
    )
    keys_database_url: str = Field(
        "", description="SQLAlchemy address of the key store, which is never backed up with the database; empty means SQLite in var/keys."
    )
    erased_list: str = Field(
        "", description="File that lists what was erased, kept outside every backup; empty means erased.jsonl in the data folder."
    )
    backups_dir: str = Field("", description="Folder for copies of the database; empty means backups in the data folder.")
    key_backups_dir: str = Field(
        "", description="Folder for copies of the key store, on another disk or machine; empty means key-backups in the data folder."
    )
    recordings_dir: str = Field(
        "", description="Folder for recordings of calls, sealed; empty means recordings in the data folder. Gateway and house share it."
    )
    host: str = Field("127.0.0.1", description="Address the web server listens on.")
    port: int = Field(8080, description="Port the web server listens on.")
    public_url: str = Field("", description="Address residents see; empty means http://host:port. Secure cookies follow it.")
    allowed_frame_ancestors: str = Field("", description="Space-separated origins that may embed the resident's page.")
    model_kind: Literal["embedded", "openai", "anthropic"] = Field(
        "embedded", description="Which composer answers: embedded (extractive), an OpenAI-compatible server, or Anthropic."
    )
    model_name: str = Field("", description="Model name sent to the server.")
    model_url: str = Field("", description="Base address of an OpenAI-compatible server, such as http://localhost:11434/v1.")
    model_key: SecretStr = Field(SecretStr(""), description="Key for the model server.")
    model_timeout_seconds: float = Field(20.0, gt=0, description="A model that has not finished by then is given up.")
    model_stall_seconds: float = Field(5.0, gt=0, description="A model silent for so long is given up, and the embedded composer answers.")
    detector_timeout_seconds: float = Field(
        10.0, gt=0, description="A detector that has not finished by then counts as failed, and a person is brought in."
    )
    embeddings_kind: Literal["embedded", "openai"] = Field("embedded", description="Which embedder search and understanding use.")
    embeddings_name: str = Field("", description="Embedding model name sent to the server.")
    embeddings_url: str = Field("", description="Base address of an OpenAI-compatible embeddings server.")
    embeddings_key: SecretStr = Field(SecretStr(""), description="Key for the embeddings server.")
    log_key: SecretStr = Field(
        SecretStr(""), description="Base64 of 32 bytes that signs the record's checkpoints; empty means a key file in the data folder."
    )
    log_origin: str = Field(
        "", description="Name of the record in checkpoints, such as example.gov.uk/record; empty means guildhall/<council>."
    )
    witnesses: str = Field(
        "", description="Outside witnesses of the record: address and public key of each, separated by spaces (https://a.example KEY …)."
    )
    checkpoint_records: int = Field(1000, gt=0, description="A checkpoint is signed when so many records are new.")
    checkpoint_seconds: float = Field(300.0, gt=0, description="A checkpoint is signed after so long, when anything is new.")
    staff_link_minutes: int = Field(15, ge=1, le=60, description="How long a staff sign-in link is good for; it works once.")
    staff_idle_minutes: int = Field(30, ge=5, le=480, description="A staff session that is not used for so long ends.")
    staff_session_hours: int = Field(10, ge=1, le=24, description="A staff session ends after so long, however much it is used.")
    oidc_issuer: str = Field("", description="Issuer address of the council's identity provider; empty means that staff sign in by link.")
    oidc_client_id: str = Field("", description="What the identity provider calls this service.")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="The secret that the identity provider gave this service.")
    oidc_name: str = Field("your council account", description="What the sign-in page calls the identity provider.")
    oidc_scopes: str = Field("openid profile", description="Scopes that are asked for.")
    oidc_roles_claim: str = Field("roles", description="Claim of the identity token that holds a person's app roles or groups.")
    oidc_roles: str = Field(
        "", description="Which claim gives which role, as `claim=role` pairs with commas between; a claim that is not named gives none."
    )
    oidc_strong_levels: str = Field(
        "", description="Values of the `acr` claim, space-separated, that mean more than one factor; asked for before a signature."
    )
    notifications_kind: Literal["local", "govuk-notify"] = Field(
        "local",
        description="How text messages and e-mail leave: as files in the data folder's outbox (nothing leaves), or by GOV.UK Notify.",
    )
    notifications_key: SecretStr = Field(SecretStr(""), description="API key of the GOV.UK Notify service, whole.")
    notifications_url: str = Field("https://api.notifications.service.gov.uk", description="Address of GOV.UK Notify.")
    notifications_sms_template: str = Field(
        "", description="Id of a GOV.UK Notify text message template whose whole content is ((text)); approved wording is put in there."
    )
    notifications_email_template: str = Field(
        "", description="Id of a GOV.UK Notify e-mail template with the subject ((subject)) and the content ((text))."
    )
    notifications_templates: str = Field(
        "",
        description="Templates of their own for wordings, as `wording:sms=id` or `wording:email=id` with commas between; they may use "
        "((text)), ((subject)) and the wording's own values, such as ((reference)).",
    )
    notifications_timeout_seconds: float = Field(
        10.0, gt=0, le=30, description="A call to GOV.UK Notify that has not ended by then is given up, and the message looked for later."
    )
    phone: bool = Field(True, description="Answer the phone beside the web: `guildhall serve` then starts what answers SIP calls.")
    phone_gateway: Literal["embedded", "asterisk", "streams"] = Field(
        "embedded",
        description="What carries calls: embedded (SIP and RTP of our own), asterisk (audio from an Asterisk), or streams (websockets of a "
        "contact-centre supplier).",
    )
    phone_host: str = Field("127.0.0.1", description="Address that SIP calls come in on. Beyond this machine only with peers listed.")
    phone_port: int = Field(5060, ge=0, le=65535, description="UDP port that SIP calls come in on.")
    phone_peers: str = Field(
        "",
        description="Who may send calls, besides those in phone.yaml: addresses, networks and host names of the SIP trunk or session border "
        "controller, separated by spaces. Everybody else is not answered at all.",
    )
    phone_media_peers: str = Field(
        "",
        description="Where sound may come from and go to besides the peers, where the trunk sends it from other addresses: addresses and networks, "
        "separated by spaces.",
    )
    phone_numbers: str = Field("", description="The numbers that are answered, separated by spaces; empty means whatever is dialled.")
    phone_trunk: str = Field(
        "127.0.0.1:5070",
        description="Where calls to the lines in phone.yaml are sent: host and port of the SIP trunk. The default is a second SIP phone on "
        "this machine, which then plays every adviser.",
    )
    phone_failover: str = Field(
        "",
        description="Number or SIP address of the people who answer when anything of ours fails; empty means the line `failover` of phone.yaml.",
    )
    phone_advertised: str = Field("", description="Our address as the trunk sees it, where that is not the one we listen on.")
    phone_calling_as: str = Field("guildhall", description="The number we call advisers from, as the trunk expects it.")
    phone_calls: int = Field(100, ge=1, le=1000, description="Calls at once; more are told 503, so that the trunk sends them to people.")
    phone_rtp_ports: str = Field("", description="UDP ports for sound, as in 10000-10400, two for each call; empty means any that is free.")
    phone_house_url: str = Field("", description="Where the phone reaches the web server; empty means 127.0.0.1 with its port.")
    phone_hang_seconds: float = Field(
        1.5, ge=0.5, le=2.0, description="A gateway that shows no life for so long is killed, and advisers are rung for its callers."
    )
    phone_drain_seconds: float = Field(30.0, ge=0, le=600, description="How long running calls may go on when the phone is stopped.")
    phone_asterisk_url: str = Field("http://127.0.0.1:8088", description="Address of Asterisk's REST interface (ARI).")
    phone_asterisk_username: str = Field("guildhall", description="The account of ari.conf that the phone signs in with.")
    phone_asterisk_password: SecretStr = Field(SecretStr(""), description="Its password.")
    phone_asterisk_media: Literal["websocket", "audiosocket"] = Field(
        "websocket", description="How Asterisk brings a call's sound: its websocket channel, or AudioSocket over TCP."
    )
    phone_asterisk_media_host: str = Field("127.0.0.1", description="Address that Asterisk connects to with the sound.")
    phone_asterisk_media_port: int = Field(8765, ge=0, le=65535, description="TCP port that Asterisk connects to with the sound.")
    phone_asterisk_dials: str = Field(
        "PJSIP/{number}@trunk", description="Asterisk's own name for a line of phone.yaml; {number} is the line's number."
    )
    phone_asterisk_targets: str = Field(
        "", description="Lines that Asterisk knows by another name, as in 01632960200=PJSIP/advisers, with commas between."
    )
    phone_streams_dialect: str = Field(
        "twilio", description="Whose media streams: audiocodes, jambonz, telnyx, twilio or vonage. Callers are connected by twilio's alone."
    )
    phone_streams_public_url: str = Field("", description="The https address that the supplier calls, as it signs its requests.")
    phone_streams_host: str = Field(
        "127.0.0.1", description="Address that media streams are served on, behind the proxy with the certificate."
    )
    phone_streams_port: int = Field(8770, ge=0, le=65535, description="TCP port that media streams are served on.")
    phone_streams_account: str = Field("", description="What the supplier calls our account.")
    phone_streams_token: SecretStr = Field(
        SecretStr(""),
        description="What the supplier signs its requests with, or sends as a bearer token or password; 16 characters or more.",
    )
    phone_streams_api_url: str = Field("https://api.twilio.com", description="Base address of the supplier's REST interface.")
    phone_streams_targets: str = Field(
        "",
        description="Lines that the supplier dials by another name, as in 01632960200=sip:advisers@pbx.example.gov.uk, with commas between.",
    )
    speech_hears: str = Field(
        "",
        description="Services that hear callers, best first, separated by spaces, each with its languages, as in "
        "`deepgram=en,pl openai=en`; without languages English only. Each must be registered in phone.yaml; embedded hearing is the last.",
    )
    speech_speaks: str = Field("", description="Services that speak to callers, written as for `GUILDHALL_SPEECH_HEARS`.")
    speech_openai_url: str = Field("https://api.openai.com/v1", description="Base address of an OpenAI-compatible server for `openai`.")
    speech_openai_key: SecretStr = Field(SecretStr(""), description="Key for it.")
    speech_openai_model: str = Field("gpt-transcribe", description="Its model that hears.")
    speech_openai_voice_model: str = Field("gpt-4o-mini-tts", description="Its model that speaks.")
    speech_openai_voices: str = Field(
        "*=alloy", description="Its voice for each language, as in `en=alloy pl=nova`; `*` is for every other."
    )
    speech_openai_sends: Literal["pcm", "wav"] = Field("pcm", description="How it sends sound: pcm at 24 kHz, or wav at any rate.")
    speech_openai_realtime_url: str = Field(
        "wss://api.openai.com/v1", description="Base address for `openai-realtime`, which transcribes over a websocket while callers speak."
    )
    speech_openai_realtime_model: str = Field("gpt-live-transcribe", description="Its model.")
    speech_openai_realtime_coding: Literal["alaw", "mulaw", "linear16"] = Field("alaw", description="How sound is sent to it.")
    speech_azure_region: str = Field("uksouth", description="Region of the Azure Speech resource for `azure`.")
    speech_azure_hears_url: str = Field(
        "", description="Address of its speech to text, for a container of your own; empty means the region's."
    )
    speech_azure_speaks_url: str = Field("", description="Address of its text to speech, for a container; empty means the region's.")
    speech_azure_key: SecretStr = Field(SecretStr(""), description="Key of the Azure Speech resource.")
    speech_azure_voices: str = Field("en=en-GB-SoniaNeural", description="Its voice for each language, as in `en=en-GB-SoniaNeural`.")
    speech_deepgram_url: str = Field("https://api.deepgram.com/v1", description="Base address for `deepgram`, or of your own installation.")
    speech_deepgram_key: SecretStr = Field(SecretStr(""), description="Key for Deepgram.")
    speech_deepgram_model: str = Field("nova-3", description="Its model that hears.")
    speech_deepgram_coding: Literal["alaw", "mulaw", "linear16"] = Field("alaw", description="How sound is sent to it.")
    speech_deepgram_voices: str = Field("en=aura-2-thalia-en", description="Its voice for each language.")
    speech_finish_seconds: float = Field(
        4.0, gt=0, le=15, description="A service that has no text so long after the caller has finished is given up, and the next is asked."
    )
    speech_first_seconds: float = Field(3.0, gt=0, le=15, description="A voice that has not begun after so long is given up for the next.")
    phone_secret: SecretStr = Field(
        SecretStr(""),
        description="Secret that the phone's gateway shows the house; empty means a random file in the data folder, and a gateway on this "
        "machine only.",
    )
    caches: bool = Field(True, description="Keep embeddings and understanding of recent utterances in memory; off only to measure without.")
    threads: int = Field(0, description="Threads for the embedded models; 0 means one a core.")
    today: str = Field(
        "", description="ISO date to pretend it is, for demonstrations and tests of opening hours; empty means the real clock."
    )

    @cached_property
    def database(self) -> str:
        """The SQLAlchemy address in force."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'guildhall.sqlite3').resolve()}"

    @cached_property
    def keys_database(self) -> str:
        """The SQLAlchemy address of the key store in force."""
        return self.keys_database_url or f"sqlite:///{(self.data_dir / 'keys' / 'keys.sqlite3').resolve()}"

    @cached_property
    def folders(self) -> dict[str, Path]:
        """Where exports, certificates and copies lie."""
        return {
            "exports": self.data_dir / "exports",
            "certificates": self.data_dir / "certificates",
            "backups": Path(self.backups_dir) if self.backups_dir else self.data_dir / "backups",
            "recordings": Path(self.recordings_dir) if self.recordings_dir else self.data_dir / "recordings",
            "key_backups": Path(self.key_backups_dir) if self.key_backups_dir else self.data_dir / "key-backups",
        }

    @cached_property
    def erased(self) -> Path:
        """The list of what was erased."""
        return Path(self.erased_list) if self.erased_list else self.data_dir / "erased.jsonl"

    @cached_property
    def address(self) -> str:
        """The address residents see."""
        return self.public_url or f"http://{'localhost' if self.host in ('127.0.0.1', '0.0.0.0') else self.host}:{self.port}"
