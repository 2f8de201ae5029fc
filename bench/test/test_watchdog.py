"""The parts of the watchdog that need no build: which base, what it counts, when it measures again, and the order of pairs."""

import contextlib
import io
import os
import subprocess
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from observatory import guards, places, revisions, watchdog
from observatory.say import Failed


class Judge(unittest.TestCase):
    def judge(self, first, second):
        asked = []

        def measure(count):
            asked.append(count)
            return (first if len(asked) == 1 else second)[:count]

        return watchdog.judge(measure), asked

    def test_seven_pairs_are_enough_where_nothing_looks_slow(self):
        (found, slower), asked = self.judge([1.0, 1.2, 0.9, 1.04, 1.05, 1.3, 0.8], None)
        self.assertEqual((len(found), slower, asked), (7, False, [7]))

    def test_a_suspect_is_measured_again_without_its_first_pairs(self):
        (found, slower), asked = self.judge([1.5] * 7, [1.0] * 31)
        self.assertEqual((len(found), slower, asked), (31, False, [7, 31]))

    def test_a_case_that_is_slow_again_is_slower(self):
        (_, slower), _ = self.judge([1.15] * 7, [1.15] * 31)
        self.assertTrue(slower)


class Pairs(unittest.TestCase):
    def test_they_alternate_their_order(self):
        ran = []
        watchdog.pairs(lambda revision: ran.append(revision) or 1.0, "this", "base", 4)
        self.assertEqual(ran, ["base", "this", "this", "base"] * 2)

    def test_a_ratio_is_this_tree_by_the_base(self):
        took = {"this": 3.0, "base": 2.0}
        self.assertEqual(watchdog.pairs(lambda revision: took[revision], "this", "base", 2), [1.5, 1.5])


class Guards(unittest.TestCase):
    def counted(self, figures):
        revision = lambda name: mock.Mock(label=name, program=lambda _: name)
        figure = mock.patch.object(guards, "per_entry", lambda guard, program, mode: figures[program])
        with figure, contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            return guards.check(revision("this"), revision("base"))

    def test_a_tenth_more_passes_and_anything_over_it_fails(self):
        self.assertEqual(self.counted({"this": 1.10, "base": 1.0}), [])
        self.assertEqual(len(self.counted({"this": 1.11, "base": 1.0})), len(guards.GUARDS) * len(guards.MODES))

    @unittest.skipUnless(os.path.exists("/usr/bin/strace"), "needs strace")
    def test_system_calls_of_entries_are_counted_exactly(self):
        with tempfile.TemporaryDirectory() as folder:
            for number in range(40):
                (Path(folder) / f"file-{number}").touch()
            calls = lambda *names: guards.system_calls(["stat", "-c", "%%", *(f"{folder}/{name}" for name in names)])
            one, forty = calls("file-0"), calls(*(f"file-{number}" for number in range(40)))
            self.assertEqual(forty - one, 39)

    @unittest.skipUnless(os.path.exists("/usr/bin/valgrind"), "needs valgrind")
    def test_allocations_are_counted(self):
        self.assertGreater(guards.allocations(["sh", "-c", "exit"]), 0)

    def test_instructions_are_counted_exactly_from_the_first_listing_on(self):
        with tempfile.TemporaryDirectory() as folder:
            counted = []
            for number in range(3):
                (Path(folder) / f"file-{number}").touch()
                counted.append([guards.instructions(["find", folder]) for _ in range(2)])
            (one, again), (two, _), (three, _) = counted
            self.assertEqual(one, again)
            self.assertTrue(0 < two - one < 10_000 and 0 < three - two < 10_000, counted)
        with self.assertRaises(Failed):
            guards.instructions(["true"])


class Base(unittest.TestCase):
    """Runs in a repository of its own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        patch = mock.patch.object(places, "ROOT", self.root)
        patch.start()
        self.addCleanup(patch.stop)
        environment = mock.patch.dict(os.environ, {"AETHER_BENCH_BASE": "", "GIT_CONFIG_GLOBAL": "/dev/null"})
        environment.start()
        self.addCleanup(environment.stop)
        self.git("init", "-q")
        (self.root / "bench").mkdir()
        (self.root / "native").mkdir()

    def git(self, *arguments):
        identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
        return subprocess.run(["git", *identity, *arguments], cwd=self.root, check=True, capture_output=True, text=True).stdout.strip()

    def commit(self, name, text):
        (self.root / name).write_text(text)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", text)
        return self.git("rev-parse", "HEAD")

    def test_the_last_record_is_the_base_however_old(self):
        self.commit("native/a", "old")
        recorded = self.commit("bench/data.js", "figures")
        self.commit("native/a", "slower")
        self.commit("native/a", "slower still")
        self.assertEqual(revisions.base_of("")[0], recorded)

    def test_a_record_is_compared_with_the_previous_one(self):
        first = self.commit("bench/data.js", "figures")
        self.commit("native/a", "slower")
        self.commit("bench/data.js", "other figures")
        self.assertEqual(revisions.base_of("")[0], first)

    def test_without_a_record_it_is_the_previous_commit_or_none(self):
        first = self.commit("native/a", "one")
        self.assertIsNone(revisions.base_of("")[0])
        self.commit("native/a", "two")
        self.assertEqual(revisions.base_of("")[0], first)

    def test_a_given_base_takes_precedence(self):
        first = self.commit("native/a", "one")
        self.commit("bench/data.js", "figures")
        self.commit("native/a", "two")
        self.assertEqual(revisions.base_of("HEAD~2")[0], first)

    def test_uncommitted_sources_count_as_changes_and_other_files_do_not(self):
        base = self.commit("native/a", "one")
        self.assertFalse(revisions.changed(base))
        (self.root / "README.md").write_text("words")
        self.assertFalse(revisions.changed(base))
        (self.root / "native/new").write_text("code")
        self.assertTrue(revisions.changed(base))
        (self.root / "native/new").unlink()
        (self.root / "native/a").write_text("two")
        self.assertTrue(revisions.changed(base))


if __name__ == "__main__":
    unittest.main()
