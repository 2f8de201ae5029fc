"""bench/data.js and the README's table: what is written can be read again, and agrees with the races."""

import json
import random
import tempfile
import unittest
from pathlib import Path

import made_up
from observatory import history, readme, stats
from observatory.say import Failed


class History(unittest.TestCase):
    def test_a_stored_history_is_a_script_and_loads_again(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "data.js"
            data = made_up.recorded(2)
            history.store(data, path)
            self.assertTrue(path.read_text().startswith("window.BENCHMARK_DATA = {"))
            self.assertEqual(history.load(path), json.loads(json.dumps(data)))
            self.assertEqual(list(Path(folder).iterdir()), [path])

    def test_a_file_of_another_kind_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "data.js"
            path.write_text("alert(1)")
            self.assertRaises(Failed, history.load, path)

    def test_a_bench_has_the_fields_that_github_action_benchmark_reads(self):
        data = made_up.recorded(1)
        for entries in data["entries"].values():
            for entry in entries:
                self.assertEqual(set(entry), {"commit", "date", "tool", "benches"})
                self.assertEqual(entry["tool"], "customSmallerIsBetter")
                for bench in entry["benches"]:
                    self.assertEqual(set(bench), {"name", "value", "unit", "range", "extra"})
                    self.assertIsInstance(bench["value"], float)

    def test_a_bench_has_its_median_spread_and_ratio(self):
        core = made_up.races(random.Random(1))[0]
        found = {bench["name"]: bench for bench in history.benches(core, "a machine")}
        find = found["real, metadata, 1 thread / find"]
        self.assertAlmostEqual(find["value"], stats.median(core.values("find")), places=1)
        self.assertIn(f"ratio to ours: {core.compared('find')['ratio']:.3f}", find["extra"])
        self.assertIn("(1.25 × floor, met)", found["real, metadata, 1 thread / aether"]["extra"])

    def test_old_runs_are_dropped(self):
        data = made_up.recorded(history.KEPT + 3)
        kept = data["entries"]["core race"]
        self.assertEqual(len(kept), history.KEPT)
        self.assertEqual(kept[-1]["commit"]["message"], f"Change {history.KEPT + 2}")


class Readme(unittest.TestCase):
    def test_the_table_has_every_peer_with_wins_and_losses(self):
        text = readme.section(made_up.recorded(1))
        walkers = next(line for line in text.splitlines() if line.startswith("| real, metadata"))
        for peer in ("floor", "zlob", "find", "bfs", "fd", "dust", "gdu", "os.scandir"):
            self.assertIn(f" {peer} ", text)
        self.assertIn("a machine, warm cache", text)
        # The first record is 30 % slower than the floor and zlob: both are losses, in bold.
        self.assertEqual(walkers.count("**"), 4)
        # Ours with other options takes a quarter of the memory: not a loss.
        self.assertRegex(text, r"active: true 0\.2\d")
        self.assertIn("1 ms: missed", text)

    def test_an_empty_history_is_an_error(self):
        self.assertRaises(Failed, readme.section, {"entries": {}})


if __name__ == "__main__":
    unittest.main()
