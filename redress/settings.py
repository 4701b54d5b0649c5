"""The only module that reads the environment.

Every setting is `REDRESS_` and its name in capitals, so `port` is `REDRESS_PORT`.
"""

import os
import re
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from redress import secrets_file
from redress.problem import Problem

CHECKOUT = Path(__file__).resolve().parents[1]
SECRETS = ("engine_token", "identity_secret", "session_secret")
_PREFIX = "REDRESS_"
_TELEGRAM_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")


class Settings(BaseSettings):
    """What may differ from one installation to the next. Ports of 0 mean: any free one."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, extra="ignore", frozen=True, env_ignore_empty=True)

    home: Path = CHECKOUT / ".redress"
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=1, le=65535)
    database_url: str | None = None
    playbook: Path = CHECKOUT / "playbook"
    demo: bool = True
    timezone: str = "Europe/London"
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = ()
    metrics_token: SecretStr = SecretStr("")
    engine_port: int = Field(0, ge=0, le=65535)
    actions_port: int = Field(0, ge=0, le=65535)
    files: str = ""
    files_endpoint: str = ""
    files_region: str = ""
    files_key: str = ""
    files_secret: SecretStr = SecretStr("")
    desks: int = Field(1, ge=1, le=16)
    engines: int = Field(1, ge=1, le=16)
    # Chosen by the supervisor where there are several: each engine's, and each desk's own beside the one they share.
    engine_ports: Annotated[tuple[int, ...], NoDecode] = ()
    desk_ports: Annotated[tuple[int, ...], NoDecode] = ()
    desk_port: int = Field(0, ge=0, le=65535)
    strangers_files: int = Field(20, ge=0, le=1000)  # in one conversation
    strangers_megabytes: int = Field(50, ge=0, le=10_000)  # of files, in one conversation
    customers_files: int = Field(200, ge=0, le=100_000)  # in one conversation, in a day
    customers_megabytes: int = Field(500, ge=0, le=1_000_000)  # of files, in one conversation, in a day
    strangers_sessions: int = Field(30, ge=1, le=100_000)  # begun in a minute from one address
    telegram_token: SecretStr = SecretStr("")
    public_url: str = ""  # of the desk, as its people reach it; its own address where it is empty
    smtp_url: SecretStr = SecretStr("")  # smtp://user:password@host:587 or smtps://…
    mail_from: str = "redress@localhost"
    page_secret: SecretStr = SecretStr("")  # signs what a pager's webhook is sent
    telegram_url: str = "https://api.telegram.org"
    telegram_webhook: str = ""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    engine_token: SecretStr = SecretStr("")
    identity_secret: SecretStr = SecretStr("")
    session_secret: SecretStr = SecretStr("")
    ci: bool = Field(default=False, validation_alias=AliasChoices("CI"))

    @field_validator("home", "playbook")
    @classmethod
    def absolute(cls, path: Path) -> Path:
        return path.expanduser().absolute()

    @field_validator("files")
    @classmethod
    def a_bucket(cls, files: str) -> str:
        if files and not files.startswith("s3://"):
            raise ValueError("must be a bucket such as s3://name/folder, or nothing for a folder in the home")
        return files.rstrip("/")

    @field_validator("smtp_url")
    @classmethod
    def a_mail_server(cls, url: SecretStr) -> SecretStr:
        if url.get_secret_value() and not url.get_secret_value().startswith(("smtp://", "smtps://")):
            raise ValueError("must be a mail server's URL such as smtp://user:password@host:587")
        return url

    @field_validator("telegram_token")
    @classmethod
    def a_token(cls, token: SecretStr) -> SecretStr:
        if token.get_secret_value() and not _TELEGRAM_TOKEN.fullmatch(token.get_secret_value()):
            raise ValueError("must be a token as BotFather gives it: digits, a colon, and letters")
        return token

    @field_validator("telegram_url", "telegram_webhook", "files_endpoint")
    @classmethod
    def an_address(cls, url: str) -> str:
        if url and not url.startswith(("https://", "http://")):
            raise ValueError("must be an address that begins with https://")
        return url.rstrip("/")

    @field_validator("log_level", mode="before")
    @classmethod
    def any_case(cls, level: object) -> object:
        return level.lower() if isinstance(level, str) else level

    @field_validator("timezone")
    @classmethod
    def a_zone(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError("must be the name of a time zone such as Europe/London")
        return name

    @field_validator("allowed_origins", mode="before")
    @classmethod
    def separated_by_commas(cls, origins: object) -> object:
        return tuple(part.strip() for part in origins.split(",")) if isinstance(origins, str) else origins

    @field_validator("engine_ports", "desk_ports", mode="before")
    @classmethod
    def ports_by_commas(cls, ports: object) -> object:
        return tuple(int(part) for part in ports.split(",")) if isinstance(ports, str) else ports

    @field_validator("database_url")
    @classmethod
    def for_psycopg_3(cls, url: str | None) -> str | None:
        """A PostgreSQL URL as everybody writes it, in the form SQLAlchemy needs."""
        if url is None:
            return None
        scheme, found, rest = url.partition("://")
        if not found or scheme not in ("postgres", "postgresql", "postgresql+psycopg"):
            raise ValueError("must be a PostgreSQL URL such as postgresql://user:password@host/database")
        return f"postgresql+psycopg://{rest}"

    @field_validator(*SECRETS)
    @classmethod
    def long_enough(cls, secret: SecretStr) -> SecretStr:
        if 0 < len(secret.get_secret_value()) < secrets_file.SHORTEST:
            raise ValueError(f"must have at least {secrets_file.SHORTEST} characters")
        return secret

    @property
    def mails_codes(self) -> bool:
        """Whether a stranger can be mailed a one-time code; in the demo a page shows the mail."""
        return self.demo or bool(self.smtp_url.get_secret_value())

    @property
    def models(self) -> Path:
        return self.home / "models"

    @property
    def logs(self) -> Path:
        return self.home / "logs"

    @property
    def engine_url(self) -> str:
        return f"http://127.0.0.1:{self.engine_port}"

    @property
    def engine_urls(self) -> tuple[str, ...]:
        return tuple(f"http://127.0.0.1:{port}" for port in self.engine_ports or (self.engine_port,))

    @property
    def actions_url(self) -> str:
        return f"http://127.0.0.1:{self.actions_port}/webhook"

    @property
    def desk_url(self) -> str:
        host = "127.0.0.1" if self.host == "0.0.0.0" else self.host  # noqa: S104 - where to call, not to bind
        return f"http://{host}:{self.port}"


def load(environment: dict[str, str] | None = None) -> Settings:
    """The settings of this process. Secrets that nobody gave are made once and kept in the home."""
    settings = _read(environment)
    missing = [name for name in SECRETS if not getattr(settings, name).get_secret_value()]
    if not missing:
        return settings
    kept = secrets_file.ensure(settings.home, [_PREFIX + name.upper() for name in SECRETS])
    return settings.model_copy(
        update={name: SecretStr(kept[_PREFIX + name.upper()]) for name in missing},
    )


def _read(environment: dict[str, str] | None) -> Settings:
    try:
        if environment is None:
            return Settings()
        return Settings.model_validate(_fields(environment))
    except ValidationError as error:
        raise Problem(_sentence(error)) from error


def _fields(environment: dict[str, str]) -> dict[str, str]:
    ours = {key.removeprefix(_PREFIX).lower(): value for key, value in environment.items()}
    return {key: value for key, value in ours.items() if key in Settings.model_fields and value}


def _sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    name = _PREFIX + str(first["loc"][0]).upper() if first["loc"] else "A setting"
    what = first["msg"].removeprefix("Value error, ")
    shown = "" if name.endswith(("SECRET", "TOKEN", "URL")) else f" is {first['input']!r}"
    return f"{name}{shown}: {what[0].lower()}{what[1:]}. Change it or unset it."


def child_environment(settings: Settings, **more: str) -> dict[str, str]:
    """The environment for a process of ours: this one's, with every setting decided."""
    decided = {
        "HOME": str(settings.home),
        "HOST": settings.host,
        "PORT": str(settings.port),
        "DATABASE_URL": settings.database_url or "",
        "PLAYBOOK": str(settings.playbook),
        "TIMEZONE": settings.timezone,
        "ALLOWED_ORIGINS": ",".join(settings.allowed_origins),
        "METRICS_TOKEN": settings.metrics_token.get_secret_value(),
        "DEMO": str(settings.demo).lower(),
        "ENGINE_PORT": str(settings.engine_port),
        "ACTIONS_PORT": str(settings.actions_port),
        "ENGINE_PORTS": ",".join(map(str, settings.engine_ports)),
        "LOG_LEVEL": settings.log_level,
        "FILES": settings.files,
        "FILES_ENDPOINT": settings.files_endpoint,
        "FILES_REGION": settings.files_region,
        "FILES_KEY": settings.files_key,
        "FILES_SECRET": settings.files_secret.get_secret_value(),
        "PUBLIC_URL": settings.public_url,
        "SMTP_URL": settings.smtp_url.get_secret_value(),
        "MAIL_FROM": settings.mail_from,
        "PAGE_SECRET": settings.page_secret.get_secret_value(),
        "TELEGRAM_TOKEN": settings.telegram_token.get_secret_value(),
        "TELEGRAM_URL": settings.telegram_url,
        "TELEGRAM_WEBHOOK": settings.telegram_webhook,
        **{name.upper(): getattr(settings, name).get_secret_value() for name in SECRETS},
        "ENGINE_URL": settings.engine_url,
        "ACTIONS_URL": settings.actions_url,
    }
    ours = {_PREFIX + name: value for name, value in decided.items()}
    # Bytecode is kept even where an image says not to: without it a process takes three times as long to start.
    return {**os.environ, **ours, "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "", **more}
