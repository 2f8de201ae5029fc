"""The temporary file systems of cases, and the warnings of a race with deliberately cold caches."""

import os
import subprocess
import tempfile
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest import mock

from observatory import builds, mounts, places
from observatory.race import Contestant, Race, warm_run
from observatory.sample import Sample

NO_FUSE = mounts.why_no_fuse()


class Cold(unittest.TestCase):
    def warnings(self, cold, *read):
        return Race("a", "b", "ms", {"aether": [Sample(1, 1, 1, amount) for amount in read]}, cold=cold).warnings()

    def test_a_cold_race_warns_of_a_run_that_read_nothing(self):
        self.assertEqual(self.warnings(True, 4096, 8192), [])
        self.assertIn("not cold", self.warnings(True, 4096, 0)[0])
        self.assertIn("not warm", self.warnings(False, 4096, 0)[0])
        self.assertEqual(self.warnings(False, 0, 0), [])

    def test_a_part_of_a_cold_race_is_cold(self):
        race = Race("a", "b", "ms", {"aether": [Sample(1, 1, 1, 4096)]}, cold=True)
        self.assertEqual(race.part("c", "ms", lambda sample: 1).warnings(), [])

    def test_only_a_run_meant_to_be_warm_is_repeated(self):
        for cold, runs in ((True, 1), (False, 2)):
            done = []
            warm_run(Contestant("a", lambda: done.append(1) or Sample(1, 1, 1, 4096), cold=cold))
            self.assertEqual(len(done), runs)


@unittest.skipIf(NO_FUSE, NO_FUSE)
class Slow(unittest.TestCase):
    def setUp(self):
        # Not where a run of bin/bench may have one mounted.
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        patched = mock.patch.object(places, "CACHE", Path(folder.name))
        patched.start()
        self.addCleanup(patched.stop)

    def test_many_lookups_take_as_long_as_one(self):
        with mounts.slow(50, "--files", 40) as path:
            names = [os.path.join(path, name) for name in os.listdir(path)]
            self.assertEqual(len(names), 40)
            begun = time.monotonic()
            with ThreadPoolExecutor(40) as pool:
                sizes = list(pool.map(lambda name: os.lstat(name).st_size, names))
            took = time.monotonic() - begun
            self.assertEqual(len(sizes), 40)
            self.assertGreaterEqual(took, 0.05)
            # One after another they would take two seconds.
            self.assertLess(took, 1)
        self.assertFalse(os.path.ismount(path))

    def test_a_tree_has_as_many_entries_as_asked_for(self):
        for entries in (1, 29, 30, 31, 1000):
            with mounts.slow(0, "--tree", entries) as path:
                found = subprocess.run(["find", path, "-mindepth", "1", "-printf", "x"], capture_output=True)
                self.assertEqual(len(found.stdout), entries)

    def test_the_mount_of_a_killed_server_is_removed(self):
        path = mounts.mount_point("slow")
        server = subprocess.Popen([builds.slowfs(), path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        server.stdout.readline()
        self.assertTrue(os.path.ismount(path))
        server.kill()
        server.communicate()
        self.assertEqual(mounts.mount_point("slow"), path)
        self.assertFalse(os.path.ismount(path))
        self.assertEqual(os.listdir(path), [])
