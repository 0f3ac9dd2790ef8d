from libs.common.settings import ServiceSettings


class IntakeSettings(ServiceSettings):
    """Nothing of its own yet; read only in app.py."""
