"""The secret that the phone's gateway shows the house: from the settings, or a random file that its owner alone can read."""

from guildhall.bootstrap.identifiers import key_file
from guildhall.settings import Settings


def phone_secret(settings: Settings) -> str:
    """The secret in force. Made on first use, by whichever process asks first."""
    return settings.phone_secret.get_secret_value() or key_file(settings.data_dir / "phone" / "secret.key").hex()
