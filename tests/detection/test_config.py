"""What a configuration of a detector refuses, and that it needs no PyTorch."""

import pickle
import subprocess
import sys

import pytest

from bncourse.detection import Detector


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"norm": "frozen", "norm_batch": 2}, "norm_batch=2 means nothing with norm='frozen'"),
        ({"norm_batch": 3}, "norm_batch=3 must divide batch_size=16"),
        ({"norm": "group", "groups": 5}, "groups=5 must divide width=12"),
        ({"start": "elsewhere"}, "start must be one of pretrained, scratch, got 'elsewhere'"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        Detector(**settings)


def test_configuration_survives_pickling():
    config = Detector(norm_batch=2)
    assert pickle.loads(pickle.dumps(config)) == config


def test_only_the_rate_may_differ_within_a_stack():
    one, other = Detector(learning_rate=0.1), Detector(learning_rate=0.2)
    assert one.stackable() == other.stackable() != Detector(norm_batch=2).stackable()


def test_a_configuration_needs_no_torch():
    program = (
        "import sys; from bncourse.detection import Detector, scenes; Detector(); scenes(0); "
        "from bncourse.experiments import run, tuned; assert 'torch' not in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0
