"""A program in a pty: what is read of what it writes, and of /proc."""

import re
import sys
import unittest

from observatory import screen
from observatory.cases import terminal
from observatory.say import Failed
from observatory.screen import Screen

# A program that draws at once, and answers each key but for its last by a frame in two pieces.
PROGRAM = r"""
import os, sys, termios, tty
tty.setraw(0)
def write(text): os.write(1, text.encode())
write("\x1b[?1049h\x1b[1;1H\x1b[1mNAME\x1b[0m\x1b[2;1H  2 h  d0/\x1b[6n")
answer = os.read(0, 16)
write(f"\x1b[3;1H{len(answer)} bytes")
while True:
    key = os.read(0, 1)
    if key == b"q": sys.exit(3)
    if key == b"j": write("\x1b[?2026h\x1b[4;1H"); write("moved\x1b[?2026l")
"""


class Parsing(unittest.TestCase):
    def test_what_is_to_be_read_has_no_sequences(self):
        written = b"\x1b[?1049h\x1b[1;1H\x1b[1;38;5;4mSIZE\x1b[0m\x1b[2;5Hd0/\x1b]0;title\x07\x1b(B\x1b7end"
        self.assertEqual(screen.plain(written), b" SIZE d0/end")

    def test_a_screen_of_which_only_differing_cells_are_drawn_is_put_together(self):
        written = b"\x1b[2J\x1b[2;2Hsome files\x1b[1;1Hhead\x1b[2;2H\x1b[1mscan\x1b[0m\x1b[2;8Hound"
        self.assertEqual(screen.shown(written), b"head\n scan found")
        self.assertNotIn(b"scan found", screen.plain(written))

    def test_rows_are_told_from_the_folder_that_a_panel_names(self):
        ours, theirs = re.compile(terminal.OURS), re.compile(terminal.THEIRS)
        self.assertTrue(ours.search("        3.9 GiB  ███▏  71 %   61,960    2 h  d3/".encode()))
        self.assertFalse(ours.search("│ d3/4/leaf-017    │ 54 %  1,204 found  0:08".encode()))
        self.assertTrue(theirs.search(b"    3.2 MiB [######  ] /d3"))
        self.assertFalse(theirs.search(b" Current item: /trees/wide/d3/4/leaf-001"))
        self.assertEqual(re.search(terminal.SCANNED, b" scanned: 1,010,110 entries in 4.10 s").group(1), b"1,010,110")

    def test_memory_and_ticks_are_those_of_proc(self):
        status = "Name:\taether\nVmPeak:\t  200 kB\nVmHWM:\t   5632 kB\nThreads:\t4\n"
        self.assertEqual(screen.fields(status), {"VmPeak": 200, "VmHWM": 5632})
        stat = "17 (a ) b) S 1 17 17 34816 17 4194304 500 0 0 0 12 30 0 0 20 0 4 0 100 1 1\n"
        self.assertEqual(screen.ticks(stat), 42)


class Running(unittest.TestCase):
    def start(self):
        shown = Screen([sys.executable, "-c", PROGRAM])
        self.addCleanup(shown.end)
        return shown

    def test_it_waits_for_a_pattern_answers_questions_and_counts_a_key(self):
        shown = self.start()
        self.assertGreater(shown.until(rb"2 h +d0/"), 0)
        shown.until(rb"6 bytes")
        time, size = shown.key(b"j")
        self.assertEqual((size, screen.plain(shown.written)), (len("\x1b[?2026h\x1b[4;1Hmoved\x1b[?2026l"), b" moved"))
        self.assertGreater(time, 0)
        self.assertGreater(shown.peak_mb(), 1)

    def test_it_says_what_a_program_that_ended_or_stays_silent_has_shown(self):
        shown = self.start()
        shown.until(rb"6 bytes")
        with self.assertRaisesRegex(Failed, "does not show"):
            shown.until(rb"never", seconds=0.1)
        shown.press(b"q")
        with self.assertRaisesRegex(Failed, "ended"):
            shown.until(rb"never")
        self.assertEqual(shown.process.wait(), 3)


if __name__ == "__main__":
    unittest.main()
