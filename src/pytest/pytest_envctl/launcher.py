"""Starts an environment by the program ``envctl``."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
from collections import deque
from pathlib import Path
from typing import Callable, Optional

from . import primary
from .errors import EnvctlError

# For taking back what was begun.
_ROLL_BACK = 90.0


def start(environment: str, running: Optional[Path], root: Path, command: str, say: Callable[[str], None]) -> bool:
    """
    Makes sure that there is an environment, which goes with this process if nobody else wants it. How long that may take is
    what the environment's file says (``timeouts``).

    :param running: the folder of one that is there, perhaps only its leftovers
    :param root: where to run the program, and to begin to look for it
    :param command: the program; empty to look for it
    :param say: told each line of progress
    :returns: whether it was made by this
    """
    if running is not None and (running / "environment.json").is_file():
        try:
            primary.join(running)
            return False
        except (EnvctlError, OSError):
            pass  # It has just gone, or was killed, or there is no /proc to say who we are: `up` settles it.
    program = command or _find(root)
    words = [program, "up", "--environment", environment, "--ephemeral", "--owner-pid", str(os.getpid()), "--progress", "plain"]
    _run(words, root, say)
    return True


def _find(root: Path) -> str:
    for above in (root, *root.parents):
        file = above / "envctl"
        if file.is_file() and os.access(file, os.X_OK):
            return str(file)
    found = shutil.which("envctl")
    if found is None:
        raise EnvctlError(
            f"There is no program `envctl` in {root} or above it, nor on the search path: set `envctl_command` in pytest's"
            " settings file to its path."
        )
    return found


def _run(words: list[str], folder: Path, say: Callable[[str], None]) -> None:
    shown = shlex.join(words)
    try:
        # In a session of its own: Ctrl-C on the terminal is passed on once, by us.
        child = subprocess.Popen(
            words,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,
        )
    except OSError as error:
        raise EnvctlError(f"The environment could not be started: {shown}: {error.strerror or error}.") from error
    last: deque[str] = deque(maxlen=25)
    try:
        assert child.stderr is not None
        for line in child.stderr:
            last.append(line.rstrip())
            say(line.rstrip())
        code = child.wait()
    except BaseException:
        _take_back(child)
        raise
    if code != 0:
        why = f"`{shown}` in {folder} ended with exit code {code}:"
        raise EnvctlError("\n  ".join([f"The environment could not be started: {why}", *last]))


def _take_back(child: subprocess.Popen[str]) -> None:
    """What was begun is removed again by `up` itself."""
    child.send_signal(signal.SIGINT)
    try:
        child.wait(_ROLL_BACK)
    except subprocess.TimeoutExpired:
        child.kill()
