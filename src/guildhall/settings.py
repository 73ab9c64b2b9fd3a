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
    def address(self) -> str:
        """The address residents see."""
        return self.public_url or f"http://{'localhost' if self.host in ('127.0.0.1', '0.0.0.0') else self.host}:{self.port}"
