"""Data that does not suit an experiment, and how it is laid side by side."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from bncourse.experiments import Config, Stack, run


def pixels(count, data):
    """Return ``data`` with the first ``count`` features alone."""

    def cut(seed):
        splits = data(seed)
        names = ("x_train", "x_validation", "x_test")
        return replace(splits, **{name: getattr(splits, name)[:, :count] for name in names})

    return cut


def shorter_for_higher_seeds(part, data):
    def cut(seed):
        splits = data(seed)
        names = f"x_{part}", f"y_{part}"
        return replace(splits, **{name: getattr(splits, name)[seed:] for name in names})

    return cut


def test_batch_larger_than_the_training_split_is_refused(tiny):
    message = "batch_size=29 is more than the 28 training samples of the data: choose a smaller one"
    with pytest.raises(ValueError, match=message):
        run(Config(data=tiny, batch_size=29), [0])


@pytest.mark.parametrize(
    ("part", "shapes"),
    [
        ("train", r"\(26, 64\), \(28, 64\)"),
        ("validation", r"\(68, 64\), \(70, 64\)"),
        ("test", r"\(9, 64\), \(11, 64\)"),
    ],
)
def test_splits_of_different_sizes_are_refused(tiny, part, shapes):
    data = shorter_for_higher_seeds(part, tiny)
    with pytest.raises(ValueError, match=f"data gives x_{part} of different shapes .*{shapes}"):
        run(Config(data=data, batch_size=8), [0, 2])


@pytest.mark.parametrize("features", [63, 50, 16])
def test_cnn_refuses_features_that_are_no_image_large_enough(tiny, features):
    message = f"model='cnn' needs square images of 8 by 8 .* data gives {features} features: choose"
    with pytest.raises(ValueError, match=message):
        run(Config(data=pixels(features, tiny), model="cnn", batch_size=8), [0])


def test_mlp_takes_any_number_of_features(tiny):
    history = run(Config(data=pixels(7, tiny), batch_size=8, epochs=1), [0])
    assert np.isfinite(history["epoch_loss"]).all()


def test_data_that_is_no_splits_is_refused():
    with pytest.raises(TypeError, match="data must return bncourse.data.Splits, got tuple from"):
        run(Config(data=lambda seed: (np.ones((9, 4)), np.ones(9))), [0])


def test_labels_of_any_integer_type_are_classes(tiny):
    def narrow(seed):
        splits = tiny(seed)
        names = ("y_train", "y_validation", "y_test")
        return replace(splits, **{name: getattr(splits, name).astype(np.int16) for name in names})

    one, other = (run(Config(data=data, batch_size=8, epochs=1), [0]) for data in (tiny, narrow))
    for name, values in one.arrays.items():
        np.testing.assert_array_equal(values, other[name], err_msg=name)


def test_images_of_a_cnn_are_rows_of_pixels(tiny):
    stack = Stack([Config(data=tiny, model="cnn", batch_size=8)], (1,), dtype=torch.float64)
    x, y = next(iter(stack.batches()))
    splits = tiny(1)
    for image, label in zip(x[:, 0], y[:, 0], strict=True):
        (place,) = np.flatnonzero(splits.x_train[:, 0] == image[0, 0, 0].item())
        np.testing.assert_array_equal(image[0], splits.x_train[place].reshape(8, 8))
        assert splits.y_train[place] == label


def test_data_of_a_seed_is_made_once(tiny):
    asked = []

    def counted(seed):
        asked.append(seed)
        return tiny(seed)

    run(Config(data=counted, batch_size=8, epochs=1), [0, 1])
    run([Config(data=counted, batch_size=8, epochs=1, depth=d) for d in (1, 2)], [0, 1])
    assert asked == [0, 1]
