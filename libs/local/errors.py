"""What can keep the local servers from running; each says what is wrong and how to mend it."""


class LocalServerError(Exception):
    """What is wrong and what to do about it, in Chinese and in English; shown as it is."""

    def __init__(self, zh: str, en: str, *, do_zh: str, do_en: str) -> None:
        super().__init__(f"{zh}{do_zh}\n{en} {do_en}")
        self.zh = zh
        self.en = en
        self.do_zh = do_zh
        self.do_en = do_en


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


class FolderClosedError(LocalServerError):
    """The state folder can not be written, often because root made it."""


class ServerFailedError(LocalServerError):
    """A program ended, or did not become ready in time."""
