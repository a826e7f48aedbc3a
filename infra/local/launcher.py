"""Run a command that dies with the process that started it.

Called as ``python -I -S launcher.py PARENT_PID COMMAND ARGUMENT…``: asks Linux for SIGKILL on the parent's
death (prctl PR_SET_PDEATHSIG, kept across exec), then becomes the command. A program of its own, because
code between fork and exec is not safe in a process with threads. It imports nothing of this project.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main() -> None:
    """Bind the life of this process to its parent's and exec the command."""
    parent, command = int(sys.argv[1]), sys.argv[2:]
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the request took effect
        sys.exit(1)
    try:
        os.execv(command[0], command)  # noqa: S606 - the command is the supervisor's own
    except OSError as error:
        sys.exit(f"{command[0]}: {error}")


if __name__ == "__main__":
    main()
