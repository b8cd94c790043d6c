"""Tune, then compare: how often does the interval hold the truth, and how steady is the choice?

``python tests/experiments/tuning_simulation.py`` prints the tables of this file and of ``tuned``,
in about two minutes; ``test_tuning.py`` repeats them in small.

Two arms have a curve of mean scores each, over seven rates, in units of the standard deviation of
a run about its seed. What a seed does to all rates of all arms has the standard deviation 1 (it
cancels in pairs), to all rates of one arm 0.5. In some scenarios a run fails, with a probability
that grows toward the edge, and loses 8. The truth is the difference of the largest population
means, failures included. Another arithmetic keeps what the seed does, and draws the rest anew:
that is what rounding does after enough chaotic steps.

Coverage of the nominal 95% interval (Student's t, 20 paired seeds other than those of the tuning):

====================  ====  ====  ====  ====  ======  =======  =====  =========  ====  ====
scenario              largest mean            middle  all      folds  bootstrap  near best
tuning seeds          2     5     10    20    20      20       20     20         10    20
====================  ====  ====  ====  ====  ======  =======  =====  =========  ====  ====
peaks                 0.82  0.84  0.88  0.92  0.94    0.95     0.87   0.95       0.94  0.94
wide peaks            0.85  0.89  0.92  0.94  0.95    0.96     0.87   0.96       0.94  0.95
wide, between rates   0.86  0.89  0.92  0.93  0.94    0.95     0.87   0.96       0.95  0.95
flat tops             0.88  0.91  0.93  0.95  0.95    0.95     0.88   0.97       0.95  0.95
ties of neighbours    0.82  0.92  0.95  0.94  0.94    0.95     0.90   0.95       0.95  0.95
near ties             0.82  0.89  0.92  0.93  0.94    0.95     0.89   0.94       0.93  0.94
narrow, wide          0.76  0.85  0.92  0.94  0.95    0.95     0.91   0.89       0.94  0.95
cliffs                0.84  0.87  0.89  0.92  0.92    0.95     0.87   0.96       0.91  0.94
cliffs after a rise   0.75  0.84  0.90  0.93  0.90    0.95     0.89   0.94       0.93  0.95
cliff, flat top       0.84  0.87  0.90  0.93  0.91    0.82     0.87   0.92       0.93  0.95
low cliff, flat top   0.79  0.86  0.91  0.93  0.91    0.43     0.88   0.87       0.90  0.94
skewed, flat top      0.82  0.89  0.92  0.94  0.92    0.86     0.88   0.89       0.90  0.93
noise 1 to 3          0.84  0.88  0.91  0.94  0.95    0.95     0.86   0.90       0.94  0.95
failures              0.79  0.86  0.91  0.93  0.95    0.95     0.88   0.95       0.89  0.94
failures, peak        0.79  0.85  0.89  0.92  0.94    0.91     0.86   0.85       0.91  0.94
====================  ====  ====  ====  ====  ======  =======  =====  =========  ====  ====

"Middle" is the middle of what two standard errors do not tell from the largest mean, "all" a
parabola through all rates, "near best" what ``tuned`` does. 4000 repetitions: each number is right
to about 0.004.

The scenarios are known to whoever chose the method, so here are 120 that were drawn afterwards:
lopsided curves, three in ten with a cliff, three in ten with failures, noise 0.5 to 2.

=======================  =====  ========  =====  ===========  =====
choice                   seeds  reported  mean   1 in 20 has  least
=======================  =====  ========  =====  ===========  =====
best rates known                20        0.947  0.933        0.811
largest mean             10     20        0.914  0.875        0.805
largest mean             20     20        0.929  0.911        0.802
largest mean             40     20        0.938  0.925        0.851
parabola near the best   10     20        0.924  0.875        0.837
parabola near the best   20     20        0.934  0.909        0.810
parabola near the best   40     20        0.941  0.923        0.851
best rates known                40        0.949  0.935        0.915
largest mean             20     40        0.913  0.869        0.805
largest mean             40     40        0.929  0.910        0.878
parabola near the best   20     40        0.924  0.882        0.818
parabola near the best   40     40        0.932  0.908        0.858
=======================  =====  ========  =====  ===========  =====

The lowest are those of failures that are too rare to be seen in 20 seeds, or even counted in 20
reported ones. Whoever reports more seeds must tune on more.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from bncourse.experiments.choosing import choice

REPORTED, LOSS, RATES = 20, 8.0, 7
STEP = np.arange(RATES) - 3.0


def peak(curvature, at=0.0):
    return -curvature * (STEP - at) ** 2


@dataclass(frozen=True)
class Scenario:
    """Curves of two arms (arm, rate), how often runs fail, how much they scatter."""

    curves: tuple
    fails: tuple = (np.zeros(RATES), np.zeros(RATES))
    noise: tuple = (1.0, 1.0)

    @property
    def means(self):
        return np.stack(self.curves) - LOSS * np.stack(self.fails)

    @property
    def truth(self):
        first, second = self.means.max(-1)
        return first - second

    def draw(self, rng, repetitions, seeds, times=1):
        """Return scores (repetition, arm, rate, seed), in each of several arithmetics."""
        noise = np.array(self.noise)[:, None, None]
        share = rng.standard_normal((repetitions, 1, 1, seeds))
        share = share + 0.5 * noise * rng.standard_normal((repetitions, 2, 1, seeds))
        for _ in range(times):
            own = noise * rng.standard_normal((repetitions, 2, RATES, seeds))
            failed = rng.random(own.shape) < np.stack(self.fails)[..., None]
            yield np.stack(self.curves)[..., None] + share + own - LOSS * failed


FLAT = np.array([-2, -0.5, 0, 0, 0, -0.5, -2])
CLIFF = np.array([-0.8, -0.6, -0.4, -0.2, 0, -6, -6])
STEEP = np.array([-1.6, -1.2, -0.8, -0.4, 0, -6, -6])
LOW = np.array([-1.6, -1.2, -0.8, -0.4, 0, -3, -6])
SKEWED = np.array([-4, -2.5, -1.5, -0.8, -0.3, 0, -2.5])
RISING = np.array([-2, -1.2, -0.6, -0.3, 0, 0.2, 0.3])
EDGE = np.array([0, 0, 0, 0.01, 0.05, 0.3, 1])
SAFE = np.zeros(RATES)

SCENARIOS = {
    "peaks": Scenario((peak(0.5), peak(0.5, 1))),
    "wide peaks": Scenario((peak(0.15), peak(0.15, 1))),
    "wide, between rates": Scenario((peak(0.15, 0.3), peak(0.15, -0.7))),
    "flat tops": Scenario((FLAT, FLAT)),
    "ties of neighbours": Scenario((peak(0.5, 0.5), peak(0.5, -0.5))),
    "near ties": Scenario((peak(0.5, 0.3), peak(0.5, -0.3))),
    "narrow, wide": Scenario((peak(1), peak(0.15, 1))),
    "cliffs": Scenario((CLIFF, CLIFF)),
    "cliffs after a rise": Scenario((STEEP, STEEP)),
    "cliff, flat top": Scenario((CLIFF, FLAT)),
    "low cliff, flat top": Scenario((LOW, FLAT)),
    "skewed, flat top": Scenario((SKEWED, FLAT)),
    "noise 1 to 3": Scenario((peak(0.5), peak(0.5, 1)), noise=(1, 3)),
    "failures": Scenario((RISING, RISING), (EDGE, EDGE)),
    "failures, peak": Scenario((RISING, peak(0.5)), (EDGE, SAFE)),
}


def drawn(number=120):
    """Return scenarios drawn at random, which no method was chosen by."""
    rng = np.random.default_rng(7)
    scenarios = {}
    for name in range(number):
        (first, fails), (second, others) = _drawn_arm(rng), _drawn_arm(rng)
        noise = tuple(rng.choice([0.5, 1, 2], 2))
        scenarios[name] = Scenario((first, second), (fails, others), noise)
    return scenarios


def _drawn_arm(rng):
    away = STEP - rng.uniform(-1.8, 1.8)
    left, right = 10 ** rng.uniform(-1.3, 0.5, 2)
    power, other = rng.uniform(1, 2.5, 2)
    curve = -np.where(away < 0, left * abs(away) ** power, right * abs(away) ** other)
    fails = SAFE
    if rng.random() < 0.3:
        curve = np.where(away > rng.uniform(0.5, 2.5), curve - rng.uniform(2, 20), curve)
    if rng.random() < 0.3:
        fails = np.clip(0.02 * 4 ** (STEP - rng.integers(0, 3)), 0, 1) * (STEP > 0)
    return curve, fails


def fit(scores):
    """Choose as ``tuned`` does."""
    return choice(scores)[0]


def largest(scores):
    """Choose the largest mean."""
    return scores.mean(-1).argmax(-1)


def middle(scores, errors):
    """Choose the middle of what cannot be told from the largest mean; of two, the better."""
    places, mean = np.arange(scores.shape[-2]), scores.mean(-1)
    best = mean.argmax(-1)[..., None]
    behind = np.take_along_axis(scores, best[..., None], -2) - scores
    error = behind.std(-1, ddof=1) / np.sqrt(scores.shape[-1])
    out = behind.mean(-1) > errors * error
    below = np.where(out & (places < best), places, -1).max(-1)
    above = np.where(out & (places > best), places, RATES).min(-1)
    first, second = (below + above) // 2, (below + above + 1) // 2
    return np.where(_take(mean, second) > _take(mean, first), second, first)


def plain_parabola(scores):
    """Choose the top of the parabola through all rates, each with its own variance."""
    mean, weight = scores.mean(-1), 1 / scores.var(-1)
    powers = np.stack([STEP**0, STEP, STEP**2], -1)
    moments = np.einsum("...r,ri,rj->...ij", weight, powers, powers)
    right = np.einsum("...r,ri->...i", weight * mean, powers)
    return (powers @ np.linalg.solve(moments, right[..., None]))[..., 0].argmax(-1)


def bootstrap_median(scores):
    """Choose the median of what 199 resamples choose."""
    chosen = np.sort((scores @ _resamples(scores.shape[-1])).argmax(-2), -1)
    return chosen[..., chosen.shape[-1] // 2]


CHOOSERS = {
    "largest mean": largest,
    "middle within 1 SE": lambda scores: middle(scores, 1),
    "middle within 2 SE": lambda scores: middle(scores, 2),
    "median of a bootstrap": bootstrap_median,
    "parabola, all rates": plain_parabola,
    "parabola near the best": fit,
}
SEEDS = {"largest mean": (2, 5, 10, 20, 40), "parabola near the best": (5, 10, 15, 20, 30)}


def _take(values, numbers):
    return np.take_along_axis(values, numbers[..., None], -1)[..., 0]


def _resamples(seeds, number=199):
    """Return the weights of the seeds in each resample, (seed, resample)."""
    rng = np.random.default_rng(0)
    return rng.multinomial(seeds, np.full(seeds, 1 / seeds), size=number).T / seeds


def _at(scores, chosen):
    """Return the scores at the chosen rates, (repetition, arm, seed)."""
    return np.take_along_axis(scores, chosen[..., None, None], -2)[..., 0, :]


def covered(scores, truth):
    """Return how often Student's interval of paired scores (repetition, arm, seed) holds truth."""
    difference = scores[:, 0] - scores[:, 1]
    half = stats.t.ppf(0.975, difference.shape[-1] - 1) * stats.sem(difference, axis=-1)
    return (np.abs(difference.mean(-1) - truth) <= half).mean()


