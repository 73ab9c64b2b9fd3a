"""The sender of text messages and e-mail that the settings name."""

from guildhall.aftercare.ports import Notifies
from guildhall.bootstrap.word_stores import OUTBOX
from guildhall.providers.notifications.govuk_notify import GovUkNotify, Templates, read_key
from guildhall.providers.notifications.local_outbox import LocalOutbox
from guildhall.settings import Settings
from guildhall.vocabulary.errors import ConfigurationError
from guildhall.vocabulary.notifications import MessageChannel


def open_notifies(settings: Settings) -> Notifies:
    """The sender. Raises ConfigurationError for settings that cannot be."""
    if settings.notifications_kind == "local":
        return local_outbox(settings)
    address = settings.notifications_url
    if not address.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
        raise ConfigurationError(
            "GOV.UK Notify is not reached over https.", file="GUILDHALL_NOTIFICATIONS_URL", fix="Leave it out, or give an https:// address."
        )
    account = read_key(settings.notifications_key.get_secret_value())
    return GovUkNotify(account, read_templates(settings), address, settings.notifications_timeout_seconds)


def local_outbox(settings: Settings) -> LocalOutbox:
    """The outbox of this machine."""
    return LocalOutbox(settings.data_dir / OUTBOX)


def read_templates(settings: Settings) -> Templates:
    """Templates as the settings name them. Raises ConfigurationError."""
    general = {MessageChannel.SMS: settings.notifications_sms_template, MessageChannel.EMAIL: settings.notifications_email_template}
    named: dict[tuple[str, MessageChannel], str] = {}
    for pair in filter(None, (part.strip() for part in settings.notifications_templates.split(","))):
        which, _, template = pair.partition("=")
        wording, _, channel = which.partition(":")
        if not (wording and template and channel in set(MessageChannel)):
            raise ConfigurationError(
                f"`{pair}` is not a template for a wording.",
                file="GUILDHALL_NOTIFICATIONS_TEMPLATES",
                fix="Write wording:sms=id or wording:email=id, such as follow_up.text:sms=f33517ff-2a88-4f6e-b855-c550268ce08a.",
            )
        named[wording.strip(), MessageChannel(channel)] = template.strip()
    return Templates({channel: template for channel, template in general.items() if template}, named)
