"""What `peers.py` measures with: commands, and how they are told of."""

import collections
import multiprocessing
import os
import shutil
import subprocess
import sys
import time

Usage = collections.namedtuple("Usage", "wall cpu mebibytes")


def measure(command):
    """Wall seconds, CPU seconds and the largest resident memory of a command."""
    began = time.monotonic()
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"failed: {' '.join(map(str, command))}\n{errors.decode(errors='replace')}")
    return Usage(time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def apart(function, *arguments):
    """Runs what needs much memory in a process of its own: that of a command's parent, until it becomes the command, counts as its."""
    process = multiprocessing.get_context("fork").Process(target=function, args=arguments)
    process.start()
    process.join()
    if process.exitcode != 0:
        sys.exit(f"{function.__name__} failed")


def run(command):
    measure(command)


def forget(file):
    """Leaves nothing of a file in the memory of the kernel."""
    with file.open("rb") as opened:
        os.fsync(opened.fileno())
        os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def installed(program):
    if shutil.which(program):
        return True
    say(f"left out: {program} is not installed")
    return False


def say(text):
    print(f"… {text}", file=sys.stderr, flush=True)


def told(what, figure, ratio):
    print(f"{what}\n    {figure}\n    {ratio}", flush=True)
