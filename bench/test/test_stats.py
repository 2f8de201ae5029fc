"""The statistics, compared with figures computed by hand and with resampling, and the watchdog's rule on realistic noise."""

import random
import unittest
from statistics import median

from observatory import race, stats
from observatory.sample import Sample


class Stats(unittest.TestCase):
    def test_the_median_absolute_deviation_ignores_one_wild_value(self):
        self.assertEqual(stats.mad([1, 1, 2, 2, 4, 6, 9]), 1)
        self.assertEqual(stats.mad([10, 11, 12, 13, 1000]), 1)

    def test_percentiles_interpolate(self):
        self.assertEqual(stats.percentile([4, 1, 3, 2], 50), 2.5)
        self.assertEqual(stats.percentile([1, 2, 3], 100), 3)
        self.assertEqual(stats.percentile([7], 99), 7)

    def test_ratios_are_taken_round_by_round(self):
        # In the second round the machine was half as fast: the ratio is the same.
        self.assertEqual(stats.ratios([2, 4, 2], [1, 2, 1]), [2, 2, 2])

    def test_zeros_have_no_ratio(self):
        self.assertEqual(stats.ratios([0, 2, 3], [1, 0, 1]), [3])
        self.assertIsNone(stats.compare([0] * 7, [1] * 7))

    def test_a_difference_counts_only_if_the_interval_excludes_one(self):
        self.assertTrue(stats.compare([2.0, 2.1, 1.9, 2.0, 2.2, 2.0, 1.8], [1] * 7)["is_decided"])
        self.assertFalse(stats.compare([0.8, 1.2, 0.9, 1.1, 1.0, 1.3, 0.7], [1] * 7)["is_decided"])

    def test_the_bound_agrees_with_resampling(self):
        lots = random.Random(5)
        values = [lots.gauss(1.1, 0.1) for _ in range(31)]
        drawn = sorted(median(lots.choices(values, k=31)) for _ in range(40_000))
        for level in (0.9, 0.99):
            at = drawn[int(len(drawn) * (1 - level))]
            ordered = sorted(values)
            off = ordered.index(stats.bound(values, level)) - ordered.index(at)
            self.assertLessEqual(abs(off), 1)

    def test_the_interval_is_symmetric(self):
        values = [1, 2, 3, 4, 5, 6, 7]
        low, high = stats.interval(values)
        self.assertEqual((low, high), (2, 6))

    def test_the_bound_of_few_values_is_their_minimum(self):
        self.assertEqual(stats.bound([3, 1, 2], 0.999), 1)
        self.assertRaises(ValueError, stats.bound, [], 0.9)


class Rounds(unittest.TestCase):
    def test_a_run_that_read_from_the_disk_is_repeated_once(self):
        reads = iter([0, 4096, 0, 4096, 8192])
        cold = race.Contestant("cold", lambda: Sample(1, 1, 1, next(reads), {}, 1))
        samples, _ = race.rounds(3, [cold], warm=False)
        self.assertEqual([sample.read_bytes for sample in samples["cold"]], [0, 0, 8192])


class Watchdog(unittest.TestCase):
    """Pairs as on a shared machine: eight percent of noise, and one run in twenty takes nearly twice as long."""

    def pairs(self, lots, count, ratio):
        return [ratio * lots.gauss(1, 0.08) * (1.8 if lots.random() < 0.05 else 1) / (1.8 if lots.random() < 0.05 else 1) for _ in range(count)]

    def test_it_passes_where_nothing_has_changed(self):
        lots = random.Random(1)
        tripped = sum(stats.slower(self.pairs(lots, 31, 1.0)) for _ in range(5000))
        self.assertEqual(tripped, 0)

    def test_fifteen_percent_are_detected(self):
        lots = random.Random(2)
        tripped = sum(stats.slower(self.pairs(lots, 31, 1.15)) for _ in range(500))
        self.assertGreater(tripped, 450)

    def test_a_change_too_small_to_matter_passes_however_certain(self):
        self.assertFalse(stats.slower([1.05] * 31))

    def test_a_large_ratio_that_is_not_certain_passes(self):
        self.assertFalse(stats.slower([0.9] * 15 + [1.5] * 16))
        self.assertTrue(stats.slower([1.12] * 31))


if __name__ == "__main__":
    unittest.main()
