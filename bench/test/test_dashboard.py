"""bench/index.html in Chromium, opened from disk as by a user: what it shows of a generated history."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import made_up
from observatory import history, places

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--enable-logging=stderr", "--virtual-time-budget=5000"]


def copy(folder, data):
    """A copy of the page with another history."""
    shutil.copy(places.BENCH / "index.html", folder)
    shutil.copytree(places.BENCH / "dashboard", Path(folder) / "dashboard")
    if data is not None:
        history.store(data, Path(folder) / "data.js")
    return f"file://{folder}/index.html"


def chromium(folder, *arguments):
    command = [CHROMIUM, *FLAGS, f"--user-data-dir={folder}/profile", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


@unittest.skipUnless(CHROMIUM, "needs Chromium")
class Dashboard(unittest.TestCase):
    def shown(self, data, place=""):
        with tempfile.TemporaryDirectory() as folder:
            page = chromium(folder, "--dump-dom", copy(folder, data) + place)
            complaints = [line for line in page.stderr.splitlines() if "CONSOLE" in line and "data.js" not in line]
            self.assertEqual(complaints, [])
            return page.stdout

    def test_every_race_has_a_chart_and_the_latest_table(self):
        page = self.shown(made_up.recorded(12))
        self.assertEqual(page.count('role="img"'), 3)
        self.assertEqual(len(re.findall(r"<h2>", page)), 3)
        self.assertEqual(page.count("<tbody>"), 3)
        # Nine walkers, each with a line, a label and a row.
        core = page[page.index("<h2>core race") : page.index("<h2>1,000,000")]
        self.assertEqual(core.count('data-who="find"'), 3)
        self.assertEqual(core.count("<circle"), 9 * 12)
        self.assertEqual(core.count('class="spread"'), 1)
        self.assertEqual(core.count('class="target"'), 1)

    def test_targets_losses_and_warnings_are_shown(self):
        page = self.shown(made_up.recorded(1))
        self.assertIn("✗ target 1.25 × floor", page)
        self.assertIn("✓ target 64 MB", page)
        self.assertEqual(page.count('class="faster"'), 2)
        self.assertIn("not warm, the disk was read: aether 4,096 bytes", page)
        self.assertIn("over time, at most 0.80 MB", page)

    def test_names_are_text_and_never_markup(self):
        page = self.shown(made_up.recorded(1))
        self.assertIn("&lt;b&gt;a &amp; b&lt;/b&gt;", page)
        self.assertNotIn("<b>a", page)

    def test_a_link_can_show_a_single_case(self):
        page = self.shown(made_up.recorded(2), "#core%20race")
        self.assertEqual(re.findall(r"<h2>(.*?)</h2>", page), ["core race"])

    def test_the_page_works_without_a_history(self):
        self.assertIn("Nothing is recorded yet", self.shown(None))

    def test_no_coordinate_is_missing(self):
        self.assertNotIn("NaN", self.shown(made_up.recorded(1)))


if __name__ == "__main__":
    unittest.main()
