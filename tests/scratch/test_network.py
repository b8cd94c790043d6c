"""Layers, loss and optimizer: against PyTorch and finite differences, then on real digits."""

import numpy as np
import pytest

from bncourse.data import batches, digits
from bncourse.scratch import (
    SGD,
    BatchNorm,
    Linear,
    Parameter,
    ReLU,
    Sequential,
    Sigmoid,
    Tanh,
    accuracy,
    backpropagate,
    check_gradient,
    softmax_cross_entropy,
    softmax_cross_entropy_backward,
    train_step,
)

try:
    import torch
except ModuleNotFoundError:  # `make check` has none, and compares with nothing
    torch = None

needs_torch = pytest.mark.skipif(torch is None, reason="PyTorch is not installed")

F64 = {"dtype": np.float64}


def layer_pair(layer):
    """Return a layer as a pure pair: its input and its parameters in, all their gradients out."""
    parameters = list(layer.parameters.values())

    def forward(x, *values):
        for parameter, value in zip(parameters, values, strict=True):
            parameter.value = value
        return layer.forward(x), None

    def backward(grad, _):
        return layer.backward(grad), *(p.grad for p in parameters)

    return forward, backward, [p.value for p in parameters]


def network(rng):
    return Sequential(
        *(Linear(5, 6, rng=rng, **F64), BatchNorm(6, **F64), Tanh()),
        *(Linear(6, 4, rng=rng, **F64), Sigmoid(), Linear(4, 3, rng=rng, **F64)),
    )


@pytest.mark.parametrize("mode", ["train", "eval"])
@pytest.mark.parametrize(
    "make",
    [
        lambda rng: Linear(5, 3, rng=rng, **F64),
        lambda rng: BatchNorm(5, **F64),
        lambda rng: ReLU(),
        lambda rng: Sigmoid(),
        lambda rng: Tanh(),
        network,
    ],
)
def test_every_layer_passes_the_gradient_check_in_both_modes(make, mode, rng):
    layer = make(rng)
    layer.forward(3 + rng.standard_normal((7, 5)))
    forward, backward, values = layer_pair(getattr(layer, mode)())
    x = 1 + 2 * rng.standard_normal((7, 5))
    checks = check_gradient(forward, backward, x, *values, rng=rng)
    assert len(checks) == 1 + len(layer.parameters)


def test_the_mode_is_changed_by_train_and_eval_alone_and_for_all_layers(rng):
    net = Sequential(BatchNorm(2), Sequential(BatchNorm(2), ReLU()))
    norms = [net.layers[0], net.layers[1].layers[0]]
    assert net.eval() is net
    assert not any(layer.training for layer in (net, *norms))
    assert net.train() is net
    assert all(layer.training for layer in (net, *norms))


def test_evaluation_leaves_the_running_statistics_alone(rng):
    layer = BatchNorm(2).eval()
    layer.forward(rng.standard_normal((4, 2)).astype(np.float32))
    assert layer.running.num_updates == 0
    np.testing.assert_array_equal(layer.running.mean, 0)


def test_backward_follows_the_mode_of_its_forward(rng):
    layer, x = BatchNorm(2, **F64), rng.standard_normal((4, 2))
    layer.forward(x)
    expected = layer.backward(x)
    layer.eval()
    np.testing.assert_array_equal(layer.backward(x), expected)


def test_outputs_and_their_gradients_can_be_read_for_each_layer(rng):
    net = Sequential(Linear(3, 4, rng=rng), Tanh(), Linear(4, 2, rng=rng))
    x, grad = (rng.standard_normal((5, size)).astype(np.float32) for size in (3, 2))
    y = net.forward(x)
    net.backward(grad)
    assert [a.shape for a in net.outputs] == [(5, 4), (5, 4), (5, 2)]
    assert [a.shape for a in net.output_grads] == [(5, 4), (5, 4), (5, 2)]
    assert net.outputs[-1] is y
    np.testing.assert_array_equal(net.outputs[1], np.tanh(net.outputs[0]))
    np.testing.assert_array_equal(net.output_grads[-1], grad)
    slope = 1 - net.outputs[1] ** 2
    np.testing.assert_allclose(net.output_grads[0], net.output_grads[1] * slope, rtol=1e-5)


