"""What a stack can do besides a step: other roundings, statistics anew, losses of one's own."""

import numpy as np
import pytest
import torch

from bncourse.experiments import Config, Stack, grid, member_losses


def small(data, **settings):
    return Config(data=data, **{"depth": 3, "width": 8, "batch_size": 8} | settings)


def linear_tensors(stack):
    """Return weights and biases of all linear maps, (E, ...) each."""
    layers = [block.linear for block in stack.network.blocks] + [stack.network.head]
    return [p.detach() for layer in layers for p in layer.parameters()]


def state(stack):
    return {name: values.clone() for name, values in stack.network.state_dict().items()}


def equal(one, other):
    return all(torch.equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("model", ["mlp", "cnn"])
def test_jitter_moves_weights_to_a_neighbouring_number_or_not_at_all(tiny, model, dtype):
    config = small(tiny, model=model, init="torch")
    exact, moved = (linear_tensors(Stack([config], (0, 1), dtype=dtype, jitter=k)) for k in (0, 1))
    ways = []
    for before, after in zip(exact, moved, strict=True):
        before, after = before.numpy(), after.numpy()
        up, down = np.nextafter(before, np.inf), np.nextafter(before, -np.inf)
        assert ((after == before) | (after == up) | (after == down)).all()
        assert (abs(after - before) <= np.finfo(dtype).eps * abs(before)).all()
        ways.append(np.stack([after == down, after == before, after == up]).reshape(3, -1))
    np.testing.assert_allclose(np.concatenate(ways, 1).mean(1), 1 / 3, atol=0.05)


def test_jitter_leaves_zeros_and_norms_alone(tiny):
    config = small(tiny, norm="batch", residual="pre", branch_scale=0)
    exact, moved = (Stack([config], (0, 1), jitter=k) for k in (0, 3))
    for block in moved.network.blocks[1:]:
        assert not block.linear.weight.any()
    assert not any(block.linear.bias.any() for block in moved.network.blocks)
    before, after = state(exact), state(moved)
    assert all(torch.equal(before[name], after[name]) for name in before if "norm" in name)
    assert not torch.equal(before["head.weight"], after["head.weight"])


def test_each_number_and_each_seed_has_a_jitter_of_its_own_that_can_be_had_again(tiny):
    def ways(number, seeds):
        pair = (linear_tensors(Stack([small(tiny)], seeds, jitter=k)) for k in (0, number))
        return torch.cat([(b - a).sign().flatten(1) for a, b in zip(*pair, strict=True)], 1)

    first = ways(1, (4, 5))
    assert torch.equal(first, ways(1, (4, 5)))
    assert torch.equal(first[1:], ways(1, (5,)))
    for other in (ways(2, (4, 5)), first.flip(0)):
        alike = (first == other)[(first != 0) | (other != 0)].float().mean()
        assert alike < 0.4


def test_paired_arms_of_equal_shape_are_moved_alike(tiny):
    plain = Stack([small(tiny, init="torch")], (0, 1), jitter=2)
    for settings in ({"norm": "batch"}, {"residual": "post", "norm": "layer"}):
        config = small(tiny, init="torch", **settings)
        arms = Stack(grid(config, learning_rate=[0.1, 0.2]), (0, 1), jitter=2)
        for one, two in zip(linear_tensors(plain), linear_tensors(arms), strict=True):
            assert torch.equal(one, two[:2])
            assert torch.equal(one, two[2:])


def test_jitter_grows_from_the_first_step_on_but_is_small_there(tiny):
    losses = []
    for number in (0, 1):
        stack = Stack([small(tiny)], range(4), jitter=number)
        losses.append(torch.stack([stack.step(*batch) for batch in stack.batches()]))
    assert not torch.equal(*losses)
    torch.testing.assert_close(*losses, rtol=1e-5, atol=0)


@pytest.mark.parametrize("jitter", [-1, 0.5, True, None])
def test_jitter_that_is_no_number_of_a_processor_is_refused(tiny, jitter):
    with pytest.raises(ValueError, match=f"jitter must be an integer from 0, got {jitter!r}"):
        Stack([small(tiny)], (0,), jitter=jitter)


def test_descending_the_mean_loss_is_a_step(tiny):
    stepped, descended = (Stack([small(tiny, norm="batch")], (0, 1)) for _ in range(2))
    batches = list(stepped.batches())
    for x, y in batches:
        loss = stepped.step(x, y)
        same = descended.descend(member_losses(descended.network(x), y))
        assert torch.equal(loss, same) and not same.requires_grad
    assert equal(state(stepped), state(descended))


NOISY = {"norm": "batch", "dropout": 0.4, "noise": 0.5}


@pytest.mark.parametrize("batches", [None, 5])
@pytest.mark.parametrize("settings", [{}, {"norm_batch": 4}, {"residual": "pre"}], ids=str)
def test_statistics_anew_change_nothing_but_running_statistics(tiny, settings, batches):
    quiet, touched = (Stack([small(tiny, **NOISY, **settings)], (0, 1)) for _ in range(2))
    before = state(touched)
    momenta = [part.momentum for part in touched.network.modules() if hasattr(part, "momentum")]
    touched.reestimate(batches)
    after = state(touched)
    assert {name for name in after if not torch.equal(before[name], after[name])} == {
        name for name in after if "running" in name
    }
    assert momenta == [
        part.momentum for part in touched.network.modules() if hasattr(part, "momentum")
    ]
    assert all(part.training for part in touched.network.modules())
    assert not any(part._forward_pre_hooks for part in touched.network.modules())
    losses = [[stack.step(*b) for b in stack.batches()] for stack in (quiet, touched)]
    assert torch.equal(*map(torch.stack, losses))  # the same batches, dropout and noise


@pytest.mark.parametrize("batches", [None, 5])
def test_statistics_anew_are_those_without_dropout_and_noise(tiny, batches):
    noisy = Stack([small(tiny, **NOISY)], (0, 1))
    plain = Stack([small(tiny, norm="batch")], (0, 1))
    for stack in (noisy, plain):
        stack.reestimate(batches)
    found = [[b.clone() for b in stack.network.buffers()] for stack in (noisy, plain)]
    assert found[0] and all(torch.equal(*pair) for pair in zip(*found, strict=True))


def test_number_of_batches_is_that_many_of_the_next_epochs(tiny):
    counted, listed = (Stack([small(tiny, norm="batch")], (0, 1)) for _ in range(2))
    counted.reestimate(5)
    batches = [batch for _ in range(2) for batch in listed.batches()]  # 3 in each epoch
    listed.reestimate(x for x, _ in batches[:5])
    assert equal(state(counted), state(listed))


def test_exact_statistics_make_outputs_standard_on_the_training_split(tiny):
    stack = Stack([small(tiny, norm="batch", norm_batch=4, eps=0)], (0,), dtype="float64")
    stack.reestimate()
    x, outputs = torch.tensor(tiny(0).x_train)[:, None], []
    for norm in stack.network.norms:
        norm.register_forward_hook(lambda *found: outputs.append(found[2][:, 0]))
    stack.network.eval()(x)
    for z in outputs:
        torch.testing.assert_close(z.mean(0), torch.zeros(8, dtype=z.dtype), rtol=0, atol=1e-12)
        torch.testing.assert_close(z.var(0), torch.ones(8, dtype=z.dtype))


@pytest.mark.parametrize("batches", [None, 2])
@pytest.mark.parametrize("norm", ["none", "layer"])
def test_network_without_batch_norm_stays_as_it_is(tiny, norm, batches):
    stack = Stack([small(tiny, norm=norm)], (0,))
    before = state(stack)
    stack.reestimate(batches)
    assert equal(before, state(stack))


@pytest.mark.parametrize(
    ("batches", "error", "message"),
    [
        (0, ValueError, "batches must be at least 1, got 0"),
        ([], ValueError, "batches must hold at least one batch, got none: pass a longer list"),
        (0.5, TypeError, "batches must be None, a number of batches, or a list .* got float"),
        (torch.zeros(8, 1, 64), TypeError, r"batches must be .* got Tensor: write \[x\] for one"),
    ],
)
def test_batches_that_are_none_are_refused(tiny, batches, error, message):
    with pytest.raises(error, match=message):
        Stack([small(tiny, norm="batch")], (0,)).reestimate(batches)
