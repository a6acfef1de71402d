"""A process that has loaded all commands: each that a test runs is a copy of it, and need not load them again.

It only imports. A copy then does what `python -m crawler` does, from its first line to its interpreter's end.
"""

from __future__ import annotations

import gc
import json
import os
import runpy
import signal
import socket
import sys
from importlib import import_module


def serve(channel: socket.socket) -> None:
    """Start a copy for each message. Its files are: the request, standard output and error, and where the end is told.

    A request has `arguments`, `environment`, `folder` and `seconds`, after which SIGALRM ends the copy. Returns in a
    copy, for which everything is prepared.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who waits for a copy is waited for by nobody
    while files := socket.recv_fds(channel, 1, 4)[1]:
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            channel.close()
            request, out, err, told = files
            if (copy := os.fork()) == 0:
                os.close(told)
                return prepare(json.loads(os.pread(request, os.fstat(request).st_size, 0)), request, out, err)
            code = os.waitstatus_to_exitcode(os.waitpid(copy, 0)[1])
            os.write(told, str(code).encode())
            os._exit(0)
        for file in files:
            os.close(file)
    os._exit(0)


def prepare(asked: dict, request: int, out: int, err: int) -> None:
    """Become a new process with the arguments, environment and folder that are asked for, and these files."""
    os.dup2(out, sys.stdout.fileno())
    os.dup2(err, sys.stderr.fileno())
    for file in (request, out, err):
        os.close(file)
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["folder"])
    sys.argv[1:] = asked["arguments"]
    signal.alarm(asked["seconds"])


if __name__ == "__main__":
    from crawler.cli import CRAWLER

    for module in ("rjieba", *(place.partition(":")[0] for place in CRAWLER.values())):
        import_module(module)
    gc.freeze()  # what is collected at a copy's end would first be copied
    serve(socket.socket(fileno=int(sys.argv[1])))
    runpy.run_module("crawler", run_name="__main__", alter_sys=True)