def test_parameters_have_the_names_of_their_layers(rng):
    net = Sequential(Linear(3, 4, rng=rng), ReLU(), Sequential(BatchNorm(4)))
    assert list(net.parameters) == ["0.weight", "0.bias", "2.0.gamma", "2.0.beta"]
    assert net.parameters["0.weight"] is net.layers[0].parameters["weight"]


@pytest.mark.parametrize(
    ("init", "std"), [("he", np.sqrt(2 / 300)), ("xavier", np.sqrt(2 / 500)), (0.01, 0.01)]
)
def test_initial_weights_have_the_standard_deviation_of_their_scheme(init, std, rng):
    weight = Linear(300, 200, rng=rng, init=init).parameters["weight"].value
    assert weight.std() == pytest.approx(std, rel=0.02)
    assert abs(weight.mean()) < 0.02 * std
    assert weight.dtype == np.float32


def test_the_same_seed_gives_the_same_weights():
    one, two, three = (
        Linear(3, 4, rng=np.random.default_rng(seed)).parameters["weight"].value
        for seed in (5, 5, 6)
    )
    np.testing.assert_array_equal(one, two)
    assert not np.array_equal(one, three)


def test_sigmoid_does_not_overflow():
    x = np.array([-1000, 0, 1000], np.float32)
    np.testing.assert_array_equal(Sigmoid().forward(x), [0, 0.5, 1])


@pytest.mark.parametrize("activation", [ReLU, Sigmoid, Tanh])
def test_writing_to_the_output_does_not_change_the_slope(activation, rng):
    layer, x, grad = activation(), *rng.standard_normal((2, 4, 3))
    y = layer.forward(x)
    expected = layer.backward(grad)
    y[:] = 0.3
    np.testing.assert_array_equal(layer.backward(grad), expected)


@pytest.mark.parametrize("activation", [ReLU, Sigmoid, Tanh])
@pytest.mark.parametrize(
    ("grad", "error", "message"),
    [
        (np.ones(3), ValueError, r"grad must have shape \(4, 3\), got \(3,\)"),
        (np.ones((4, 3), np.float32), TypeError, "grad must have dtype float64, got float32"),
    ],
)
def test_an_activation_refuses_a_gradient_that_is_not_its_outputs(activation, grad, error, message):
    layer = activation()
    layer.forward(np.ones((4, 3)))
    with pytest.raises(error, match=message):
        layer.backward(grad)


@pytest.mark.parametrize("nested", [False, True])
def test_a_layer_that_stands_twice_is_refused(nested):
    shared = Tanh()
    with pytest.raises(ValueError, match="got one Tanh 2 times.*make a second one"):
        Sequential(shared, ReLU(), Sequential(shared) if nested else shared)


def test_relu_at_zero_passes_no_gradient():
    layer = ReLU()
    layer.forward(np.array([-1.0, 0.0, 2.0]))
    np.testing.assert_array_equal(layer.backward(np.full(3, 5.0)), [0, 0, 5])


@needs_torch
def test_cross_entropy_is_that_of_torch(rng):
    logits, labels = 10 * rng.standard_normal((6, 4)), np.array([0, 3, 1, 1, 2, 0])
    tensor = torch.tensor(logits, requires_grad=True)
    theirs = torch.nn.functional.cross_entropy(tensor, torch.tensor(labels))
    (3 * theirs).backward()
    loss, cache = softmax_cross_entropy(logits, labels)
    assert loss == pytest.approx(theirs.item(), rel=1e-12)
    np.testing.assert_allclose(
        softmax_cross_entropy_backward(3, cache), tensor.grad.numpy(), atol=1e-12
    )


def test_cross_entropy_of_huge_logits_is_finite():
    loss, cache = softmax_cross_entropy(np.array([[1e4, 0.0], [0.0, -1e4]]), np.array([1, 0]))
    assert loss == 5000
    np.testing.assert_array_equal(softmax_cross_entropy_backward(1, cache), [[0.5, -0.5], [0, 0]])


