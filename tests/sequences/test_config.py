"""What a configuration of a Transformer refuses, and that it needs no PyTorch."""

import pickle
import subprocess
import sys

import pytest

from bncourse.sequences import Transformer


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"width": 10, "heads": 4}, "heads=4 must divide width=10"),
        ({"norm_batch": 2}, "norm_batch=2 means nothing with norm='layer': leave norm_batch out"),
        ({"norm": "batch", "norm_batch": 3}, "norm_batch=3 must divide batch_size=8"),
        ({"norm": "batch", "norm_batch": 8}, "must divide batch_size=8 into two pools or more"),
        ({"norm": "rms", "norm_momentum": 0.5}, "norm_momentum=0.5 means nothing with norm='rms'"),
        ({"residual": "between"}, "residual must be one of pre, post, got 'between'"),
        ({"warmup": 0}, "warmup must be at least 1, got 0"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        Transformer(**settings)


def test_unknown_setting_is_named_with_the_known_ones():
    with pytest.raises(TypeError, match="unknown setting 'layers': choose from data, depth, width"):
        Transformer(layers=2)


def test_configuration_survives_pickling():
    config = Transformer(norm="batch", norm_batch=2)
    assert pickle.loads(pickle.dumps(config)) == config


def test_only_the_rate_may_differ_within_a_stack():
    one, other = Transformer(learning_rate=0.1), Transformer(learning_rate=0.2)
    assert one.stackable() == other.stackable() != Transformer(warmup=5).stackable()


def test_a_configuration_needs_no_torch():
    program = (
        "import sys; from bncourse.sequences import Transformer; Transformer(); "
        "from bncourse.experiments import run, tuned; assert 'torch' not in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0