def separate(scenario, choose, seeds, rng, repetitions, reported=REPORTED):
    """Tune on seeds of their own: coverage, regret, how often the choice flips, and matters."""
    scores, again = scenario.draw(rng, repetitions, seeds, times=2)
    chosen, other = choose(scores), choose(again)
    (fresh,) = scenario.draw(rng, repetitions, reported)
    mean = np.broadcast_to(scenario.means, (repetitions, 2, RATES))
    got, instead = _take(mean, chosen), _take(mean, other)
    return (
        covered(_at(fresh, chosen), scenario.truth),
        (scenario.means.max(-1) - got).mean(),
        (chosen != other).mean(),
        (np.abs(got - instead) >= 0.25).mean(),
    )


def folds(scenario, rng, repetitions, number=5):
    """Return the coverage where each fold of the reported seeds is tuned on the others."""
    (scores,) = scenario.draw(rng, repetitions, REPORTED)
    reported = np.empty((repetitions, 2, REPORTED))
    for fold in range(number):
        held_out = np.arange(REPORTED) % number == fold
        reported[..., held_out] = _at(scores[..., held_out], largest(scores[..., ~held_out]))
    return covered(reported, scenario.truth)


def bootstrap(scenario, rng, repetitions):
    """Return the coverage of percentiles of resamples of the reported seeds, each tuned anew."""
    (scores,) = scenario.draw(rng, repetitions, REPORTED)
    best = (scores @ _resamples(REPORTED)).max(-2)
    low, high = np.quantile(best[:, 0] - best[:, 1], [0.025, 0.975], axis=-1)
    return ((low <= scenario.truth) & (scenario.truth <= high)).mean()


