"""A program in a terminal of its own (a pty): what it writes and when, what a key costs, what it costs at rest.

Nothing here sleeps for a guessed time: a screen is ready when a pattern matches it, a frame is over when nothing has come for `QUIET`
seconds, and its end is the time of its last byte.
"""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

from .say import Failed

# A frame comes in one piece or in a few; then nothing for as long as this.
QUIET = 0.06
COLUMNS, LINES = 100, 30

# CSI, OSC and other sequences of a terminal.
ESCAPES = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()*+][0-9A-Za-z]|[@-Z\\^_=>78])")
# What programs ask a terminal, and what one answers: where the cursor is, and what it is.
QUESTIONS = {b"\x1b[6n": b"\x1b[1;1R", b"\x1b[c": b"\x1b[?62c", b"\x1b[0c": b"\x1b[?62c"}
# Moves of the cursor stand for the blanks that a program did not write.
MOVES = re.compile(rb"\x1b\[[0-9;]*[HfGCdX]")


def plain(written):
    """What is to be read in what a program wrote: each move of the cursor is a blank, all else that is not text is left out."""
    return ESCAPES.sub(b"", MOVES.sub(b" ", written))


# What a program that draws only cells that differ needs: where the cursor goes, and what is cleared.
TOKENS = re.compile(rb"\x1b\[(\d*);?(\d*)H|(\x1b\[2?J)|" + ESCAPES.pattern + rb"|([^\x1b]+)")


def shown(written):
    """The lines on the screen, of a program that moves its cursor by row and column alone, as ours does."""
    rows, row, column = {}, 0, 0
    for match in TOKENS.finditer(written):
        line, at, cleared, text = match.groups()
        if line is not None:
            row, column = int(line or 1) - 1, int(at or 1) - 1
        elif cleared:
            rows = {}
        elif text:
            for letter in text.decode("utf-8", "replace"):
                rows.setdefault(row, {})[column] = letter
                column += 1
    ordered = [rows[number] for number in sorted(rows)]
    return "\n".join("".join(cells.get(at, " ") for at in range(max(cells) + 1)) for cells in ordered).encode()


def fields(status):
    """The numbers in kB of /proc/PID/status."""
    return {name: int(value) for name, value in re.findall(r"^(\w+):\s+(\d+) kB$", status, re.MULTILINE)}


def ticks(stat):
    """User and system time of a process in /proc/PID/stat, in ticks. Its name may have blanks and brackets."""
    words = stat.rpartition(")")[2].split()
    return int(words[11]) + int(words[12])


class Screen:
    """A program that runs until `end`. Times are in ms."""

    def __init__(self, command, env=None, cwd=None):
        self.command = [os.fspath(word) for word in command]
        self.written = b""
        self.total = 0
        self.last = 0.0
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        environment = dict(os.environ, TERM="xterm-256color", LC_ALL="C.UTF-8", COLUMNS=str(COLUMNS), LINES=str(LINES))
        environment.update(env or {})
        self.begun = time.monotonic()
        # A session of its own, whose terminal this is.
        take = lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        self.process = subprocess.Popen(
            self.command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, cwd=cwd, start_new_session=True, preexec_fn=take
        )
        os.close(theirs)
        self.terminal = ours

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def _read(self, seconds):
        """What comes within so many seconds; nothing if nothing does."""
        if not select.select([self.terminal], [], [], max(0.0, seconds))[0]:
            return b""
        try:
            found = os.read(self.terminal, 1 << 16)
        except OSError:
            found = b""
        if not found:
            raise Failed(f"{self.command[0]} ended: {plain(self.written)[-300:].decode('utf-8', 'replace').strip()}")
        self.last = time.monotonic()
        self.total += len(found)
        self.written += found
        for question, answer in QUESTIONS.items():
            if question in found:
                os.write(self.terminal, answer)
        return found

    def until(self, pattern, seconds=300.0, since=None, read=plain):
        """Waits for a pattern in what was written since the last key, or with `read=shown` on the screen; how long that took, from
        the start or from `since`."""
        expression = re.compile(pattern)
        until = time.monotonic() + seconds
        while not expression.search(read(self.written)):
            if not self._read(min(1.0, until - time.monotonic())) and time.monotonic() >= until:
                tail = plain(self.written)[-300:].decode("utf-8", "replace")
                raise Failed(f"{self.command[0]} does not show {pattern!r}: {tail}")
        return (self.last - (self.begun if since is None else since)) * 1e3

    def settle(self, quiet=QUIET, seconds=60.0):
        """Waits until nothing has come for a while."""
        until = time.monotonic() + seconds
        while self._read(quiet):
            if time.monotonic() > until:
                raise Failed(f"{self.command[0]} writes on and on")

    def press(self, key):
        """Presses a key; what was written before is forgotten. The time of it."""
        self.written = b""
        now = time.monotonic()
        os.write(self.terminal, key)
        return now

    def key(self, key, quiet=QUIET):
        """From a key to the last byte of the frame that follows, and how many bytes that is."""
        total, pressed = self.total, self.press(key)
        if not self._read(10.0):
            raise Failed(f"{self.command[0]} does not answer {key!r}")
        self.settle(quiet)
        return (self.last - pressed) * 1e3, self.total - total

    def proc(self, name):
        with open(f"/proc/{self.process.pid}/{name}", encoding="utf-8", errors="replace") as file:
            return file.read()

    def peak_mb(self):
        return fields(self.proc("status"))["VmHWM"] / 1024

    def ticks(self):
        return ticks(self.proc("stat"))

    def cpu_ms(self):
        return self.ticks() * 1000 / os.sysconf("SC_CLK_TCK")

    def rest(self, seconds):
        """Ticks of processor time within so many seconds in which no key is pressed."""
        before, until = self.ticks(), time.monotonic() + seconds
        while time.monotonic() < until:
            self._read(until - time.monotonic())
        return self.ticks() - before

    def end(self):
        """Ends the program, which is asked first."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            until = time.monotonic() + 20
            while self.process.poll() is None and time.monotonic() < until:
                try:
                    self._read(0.05)
                except Failed:
                    self.process.wait(20)
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()
        if self.terminal is not None:
            os.close(self.terminal)
            self.terminal = None
