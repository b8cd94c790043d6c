"""The rate that is chosen, of runs with known curves; and that the choice does what is said of it.

The tables of ``tuned`` come from ``tuning_simulation.py``, which is repeated here in small.
"""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from bncourse.evidence import Config, History
from bncourse.experiments import run, tuned, tuning
from bncourse.experiments.choosing import choice

SEEDS, RATES = range(100, 120), [0.01, 0.03, 0.1, 0.3, 1.0]


def simulation():
    """Return the module beside this file."""
    place = Path(__file__).parent / "tuning_simulation.py"
    spec = importlib.util.spec_from_file_location("tuning_simulation", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def runs(monkeypatch):
    """Return a function that makes ``run`` return a curve, and a list of what was run."""
    asked = []

    def install(curve, noise=0.01, **arrays):
        def fake(configs, seeds, **options):
            asked.append((configs, list(seeds), options))
            return history_of(configs, seeds, curve, noise, **arrays)

        monkeypatch.setattr(tuning, "run", fake)
        return asked

    return install


def history_of(configs, seeds, curve, noise, interrupted=False):
    """Return the history of runs whose last accuracy is ``curve(config)`` and noise."""
    epochs = max(config.epochs for config in configs)
    accuracy = np.full((len(configs), len(seeds), epochs + 1), np.nan)
    for row, config in zip(accuracy, configs, strict=True):
        shared = [np.random.default_rng(seed).standard_normal() for seed in seeds]
        own = [
            np.random.default_rng([seed, int(1e6 * config.learning_rate)]).standard_normal()
            for seed in seeds
        ]
        row[:, : config.epochs] = 0.99  # best before the end, which is no use
        row[:, config.epochs] = curve(config) + noise * (np.array(own) + np.array(shared))
    arrays = {"validation_accuracy": accuracy, "loss": -accuracy[:, :, 0], "layers": accuracy}
    axes = {"validation_accuracy": "epoch"}
    steps = [1] * len(configs)
    return History(configs, seeds, arrays, {}, axes, steps, interrupted)


def peak_at(rate, width=1.0):
    """Return a curve with its best at ``rate``, a parabola in decades."""
    return lambda config: 0.9 - 0.2 * (np.log10(config.learning_rate / rate) / width) ** 2


def test_each_arm_gets_its_own_best_rate_in_the_order_of_the_arms(runs):
    best = {"none": 0.03, "batch": 0.3}
    runs(lambda config: peak_at(best[config.norm], 0.5)(config))
    arms = [Config(norm="batch", learning_rate=7.0), Config()]
    chosen = tuned(arms, RATES, SEEDS)
    assert chosen == [Config(norm="batch", learning_rate=0.3), Config(learning_rate=0.03)]
    assert isinstance(chosen, list)
    assert chosen.seeds == list(SEEDS)
    assert chosen.rates == [RATES, RATES]
    assert chosen.plateaus == [[0.3], [0.03]]
    assert chosen.notes == []
    assert len(chosen.histories) == 1


def test_arms_and_rates_go_into_one_run_with_the_options(runs):
    asked = runs(peak_at(0.1, 0.5))
    tuned([Config(), Config(norm="batch")], RATES, SEEDS, jobs=2, dtype="float64")
    ((configs, seeds, options),) = asked
    assert len(configs) == len(set(configs)) == 10
    assert (seeds, options) == (list(SEEDS), {"jobs": 2, "dtype": "float64"})


def test_last_value_is_that_of_the_arms_own_last_epoch(runs):
    runs(peak_at(0.1, 0.5))
    chosen = tuned([Config(epochs=3), Config(epochs=10)], RATES, SEEDS)
    assert [config.learning_rate for config in chosen] == [0.1, 0.1]


def test_score_is_another_array_or_a_function_of_the_history(runs):
    runs(lambda config: np.log10(config.learning_rate))
    near = tuned(
        Config(), RATES, SEEDS, score=lambda h: -abs(h["validation_accuracy"][..., -1] + 1.5)
    )
    assert near[0].learning_rate == 0.03
    assert tuned(Config(), RATES, SEEDS, score="loss").notes


def test_arms_may_have_rates_of_their_own(runs):
    runs(lambda config: peak_at(0.001 if config.optimizer == "adam" else 0.1, 0.5)(config))
    adam = [0.0001, 0.0003, 0.001, 0.003, 0.01]
    chosen = tuned([Config(), Config(optimizer="adam")], [RATES, adam], SEEDS)
    assert [config.learning_rate for config in chosen] == [0.1, 0.001]
    assert chosen.rates == [RATES, adam]


@pytest.mark.parametrize(
    ("best", "added"),
    [(2.5, [3.0, 10.0]), (0.004, [0.003, 0.001])],
)
def test_rates_are_widened_until_the_best_is_enclosed(runs, best, added):
    asked = runs(peak_at(best, 0.5))
    chosen = tuned(Config(), RATES, SEEDS)
    assert chosen[0].learning_rate == added[0]
    assert chosen.rates == [sorted(RATES + added)]
    assert chosen.notes == []
    assert [[c.learning_rate for c in configs] for configs, *_ in asked[1:]] == [[r] for r in added]
    assert len(chosen.histories) == 3


def test_only_arms_that_need_it_are_widened_and_all_of_them_in_one_run(runs):
    best = {"none": 0.1, "batch": 1.0, "layer": 1.0}
    asked = runs(lambda config: peak_at(best[config.norm], 0.5)(config))
    chosen = tuned([Config(norm=norm) for norm in best], RATES, SEEDS)
    assert [(c.norm, c.learning_rate) for c in asked[1][0]] == [("batch", 3.0), ("layer", 3.0)]
    assert [len(rates) for rates in chosen.rates] == [5, 6, 6]


def test_best_that_stays_at_the_edge_is_kept_and_noted(runs):
    runs(lambda config: 0.1 * np.log10(config.learning_rate) + 0.1 * (config.norm == "batch"))
    chosen = tuned([Config(), Config(norm="batch")], RATES, SEEDS)
    assert [config.learning_rate for config in chosen] == [30.0, 30.0]
    assert chosen.notes == [
        f"norm {norm}: of 8 rates from 0.01 to 30 the largest does as well as any, 30 was chosen"
        for norm in ("none", "batch")
    ]


@pytest.mark.parametrize("noise", [0, 0.02])
def test_middle_is_chosen_where_no_rate_is_better(runs, noise):
    runs(lambda config: 0.1, noise)
    chosen = tuned(Config(), RATES, SEEDS)
    assert chosen.plateaus == chosen.rates
    assert len(chosen.rates[0]) == 11
    assert chosen[0].learning_rate == 0.1
    assert chosen.notes == [
        "the arm: of 11 rates from 0.0003 to 30 none does better than another, 0.1 is in the middle"
    ]


def test_middle_of_a_top_without_differences_is_chosen(runs):
    runs(lambda config: 1.0 if 0.02 < config.learning_rate < 0.5 else 0.4, 0)
    chosen = tuned(Config(), RATES, SEEDS)
    assert chosen[0].learning_rate == 0.1
    assert chosen.plateaus == [[0.03, 0.1, 0.3]]


def test_mean_counts_and_not_the_best_seed():
    rng = np.random.default_rng(0)
    scores = 0.01 * rng.standard_normal((5, 20)) + np.array([0.2, 0.7, 0.8, 0.6, 0.2])[:, None]
    scores[3, :8] = 1.0
    assert choice(scores)[0] == 2


def test_run_that_is_not_finite_counts_as_worst(runs):
    def score(history):
        scores = history["validation_accuracy"][:, :, -1].copy()
        rates = np.array([config.learning_rate for config in history.configs])
        scores[rates > 0.2, :4] = [np.nan, -np.inf, np.inf, np.nan]
        return scores

    runs(peak_at(0.3, 0.8))
    assert tuned(Config(), RATES, SEEDS)[0].learning_rate == 0.3
    assert tuned(Config(), RATES, SEEDS, score=score)[0].learning_rate == 0.1


def test_cliff_beside_the_best_rate_does_not_move_it(runs):
    runs(lambda c: 0.9 + 0.03 * np.log10(c.learning_rate) if c.learning_rate < 0.5 else 0.1)
    chosen = tuned(Config(), RATES, SEEDS)
    assert chosen[0].learning_rate == 0.3


def test_choice_does_not_depend_on_the_unit_or_on_what_seeds_share():
    rng = np.random.default_rng(1)
    scores = rng.standard_normal((50, 7, 20)) - 0.3 * np.arange(-3, 4)[:, None] ** 2
    chosen, plateau = choice(scores)
    other = choice(1e-4 * (scores + 9 * rng.standard_normal((50, 1, 20))))
    np.testing.assert_array_equal(chosen, other[0])
    np.testing.assert_array_equal(plateau, other[1])


def test_plateau_holds_the_choice_and_the_best_mean():
    rng = np.random.default_rng(2)
    scores = rng.standard_normal((200, 7, 10)) - 0.3 * np.arange(-3, 4)[:, None] ** 2
    chosen, plateau = choice(scores)
    for best in (chosen, scores.mean(-1).argmax(-1)):
        assert np.take_along_axis(plateau, best[:, None], 1).all()
    assert (np.abs(np.diff(plateau, axis=1)).sum(1) <= 2).all()  # in one piece


def test_interrupted_run_chooses_nothing(runs):
    runs(peak_at(0.1), interrupted=True)
    with pytest.raises(KeyboardInterrupt, match="no rate is chosen from a part"):
        tuned(Config(), RATES, SEEDS)


@pytest.mark.parametrize(
    ("arms", "rates", "seeds", "error", "message"),
    [
        ([], RATES, SEEDS, TypeError, "arms must be a list of at least one Config"),
        (["batch"], RATES, SEEDS, TypeError, "arms must be a list of at least one Config"),
        (
            [Config(), Config(learning_rate=1.0)],
            *(RATES, SEEDS, ValueError, "two arms differ in nothing but the learning rate"),
        ),
        ([Config()], RATES, range(5), ValueError, "seeds holds 5: tune on 10 or more.* 93% at 20"),
        ([Config()], [0.1, 0.3], SEEDS, ValueError, "rates must be 3 or more that increase"),
        ([Config()], [0.3, 0.1, 0.03], SEEDS, ValueError, "rates must be 3 or more that increase"),
        ([Config()], [0, 0.1, 0.3], SEEDS, ValueError, "rates must be 3 or more that increase"),
        ([Config()], [0.1, 0.2, 2], SEEDS, ValueError, "the same factor.* from 2 to 10"),
        ([Config()], [RATES, RATES], SEEDS, ValueError, "rates holds 2 sequences for 1 arms"),
    ],
)
def test_unsuitable_arguments_are_named(runs, arms, rates, seeds, error, message):
    runs(peak_at(0.1))
    with pytest.raises(error, match=message):
        tuned(arms, rates, seeds)


@pytest.mark.parametrize("score", ["layers", lambda history: history["loss"][0]])
def test_score_of_another_shape_is_refused(runs, score):
    runs(peak_at(0.1))
    with pytest.raises(ValueError, match=r"has the shape \(.*\), not \(config, seed\) = \(5, 20\)"):
        tuned(Config(), RATES, SEEDS, score=score)


def test_real_runs_are_tuned(tiny):
    arms = [
        Config(data=tiny, depth=1, width=8, batch_size=14, epochs=3, norm=norm)
        for norm in ("none", "batch")
    ]
    chosen = tuned(arms, [0.01, 0.1, 1.0], range(10), recompute=True)
    assert [config.norm for config in chosen] == ["none", "batch"]
    reported = run(list(chosen), range(10, 14), recompute=True)
    assert (reported["validation_accuracy"][:, :, -1].mean(1) > 0.3).all()  # four classes


def test_interval_after_tuning_covers_and_the_choice_is_steady():
    """What ``tuned`` says of itself, to within four standard errors of fewer repetitions."""
    module = simulation()
    coverage, regret, flips, matter = module.simulate("parabola near the best", 20, 1000).T
    assert (coverage > 0.93 - 4 * 0.008).all()
    assert coverage.mean() == pytest.approx(0.945, abs=0.01)
    assert regret.mean() == pytest.approx(0.02, abs=0.01)
    assert flips.mean() == pytest.approx(0.18, abs=0.02)
    assert matter.mean() == pytest.approx(0.03, abs=0.015)


def test_fewer_seeds_folds_and_means_alone_cover_less():
    module = simulation()
    assert module.simulate("largest mean", 2, 1000)[:, 0].mean() < 0.85
    assert module.simulate("largest mean", 10, 1000)[:, 0].min() < 0.90
    assert module.simulate("middle within 2 SE", 20, 1000)[:, 0].min() < 0.92
    rng = np.random.default_rng(0)
    folds = [module.folds(scenario, rng, 1000) for scenario in module.SCENARIOS.values()]
    assert np.mean(folds) == pytest.approx(0.88, abs=0.01)
    found = module.bootstrap(module.SCENARIOS["failures, peak"], rng, 1000)
    assert found == pytest.approx(0.85, abs=0.04)
