"""Run by make: puts locked packages, and Java where the machine has none, into this environment."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).parent.parent
JAVA_LOCK: Final = "requirements-java.lock"
SCRIPT: Final = """\
#!{python}
import sys
from cli.main import main
sys.exit(main())
"""


def install(lock: str) -> None:
    """Every package by its hash; raises CalledProcessError when one can not be had."""
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    subprocess.run(  # noqa: S603 - pip, with a file of ours
        [*pip, "--require-hashes", "--no-deps", "-r", str(PROJECT / lock)], check=True
    )


def has_java() -> bool:
    # Its libraries have only just been installed.
    from libs.local.errors import JavaMissingError  # noqa: PLC0415
    from libs.local.java import find_java  # noqa: PLC0415

    try:
        find_java(os.environ)
    except JavaMissingError:
        return False
    return True


def add_project() -> None:
    """This checkout onto the path and `appeals` among the programs, without building a wheel."""
    Path(sysconfig.get_path("purelib"), "appeals-checkout.pth").write_text(f"{PROJECT}\n")
    script = Path(sysconfig.get_path("scripts"), "appeals")
    script.write_text(SCRIPT.format(python=sys.executable))
    script.chmod(0o755)


def main(lock: str) -> int:
    sys.path.insert(0, str(PROJECT))
    sys.stderr.write(f"{lock} …\n")
    try:
        install(lock)
        add_project()
        if not has_java():
            install(JAVA_LOCK)
    except subprocess.CalledProcessError:
        sys.stderr.write(
            "安装失败，见上方 pip 的说明；请检查网络或 pip 的镜像设置。\n"
            "The installation failed, pip says why above; check the network or pip's mirror.\n"
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