def _stream(number):
    return np.random.default_rng(number)


def known(scenario, rng, repetitions, reported=REPORTED):
    """Return the coverage where the best rates are known: what is lost has another reason."""
    best = np.broadcast_to(scenario.means.argmax(-1), (repetitions, 2))
    (scores,) = scenario.draw(rng, repetitions, reported)
    return covered(_at(scores, best), scenario.truth)


def at_random(repetitions=1000):
    """Print the coverage in scenarios drawn at random: mean, one in twenty is below, least."""
    scenarios = drawn()
    for reported, seeds in ((20, (10, 20, 40)), (40, (20, 40))):
        rows = {
            ("best rates known", ""): [
                known(scenario, _stream(number), repetitions, reported)
                for number, scenario in enumerate(scenarios.values())
            ]
        } | {
            (name, number): simulate(name, number, repetitions, scenarios, reported)[:, 0]
            for name in ("largest mean", "parabola near the best")
            for number in seeds
        }
        for (name, number), found in rows.items():
            low, mean, least = np.quantile(found, 0.05), np.mean(found), min(found)
            print(f"{name:24}{number:>6}{reported:10}  {mean:.3f}  {low:.3f}  {least:.3f}")


def simulate(name, seeds, repetitions, scenarios=SCENARIOS, reported=REPORTED):
    """Return coverage, regret, flips and flips that matter, (scenario, 4), of one chooser."""
    return np.array(
        [
            separate(scenario, CHOOSERS[name], seeds, _stream(number), repetitions, reported)
            for number, scenario in enumerate(scenarios.values())
        ]
    )


