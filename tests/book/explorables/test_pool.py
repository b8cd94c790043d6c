"""The pool of a number: what belongs to it, and how it is chosen."""

import numpy as np
import pytest

from bncourse import scratch
from bncourse.drawings import pool

NORMS = ("batch", "layer", "instance", "group", "rms")
IMAGES = {"1 × 1": (1, 1), "1 × 2": (1, 2), "2 × 2": (2, 2)}


def close(found, expected):
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


def norm_of(name, x, groups):
    """Return what the package makes of a block (N, C, H, W)."""
    if name == "group":
        return scratch.group_norm(x, groups)
    if name in ("layer", "rms"):
        norm = {"layer": scratch.layer_norm, "rms": scratch.rms_norm}[name]
        return norm(x, normalized_shape=x.shape[1:])
    return {"batch": scratch.batch_norm, "instance": scratch.instance_norm}[name](x)


@pytest.mark.parametrize("norm", NORMS)
def test_pool_computes_what_the_package_computes(benches, norm):
    bench, rng = benches("pool"), np.random.default_rng(0)
    for _ in range(10):
        samples, groups = int(rng.integers(1, 5)), int(rng.choice([1, 2, 3, 6]))
        image = str(rng.choice(list(IMAGES)))
        x = rng.normal(2, 3, (samples, 6, *IMAGES[image]))
        chosen = tuple(int(rng.integers(size)) for size in x.shape)
        given = {"norm": norm, "samples": samples, "image": image, "groups": groups}
        given = {"state": given | {"chosen": chosen}, "values": x.tolist()}
        found = bench.evaluate("explorables.pool.model(given.state, given.values)", given)
        y, _ = norm_of(norm, x, groups)
        close(found["hat"], y[chosen])
        in_pool = {tuple(cell["place"]) for cell in found["cells"] if cell["pool"]}
        assert len(in_pool) == found["count"] == x.size / found["pools"]
        values = np.array([x[place] for place in in_pool])
        close([found["mean"]], [values.mean()])
        for place in np.ndindex(x.shape):
            other = x.copy()
            other[place] += 1
            changed = norm_of(norm, other, groups)[0][chosen] != y[chosen]
            alone = len(in_pool) == 1 and norm != "rms"
            assert changed == (place in in_pool and not alone)


def test_pool_frames_what_shares_a_gamma_as_the_drawing_does(benches):
    bench = benches("pool")
    for norm in NORMS:
        given = {"norm": norm, "samples": 4, "image": "2 × 2", "groups": 2, "chosen": pool.CHOSEN}
        found = bench.model(given)
        for key, expected in zip(("pool", "affine"), pool.region(norm), strict=True):
            marked = [tuple(cell["place"]) for cell in found["cells"] if cell[key]]
            assert set(marked) == set(map(tuple, np.argwhere(expected).tolist()))


def test_pool_is_chosen_with_the_mouse_and_with_keys(benches):
    bench = benches("pool")
    bench.drag("number", 30, 60)
    n, c, h, w = bench.state["chosen"]
    assert (n, c, h, w) == (1, 4, 0, 1)
    bench.keys("number", "ArrowLeft", "ArrowLeft", "ArrowDown", "ArrowDown")
    assert bench.state["chosen"] == [2, 3, 0, 1]
    bench.keys("number", "Home")
    assert bench.state["chosen"] == [2, 0, 0, 0]
    assert "in sample 3, channel 1, row 1, column 1" in bench.told


def test_pool_is_chosen_by_a_click_on_its_number(benches):
    bench = benches("pool")
    bench.page.locator(".explorable-picture").click(position={"x": 50, "y": 45})
    assert bench.state["chosen"] == [0, 0, 0, 0]


def test_pool_offers_groups_to_group_norm_alone(benches):
    bench = benches("pool")
    groups = bench.page.get_by_role("radiogroup", name="Groups G").get_by_role("radio")
    assert groups.first.is_disabled()
    bench.choose("Norm", "group")
    assert groups.first.is_enabled()
    bench.choose("Groups G", "6")
    assert bench.numbers["count"] == 4