def test_cross_entropy_of_equal_logits_is_the_logarithm_of_the_classes():
    loss, _ = softmax_cross_entropy(np.full((3, 10), 7, np.float32), np.array([1, 2, 3]))
    assert loss == pytest.approx(np.log(10), rel=1e-6)
    assert loss.dtype == np.float32


@needs_torch
@pytest.mark.parametrize("momentum", [0, 0.9])
@pytest.mark.parametrize("weight_decay", [0, 0.1])
def test_sgd_takes_the_steps_of_torch(momentum, weight_decay, rng):
    start, grads = rng.standard_normal(3), rng.standard_normal((4, 3))
    theirs = torch.tensor(start, requires_grad=True)
    options = {"momentum": momentum, "weight_decay": weight_decay}
    optimizer = torch.optim.SGD([theirs], lr=0.3, **options)
    ours = Parameter(start.copy())
    sgd = SGD({"w": ours}, 0.3, **options)
    for grad in grads:
        ours.grad, theirs.grad = grad, torch.tensor(grad)
        sgd.step()
        optimizer.step()
    np.testing.assert_allclose(ours.value, theirs.detach().numpy(), rtol=1e-12)


def logits_of(rows, columns):
    return np.zeros((rows, columns), np.float32)


WRONG = {
    "init": (
        lambda rng: Linear(2, 3, rng=rng, init="kaiming"),
        ValueError,
        r"init.*\['he', 'xavier'\].*'kaiming'",
    ),
    "std": (lambda rng: Linear(2, 3, rng=rng, init=-1), ValueError, "init must be.*-1"),
    "size": (lambda rng: Linear(0, 3, rng=rng), ValueError, "n_in must be at least 1, got 0"),
    "integer weights": (
        lambda rng: Linear(2, 3, rng=rng, dtype=int),
        TypeError,
        "dtype must be np.float32 or np.float64, got <class 'int'>",
    ),
    "half precision": (
        lambda rng: BatchNorm(2, dtype="float16"),
        TypeError,
        "dtype must be.*got 'float16'",
    ),
    "features": (
        lambda rng: Linear(2, 3, rng=rng).forward(np.ones((5, 4), np.float32)),
        ValueError,
        r"x must have shape \(5, 2\), got \(5, 4\)",
    ),
    "dtype": (
        lambda rng: Linear(2, 3, rng=rng).forward(np.ones((5, 2))),
        TypeError,
        "x must have dtype float32, got float64",
    ),
    "channels": (
        lambda rng: BatchNorm(3).forward(np.ones((5, 2), np.float32)),
        ValueError,
        r"x must have shape \(5, 3\), got \(5, 2\)",
    ),
    "one sample": (
        lambda rng: BatchNorm(2).forward(np.ones((1, 2), np.float32)),
        ValueError,
        "got count 1.*larger batch.*evaluation mode",
    ),
    "update_rate": (lambda rng: BatchNorm(2, update_rate=2), ValueError, "update_rate.*got 2"),
    "list": (lambda rng: Tanh().forward([1.0]), TypeError, "x must be a NumPy array, got list"),
    "order": (lambda rng: ReLU().backward(np.ones(3)), RuntimeError, "ReLU: call forward before"),
    "label range": (
        lambda rng: softmax_cross_entropy(logits_of(2, 3), np.array([0, 3])),
        ValueError,
        "labels must be from 0 to 2, got 0 to 3",
    ),
    "negative label": (
        lambda rng: softmax_cross_entropy(logits_of(2, 3), np.array([0, -1])),
        ValueError,
        "got -1 to 0",
    ),
    "one-hot labels": (
        lambda rng: softmax_cross_entropy(logits_of(2, 3), np.eye(3)[:2]),
        ValueError,
        r"labels shape \(N,\).*got \(2, 3\) and \(2, 3\)",
    ),
    "float labels": (
        lambda rng: softmax_cross_entropy(logits_of(2, 3), np.ones(2)),
        TypeError,
        r"labels must be integers, got float64",
    ),
    "no samples": (
        lambda rng: softmax_cross_entropy(logits_of(0, 3), np.ones(0, int)),
        ValueError,
        "at least one sample",
    ),
    "learning_rate": (lambda rng: SGD({}, -0.1), ValueError, "learning_rate must be.*-0.1"),
    "momentum": (lambda rng: SGD({}, 0.1, momentum=1.1), ValueError, "momentum must be.*1.1"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_argument_is_named_with_its_value(name, rng):
    call, error, message = WRONG[name]
    with pytest.raises(error, match=message):
        call(rng)


def test_a_network_with_batch_norm_learns_the_digits(rng):
    data = digits(0)
    net = Sequential(
        *(Linear(64, 64, rng=rng), BatchNorm(64), ReLU()),
        *(Linear(64, 64, rng=rng), BatchNorm(64), ReLU()),
        Linear(64, 10, rng=rng),
    )
    sgd = SGD(net.parameters, 0.1, momentum=0.9)
    for _ in range(10):
        for x, y in batches(data.x_train, data.y_train, 32, rng):
            train_step(net, sgd, x, y)
    assert accuracy(net, data.x_test, data.y_test) > 0.95


def test_a_step_returns_the_loss_before_it_and_lowers_the_next(rng):
    net = Sequential(Linear(5, 8, rng=rng), BatchNorm(8), Tanh(), Linear(8, 3, rng=rng))
    x, y = rng.standard_normal((20, 5)).astype(np.float32), rng.integers(3, size=20)
    expected, _ = softmax_cross_entropy(net.forward(x), y)
    losses = [train_step(net, SGD(net.parameters, 0.1), x, y) for _ in range(2)]
    assert losses[0] == pytest.approx(expected, rel=1e-6)
    assert losses[1] < losses[0]


def test_a_step_trains_and_accuracy_evaluates_whatever_the_mode_before(rng):
    net = Sequential(BatchNorm(3))
    x, y = 9 + rng.standard_normal((20, 3)).astype(np.float32), rng.integers(3, size=20)
    train_step(net.eval(), SGD(net.parameters, 0.0), x, y)
    assert net.layers[0].running.num_updates == 1
    score = accuracy(net.train(), x, y)
    assert net.layers[0].running.num_updates == 1
    assert score == (net.eval().forward(x).argmax(1) == y).mean()


@needs_torch
@pytest.mark.parametrize("mode", ["train", "eval"])
def test_a_pass_back_leaves_gradients_but_neither_a_step_nor_another_mode(mode, rng):
    net = Sequential(BatchNorm(3, **F64), Linear(3, 4, rng=rng, **F64))
    getattr(net, mode)()
    x, y = 9 + rng.standard_normal((20, 3)), rng.integers(4, size=20)
    before = {name: p.value.copy() for name, p in net.parameters.items()}
    loss = backpropagate(net, x, y)
    tensor = torch.tensor(net.outputs[-1], requires_grad=True)
    theirs = torch.nn.functional.cross_entropy(tensor, torch.tensor(y))
    theirs.backward()
    assert loss == pytest.approx(theirs.item(), rel=1e-12)
    np.testing.assert_allclose(net.output_grads[-1], tensor.grad.numpy(), atol=1e-12)
    assert all(np.array_equal(p.value, before[name]) for name, p in net.parameters.items())
    assert all(p.grad.any() for p in net.parameters.values())
    assert net.training == (mode == "train")


@pytest.mark.parametrize(
    ("samples", "labels", "message"),
    [
        (4, np.zeros((4, 1), int), r"labels shape \(N,\).*got \(4, 3\) and \(4, 1\)"),
        (0, np.zeros(0, int), r"at least one sample, got \(0, 3\) and \(0,\)"),
        (2, np.array([0, 3]), "labels must be from 0 to 2, got 0 to 3"),
    ],
)
def test_accuracy_refuses_labels_that_do_not_fit(samples, labels, message, rng):
    with pytest.raises(ValueError, match=message):
        accuracy(Tanh(), rng.standard_normal((samples, 3)), labels)


def test_accuracy_is_the_part_of_the_samples_that_is_right():
    logits = np.array([[1.0, 2.0, 3.0], [5.0, 4.0, -6.0], [0.0, 9.0, 1.0]])
    assert accuracy(ReLU(), logits, np.array([2, 1, 1])) == pytest.approx(2 / 3)
