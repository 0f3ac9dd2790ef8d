"""Run as a script: gives up root, asks to be signalled when its parent dies, becomes the command.

A script and not a `preexec_fn`, which may deadlock in a process that has threads.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1
CAN_NOT_START = 127


def give_up_root(uid: int, gid: int) -> None:
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def follow_parent(parent: int, signal_number: int) -> None:
    """Linux only; elsewhere the registry file alone finds what a dead parent left behind."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal_number)
    if os.getppid() != parent:
        # It died before the kernel was asked, so no signal would ever come.
        sys.exit(CAN_NOT_START)


def main(arguments: list[str]) -> None:
    parent, signal_number, uid, gid, *command = arguments
    try:
        if int(uid) != os.getuid():
            give_up_root(int(uid), int(gid))
        # After the change of user, which makes the kernel forget the request.
        follow_parent(int(parent), int(signal_number))
        os.execv(command[0], command)  # noqa: S606 - no shell is wanted here
    except OSError as error:
        sys.stderr.write(f"{command[0]}: {error.strerror}\n")
        sys.exit(CAN_NOT_START)


if __name__ == "__main__":
    main(sys.argv[1:])