def main(repetitions=4000):
    """Print the tables."""
    by_scenario = {}
    print(f"{'choice':24}seeds  coverage least, mean  regret  flips  matter")
    for name in CHOOSERS:
        for seeds in SEEDS.get(name, (10, 20)):
            found = by_scenario[name, seeds] = simulate(name, seeds, repetitions)
            least, (mean, *rest) = found[:, 0].min(), found.mean(0)
            numbers = "  ".join(f"{value:.2f}" for value in (mean, *rest))
            print(f"{name:24}{seeds:5}  {least:.3f}  {numbers}", flush=True)
    rng = np.random.default_rng(0)
    for name, method in (("folds, reported seeds", folds), ("bootstrap, tuned anew", bootstrap)):
        found = [method(scenario, rng, repetitions) for scenario in SCENARIOS.values()]
        by_scenario[name, REPORTED] = np.array(found)[:, None]
        print(f"{name:24}{REPORTED:5}  {min(found):.3f}  {np.mean(found):.2f}")
    shown = [
        *(("largest mean", seeds) for seeds in (2, 5, 10, 20)),
        ("middle within 2 SE", 20),
        ("parabola, all rates", 20),
        ("folds, reported seeds", 20),
        ("bootstrap, tuned anew", 20),
        ("parabola near the best", 10),
        ("parabola near the best", 20),
    ]
    for row, name in enumerate(SCENARIOS):
        print(f"{name:20}", *(f"{by_scenario[key][row, 0]:.2f}" for key in shown), sep="  ")


if __name__ == "__main__":
    main()
    at_random()
