"""What can keep the local servers from running; each says what is wrong and how to mend it."""


class LocalServerError(Exception):
    """Shown to a person as it is: one line in Chinese, one in English."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n{en}")
        self.zh = zh
        self.en = en


class JavaMissingError(LocalServerError):
    """No Java 17 or later was found."""


class JarsMissingError(LocalServerError):
    """Kafka's jars are not here and could not be fetched."""


class WrongJarError(LocalServerError):
    """A jar's sha256 is not the locked one: it is not used."""


class PostgresMissingError(LocalServerError):
    """No PostgreSQL program fits, or no user may run it."""


class AlreadyRunningError(LocalServerError):
    """Another process holds this state folder."""


class ServerFailedError(LocalServerError):
    """A program ended, or did not become ready in time."""
