"""Statistics of samples: medians, spreads, ratios pair by pair, and how far a ratio can be trusted.

Nothing here measures. bench/README.md explains the choice.
"""

from math import comb
from statistics import median

__all__ = ["bound", "compare", "interval", "mad", "median", "noisy", "percentile", "ratios", "slower"]

# A contestant's times are noisy if their median absolute deviation is over a tenth of the median.
NOISY = 0.10


def mad(values):
    """The median absolute deviation: half of the values are within this distance of the median."""
    middle = median(values)
    return median(abs(value - middle) for value in values)


def noisy(values):
    middle = median(values)
    return middle != 0 and mad(values) / abs(middle) > NOISY


def percentile(values, percent):
    """By linear interpolation, like most programs."""
    ordered = sorted(values)
    at = percent / 100 * (len(ordered) - 1)
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)


def ratios(others, ours):
    """Each round's other time divided by ours in the same round, so that what affects both cancels out. Skips zeros."""
    return [other / own for other, own in zip(others, ours) if own > 0 and other > 0]


def bound(values, level):
    """The bootstrap's lower bound of the median at a confidence level, computed without resampling.

    A sample of n values drawn with replacement has its median at or below the k-th smallest value if at least half of its
    draws are among the k smallest: a binomial probability (Efron 1979). The bound is the smallest value for which that
    probability reaches 1 - level. It is exact, so that the same values always give the same verdict.
    """
    ordered = sorted(values)
    count = len(ordered)
    if not count:
        raise ValueError("no values")
    need = (count + 1) // 2
    for k in range(1, count + 1):
        share = k / count
        reached = sum(comb(count, j) * share**j * (1 - share) ** (count - j) for j in range(need, count + 1))
        if reached >= 1 - level:
            return ordered[k - 1]
    return ordered[-1]


def interval(values, level=0.95):
    """A confidence interval of the median, symmetric in confidence."""
    one_sided = 1 - (1 - level) / 2
    return bound(values, one_sided), -bound([-value for value in values], one_sided)


def compare(others, ours):
    """The median ratio pair by pair, its interval, and whether that decides which is faster."""
    pairs = ratios(others, ours)
    if len(pairs) < 3:
        return None
    low, high = interval(pairs)
    return {"ratio": median(pairs), "low": low, "high": high, "is_decided": not low <= 1 <= high}


def slower(pairs, ratio=1.10, lower=1.03, level=0.999):
    """The watchdog's verdict on ratios of this tree to the base: certainly slower, and by enough to matter."""
    return median(pairs) > ratio and bound(pairs, level) > lower
