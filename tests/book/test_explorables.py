"""Pictures that a reader moves: their numbers are the package's, and every reader can move them."""

import inspect
import json
import re
import sys
from contextlib import contextmanager
from pathlib import Path

import explorables
import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from sphinx.cmd.build import build_main
from torch import nn

from bncourse import scratch
from bncourse.drawings import pool
from bncourse.drawings.circle import steps
from bncourse.drawings.ink import PALETTE

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "_static" / "explorables"
STYLES = (FOLDER / "explorables.css").read_text("utf-8")
NORMS = ("batch", "layer", "instance", "group", "rms")
PAGES = {
    "batch": ("index.html", "chapters/forward-pass.html"),
    "circle": ("chapters/backward-pass.html",),
    "statistics": ("chapters/test-time.html",),
    "pool": ("chapters/alternatives.html",),
}
# What makes the longest sentences.
EXTREMES = {
    "batch": [{"training": False, "x": [-5, -4.5, 10.5, 11], "beta": -3}],
    "circle": [{"x": [-0.5, -1.2, -1.9], "g": [-1.5, -0.5, -1.4]}],
    "statistics": [{"rate": 0.001, "size": 256, "steps": 500}, {"rate": 0.99, "size": 2}],
    "pool": [{"norm": norm, "samples": 1, "image": 0, "groups": 6} for norm in NORMS],
}
PHONE, DESK = {"width": 375, "height": 812}, {"width": 1280, "height": 900}
MOST_LINES = 300
BENCH = """<!doctype html><html lang="en" data-theme="light"><title>Bench</title>
<style>{styles}</style>
<main style="width: 700px"><div class="admonition explorable">{stage}</div></main></html>"""
STAGE = "document.querySelector('.explorable-stage').stage"


def scripts(name):
    return [FOLDER / file for file in explorables.files(name)]


@contextmanager
def visit(browser, url, **options):
    """Open `url` with nothing folded; yield the page, which must log no error."""
    context = browser.new_context(**{"viewport": PHONE, "reduced_motion": "reduce"} | options)
    context.add_init_script("localStorage.setItem('predictions', '{\"all\": true}')")
    page, errors = context.new_page(), []
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(url, wait_until="load")
    yield page
    assert errors == []
    context.close()


@pytest.fixture(
    scope="module", params=[(name, page) for name in PAGES for page in PAGES[name]], ids="-".join
)
def shown(request, browser, site):
    """Each explorable on each of its pages, opened from the file system, with its box."""
    name, path = request.param
    with visit(browser, (site / path).as_uri()) as page:
        box = page.locator(f"#explorable-{name}")
        box.scroll_into_view_if_needed()
        yield page, box


@pytest.fixture(scope="module")
def bench(browser, site):
    """Return a function that gives a page with one explorable and nothing else, as at the start."""
    pages = {}
    themes = ("theme", "pydata-sphinx-theme", "sphinx-book-theme")
    styles = [(site / "_static" / "styles" / f"{theme}.css").read_text("utf-8") for theme in themes]

    def page_of(name):
        if name not in pages:
            page = pages[name] = browser.new_page(viewport=DESK, reduced_motion="reduce")
            page.errors = []
            page.on("pageerror", lambda error: page.errors.append(str(error)))
            page.set_content(
                BENCH.format(styles="".join(styles) + STYLES, stage=explorables.stage(name))
            )
            for script in scripts(name):
                page.add_script_tag(path=script)
        again = explorables.common()["again"]
        pages[name].get_by_role("button", name=again, exact=True).click()
        return pages[name]

    yield page_of
    for page in pages.values():
        assert page.errors == []
        page.close()


def told(page):
    return page.locator(".explorable-told").inner_text()


def state(page):
    return page.evaluate(f"{STAGE}.state")


def numbers(page):
    return page.evaluate(f"{STAGE}.numbers")


def model(page, name, state):
    return page.evaluate(f"state => explorables.{name}.model(state)", state)


def slider(page, label):
    return page.get_by_role("slider", name=label, exact=True)


def drag(page, handle, right, down=0):
    """Drag a handle by some pixels, with the mouse."""
    handle.scroll_into_view_if_needed()
    box = handle.locator(".explorable-reach").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right, y + down, steps=4)
    page.mouse.up()


def close(found, expected):
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


# What holds for all of them.


@pytest.mark.parametrize("name", PAGES)
def test_the_text_tells_what_a_key_has_changed(bench, name):
    page = bench(name)
    assert page.locator(".explorable-told").get_attribute("aria-live") == "polite"
    before, handle = told(page), page.locator(".explorable-handle").first
    was = handle.get_attribute("aria-valuetext")
    handle.focus()
    page.keyboard.press("ArrowRight")
    assert told(page) != before
    assert handle.get_attribute("aria-valuetext") != was
    page.get_by_role("button", name="Start again").click()
    assert told(page) == before


@pytest.mark.parametrize("name", PAGES)
def test_every_word_is_used_and_none_is_left_to_fill_in(bench, name):
    source = (FOLDER / f"{name}.js").read_text("utf-8")
    own = set(explorables.words()[name]) - set(explorables.common())
    used = set(re.findall(r"\bwords\.(\w+)", source)) - set(explorables.common())
    assert used - {"title"} == own - {"title"}
    page = bench(name)
    assert not re.search(r"[{}]|undefined|NaN", told(page))
    assert not re.search(r"[{}]|undefined|NaN", page.locator("svg").text_content())


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_it_starts_from_the_file_system_and_nothing_shifts(shown, viewport):
    page, box = shown
    page.set_viewport_size(viewport)
    stage = box.locator(".explorable-stage")
    assert stage.locator("svg").is_visible()
    assert stage.locator(".explorable-still").is_hidden()
    reserved = stage.evaluate("stage => parseFloat(getComputedStyle(stage).minHeight)")
    assert stage.bounding_box()["height"] == pytest.approx(reserved, abs=1)
    for change in EXTREMES[stage.get_attribute("data-explorable")]:
        stage.evaluate("(box, change) => box.stage.change(change)", change)
        assert stage.bounding_box()["height"] == pytest.approx(reserved, abs=1)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_it_is_accessible(bench, name, mode):
    page = bench(name)
    page.evaluate("mode => document.documentElement.dataset.theme = mode", mode)
    page.wait_for_timeout(200)
    found = Axe().run(page, context=".explorable").response["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"][:120]) for fault in found] == []


def test_on_paper_a_sentence_stands_in_its_place(shown):
    page, box = shown
    page.emulate_media(media="print")
    assert box.get_by_text("In a browser with JavaScript").is_visible()
    assert box.locator("svg:visible, button:visible, input:visible").count() == 0
    assert box.locator(".explorable-stage").bounding_box()["height"] < 100
    page.emulate_media(media="screen")


def test_without_a_script_a_sentence_stands_in_its_place(browser, site):
    with visit(browser, (site / "index.html").as_uri(), java_script_enabled=False) as page:
        box = page.locator("#explorable-batch")
        assert box.get_by_text("In a browser with JavaScript").is_visible()
        assert box.locator(".explorable-stage").bounding_box()["height"] < 100


@pytest.mark.parametrize("name", PAGES)
def test_its_scripts_are_small_and_without_words(name):
    for path in scripts(name):
        lines = path.read_text("utf-8").splitlines()
        assert len(lines) <= MOST_LINES
        code = re.sub(r"/\*.*?\*/|//.*$", "", "\n".join(lines), flags=re.S | re.M)
        texts = [text for _, text in re.findall(r"""(["'`])((?:(?!\1).)*)\1""", code)]
        assert [t for t in texts if re.search(r"\b[a-z]{2,} (the|a|is|of|and|in|to)\b", t)] == []


def test_the_hues_are_those_of_the_drawings():
    for hue in PALETTE.split(";"):
        assert f"{hue.replace(':', ': ', 1)};" in STYLES


def test_motion_is_smooth_unless_the_reader_wants_none(browser, bench):
    change = f"{STAGE}.change({{ x: [-4, 3, 5, 8] }}, true)"
    page = bench("batch")
    page.evaluate(change)
    assert numbers(page)["rows"][0]["values"][0] == -4
    page.emulate_media(reduced_motion="no-preference")
    page.get_by_role("button", name="Start again").click()
    page.wait_for_function(f"{STAGE}.numbers.rows[0].values[0] === 2")
    page.evaluate(change)
    assert numbers(page)["rows"][0]["values"][0] > -4
    page.wait_for_function(f"{STAGE}.numbers.rows[0].values[0] === -4")
    page.emulate_media(reduced_motion="reduce")


def test_a_finger_moves_a_handle(browser, site):
    with visit(browser, (site / "index.html").as_uri(), has_touch=True) as page:
        handle = slider(page, "the fourth value")
        handle.scroll_into_view_if_needed()
        box = handle.locator(".explorable-reach").bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        finger = page.context.new_cdp_session(page)
        for kind, places in (("Start", [(0, 0)]), *(("Move", [(-d, 0)]) for d in (9, 18, 30))):
            points = [{"x": x + dx, "y": y + dy} for dx, dy in places]
            finger.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})
        finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        assert 5 < state(page)["x"][3] < 7.5


# The extension.

CONFIGURATION = """
extensions = ["myst_nb", "explorables"]
myst_enable_extensions = ["colon_fence"]
nb_execution_mode = "off"
html_static_path = ["_static"]
html_js_files = ["explorables/batch.js"]  # as Jupyter Book has it
"""


@pytest.fixture
def built(tmp_path, capfd):
    """Return a function that builds a book of two pages, and gives the second one."""

    def build(page):
        (tmp_path / "conf.py").write_text(CONFIGURATION)
        (tmp_path / "index.md").write_text("# Front\n\n```{toctree}\npage\n```\n")
        (tmp_path / "page.md").write_text(f"# Page\n\n{page}\n")
        (tmp_path / "_static").mkdir()
        (tmp_path / "_static" / "explorables").symlink_to(FOLDER)
        out = tmp_path / "_build"
        code = build_main(["-q", "-W", "--keep-going", str(tmp_path), str(out)])
        said = capfd.readouterr().err
        pages = [
            BeautifulSoup((out / f"{name}.html").read_text("utf-8"), "html.parser")
            for name in ("index", "page")
        ]
        return *pages, said, code

    return build


def test_only_a_page_with_an_explorable_loads_its_scripts(built):
    front, page, said, code = built(":::{admonition} Try it\n:class: explorable batch\nWhy?\n:::")
    assert (code, said) == (0, "")
    loaded = [script["src"] for script in page.select("script[src*=explorables]")]
    assert [re.search(r"([\w-]+\.js)", src)[1] for src in loaded] == [
        p.name for p in scripts("batch")
    ]
    assert all(script.has_attr("defer") for script in page.select("script[src*=explorables]"))
    assert page.select_one("link[href*='explorables.css']")
    assert not front.select("script[src*=explorables], link[href*=explorables]")


def test_an_explorable_has_a_name_and_its_words(built):
    _front, page, *_ = built(":::{admonition} Try it\n:class: explorable batch\nWhy?\n:::")
    box = page.select_one("#explorable-batch")
    assert box.select_one("p:not(.admonition-title)").get_text() == "Why?"
    words = json.loads(box.select_one("[data-explorable=batch] > script").string)
    assert words == explorables.words()["batch"]


def test_an_explorable_that_nobody_knows_fails_the_build(built):
    *_, said, code = built(":::{admonition} Try it\n:class: explorable wheel\nWhy?\n:::")
    assert code == 1
    assert "an explorable of the classes explorable wheel: add one of batch" in said


# A batch through batch norm.


def a_batch(rng, training):
    running = {"mean": rng.normal(), "variance": rng.uniform(0.1, 9), "steps": 3}
    return {
        "x": list(rng.normal(3, rng.choice([0.01, 4]), 4)),
        "gamma": rng.normal(),
        "beta": rng.normal(),
        "eps": rng.choice([1e-5, 0.1, 10]),
        "training": training,
        "running": running,
    }


@pytest.mark.parametrize("training", [True, False])
def test_batch_computes_what_the_package_computes(bench, training):
    page, rng = bench("batch"), np.random.default_rng(0)
    for _ in range(30):
        given = a_batch(rng, training)
        found = model(page, "batch", given)
        x = np.array(given["x"])[:, None]
        affine = np.array([given["gamma"]]), np.array([given["beta"]])
        running = (np.array([given["running"][key]]) for key in ("mean", "variance"))
        if training:
            norm, statistics = scratch.batch_norm, ()
        else:
            norm, statistics = scratch.batch_norm_eval, tuple(running)
        x_hat, y = (norm(x, *statistics, *extra, eps=given["eps"])[0] for extra in ((), affine))
        for row, values in zip(found["rows"], (x, x_hat, y), strict=True):
            moments = scratch.moments_of(values, 0)
            close(row["values"], values[:, 0])
            close([row["mean"], row["spread"] ** 2], [moments.mean[0], moments.var[0]])


def test_a_step_moves_the_running_averages_as_the_package_does(bench):
    page, rng = bench("batch"), np.random.default_rng(1)
    for _ in range(10):
        given = a_batch(rng, True)
        found = page.evaluate("state => explorables.batch.step(state)", given)
        running = given["running"]
        old = scratch.RunningStatistics(
            np.array([running["mean"]]), np.array([running["variance"]]), running["steps"]
        )
        new = scratch.update_running(old, scratch.moments_of(np.array(given["x"])[:, None], 0))
        close([found["mean"], found["variance"]], [new.mean[0], new.var[0]])
        assert found["steps"] == new.num_updates


def test_batch_starts_as_the_package_does_and_its_button_makes_a_step(bench):
    page = bench("batch")
    start = scratch.RunningStatistics.start(1)
    assert state(page)["running"] == {"mean": start.mean[0], "variance": start.var[0], "steps": 0}
    page.get_by_role("button", name="One more step").click()
    close(state(page)["running"]["mean"], 0.1 * np.mean(state(page)["x"]))
    page.get_by_text("evaluation", exact=True).click()
    assert page.get_by_role("button", name="One more step").is_disabled()
    assert state(page)["training"] is False


def test_batch_moves_one_value_with_the_mouse(bench):
    page = bench("batch")
    drag(page, slider(page, "the first value"), -200)
    x = state(page)["x"]
    assert x[0] < 1 and x[1:] == [3, 5, 8]


@pytest.mark.parametrize("handle", ["all four values alike", "how far the values are apart"])
def test_what_the_layer_takes_out_changes_nothing_behind_it(bench, handle):
    page = bench("batch")
    before = numbers(page)["rows"]
    drag(page, slider(page, handle), 100)
    after = numbers(page)["rows"]
    assert np.min(np.abs(np.subtract(after[0]["values"], before[0]["values"]))) > 0.1
    np.testing.assert_allclose(after[2]["values"], before[2]["values"], atol=1e-4)


# The circle.

circle_module = sys.modules["bncourse.drawings.circle"]  # the package has a function of that name


def drawn_steps(state):
    """Return what the static drawing shows, and the gradient for x."""
    points = steps(state["x"], state["g"])
    _, cache = scratch.batch_norm(np.array(state["x"])[:, None], eps=0.0)
    dx, *_ = scratch.batch_norm_backward(np.array(state["g"])[:, None], cache)
    return points, cache.moments, dx[:, 0]


def test_circle_computes_what_the_drawing_computes(bench):
    page, rng = bench("circle"), np.random.default_rng(0)
    for _ in range(30):
        given = {"x": list(rng.normal(1, 2, 3)), "g": list(rng.normal(1, 1, 3)), "turn": 0}
        found = model(page, "circle", given)
        points, moments, dx = drawn_steps(given)
        for ours, theirs in (("d", "d"), ("hat", "x_hat"), ("level", "level"), ("left", "left")):
            close(found[ours], points[theirs])
        close([found["mean"], found["s"] ** 2], [moments.mean[0], moments.var[0]])
        close(found["dx"], dx)
        removed = [points["g"] - points["level"], points["level"] - points["left"]]
        squares = [part @ part for part in (*removed, points["left"])]
        close(found["shares"], squares / (points["g"] @ points["g"]))


def test_circle_sees_the_space_as_the_drawing_does(bench):
    found = bench("circle").evaluate("explorables.circle.directions(-80)")
    close([found[name] for name in ("right", "behind", "ones")], circle_module._directions())


def test_circle_starts_as_the_drawing(bench):
    drawn = inspect.signature(circle_module.circle).parameters
    start = state(bench("circle"))
    assert (tuple(start["x"]), tuple(start["g"])) == (drawn["x"].default, drawn["g"].default)


def test_circle_lifts_x_without_moving_its_shadow(bench):
    page = bench("circle")
    before = numbers(page)
    drag(page, slider(page, "x, from the side: to the right, and along (1, 1, 1)"), 0, -40)
    after = numbers(page)
    assert after["mean"] > before["mean"] + 0.3
    close(after["d"], before["d"])


def test_circle_moves_g_in_the_plane_and_leaves_its_mean(bench):
    page = bench("circle")
    before = np.array(state(page)["g"])
    drag(page, slider(page, "gradient g, seen along (1, 1, 1): in the plane"), -60, -30)
    moved = np.array(state(page)["g"]) - before
    assert np.linalg.norm(moved) > 1
    assert moved.sum() == pytest.approx(0, abs=1e-9)


def test_circle_moves_both_ways_by_keys(bench):
    page = bench("circle")
    slider(page, "x, seen along (1, 1, 1): in the plane").focus()
    right, behind, ones = (np.array(d) for d in circle_module._directions())
    for key, direction in {"ArrowRight": right, "ArrowDown": -behind}.items():
        before = np.array(state(page)["x"])
        page.keyboard.press(key)
        close(np.array(state(page)["x"]) - before, 0.05 * direction)


def test_circle_keeps_x_off_its_axis_and_g_within_reach(bench):
    page = bench("circle")
    drag(page, slider(page, "x, seen along (1, 1, 1): in the plane"), 400, 200)
    assert np.linalg.norm(numbers(page)["d"]) == pytest.approx(2.5)
    drag(page, slider(page, "gradient g, seen along (1, 1, 1): in the plane"), -400, 0)
    assert np.linalg.norm(numbers(page)["level"]) == pytest.approx(1.6)


# Running averages.


def test_statistics_follows_a_path_as_the_package_does(bench):
    page = bench("statistics")
    for given in ({"rate": 0.1, "size": 16, "seed": 1}, {"rate": 0.99, "size": 2, "seed": 7}):
        found = model(page, "statistics", given | {"steps": 50})["path"]
        drawn = page.evaluate("state => explorables.statistics.batches(state, 60)", given)
        running = scratch.RunningStatistics.start(1, np.float64)
        for values, after in zip(np.array(drawn)[..., None], found[:60], strict=True):
            close([after["mean"], after["variance"]], [running.mean[0], running.var[0]])
            moments = scratch.moments_of(values, 0)
            running = scratch.update_running(running, moments, given["rate"])


def test_statistics_expects_what_the_recursion_gives(bench):
    page = bench("statistics")
    for rate, size in ((0.1, 16), (0.01, 2), (0.99, 64)):
        given = {"rate": rate, "size": size, "seed": 1, "steps": 50}
        found = model(page, "statistics", given)["expected"]
        of_batch = np.array([10, 100])
        variances = np.array([100 / size, 100**2 * 2 / (size - 1)])
        expected, spread = np.array([0.0, 1.0]), np.zeros(2)
        for each in found[:200]:
            close([each["mean"], each["variance"]], expected)
            close([each["spread"]["mean"], each["spread"]["variance"]], np.sqrt(spread))
            expected = (1 - rate) * expected + rate * of_batch
            spread = (1 - rate) ** 2 * spread + rate**2 * variances


def test_statistics_draws_its_batches_from_the_truth(bench):
    draw = "explorables.statistics.batches({ size: 256, seed: 3 }, 400)"
    values = np.array(bench("statistics").evaluate(draw)).ravel()
    assert values.mean() == pytest.approx(10, abs=0.1)
    assert values.var() == pytest.approx(100, rel=0.02)
    standard = (values - values.mean()) / values.std()
    assert (standard**3).mean() == pytest.approx(0, abs=0.05)
    assert (standard**4).mean() == pytest.approx(3, abs=0.1)
    assert abs(np.corrcoef(standard[1:], standard[:-1])[0, 1]) < 0.02


def test_statistics_marks_the_defaults_of_the_libraries(bench):
    page = bench("statistics")
    for mark, rate in (("PyTorch 0.1", nn.BatchNorm1d(1).momentum), ("Keras 0.01", 1 - 0.99)):
        page.get_by_role("button", name=mark).click()
        assert state(page)["rate"] == pytest.approx(rate)


def test_statistics_moves_its_end_by_keys_and_by_the_mouse(bench):
    page = bench("statistics")
    end = slider(page, "training steps")
    end.focus()
    for key in ("ArrowRight", "PageUp", "Shift+ArrowLeft", "ArrowUp"):
        page.keyboard.press(key)
    assert state(page)["steps"] == 50 + 1 + 10 - 10 + 1
    drag(page, end, 2000)
    assert state(page)["steps"] == 500
    assert "After 500 steps" in told(page)


def test_statistics_takes_another_path_and_the_same_expectation(bench):
    page = bench("statistics")
    before = numbers(page)
    page.get_by_role("button", name="Another path").click()
    after = numbers(page)
    assert after["expected"] == before["expected"]
    assert after["path"][50]["mean"] != before["path"][50]["mean"]


# The pool.

IMAGES = [(1, 1), (1, 2), (2, 2)]


def norm_of(name, x, groups):
    """Return what the package makes of a block (N, C, H, W)."""
    if name == "group":
        return scratch.group_norm(x, groups)
    if name in ("layer", "rms"):
        norm = {"layer": scratch.layer_norm, "rms": scratch.rms_norm}[name]
        return norm(x, normalized_shape=x.shape[1:])
    return {"batch": scratch.batch_norm, "instance": scratch.instance_norm}[name](x)


@pytest.mark.parametrize("norm", NORMS)
def test_pool_computes_what_the_package_computes(bench, norm):
    page, rng = bench("pool"), np.random.default_rng(0)
    for _ in range(10):
        samples, image, groups = rng.integers(1, 5), rng.integers(3), rng.choice([1, 2, 3, 6])
        x = rng.normal(2, 3, (samples, 6, *IMAGES[image]))
        chosen = tuple(int(rng.integers(size)) for size in x.shape)
        given = {"norm": norm, "samples": int(samples), "image": int(image), "groups": int(groups)}
        call = "([state, values]) => explorables.pool.model(state, values)"
        found = page.evaluate(call, [given | {"chosen": chosen}, x.tolist()])
        y, _ = norm_of(norm, x, int(groups))
        close(found["hat"], y[chosen])
        in_pool = {tuple(cell["place"]) for cell in found["cells"] if cell["pool"]}
        assert len(in_pool) == found["count"] == x.size / found["pools"]
        values = np.array([x[place] for place in in_pool])
        close([found["mean"]], [values.mean()])
        for place in np.ndindex(x.shape):
            other = x.copy()
            other[place] += 1
            changed = norm_of(norm, other, int(groups))[0][chosen] != y[chosen]
            alone = len(in_pool) == 1 and norm != "rms"
            assert changed == (place in in_pool and not alone)


def test_pool_frames_what_shares_a_gamma_as_the_drawing_does(bench):
    page = bench("pool")
    for norm in NORMS:
        given = {"norm": norm, "samples": 4, "image": 2, "groups": 2, "chosen": pool.CHOSEN}
        found = model(page, "pool", given)
        for key, expected in zip(("pool", "affine"), pool.region(norm), strict=True):
            marked = [tuple(cell["place"]) for cell in found["cells"] if cell[key]]
            assert set(marked) == set(map(tuple, np.argwhere(expected).tolist()))


def test_pool_is_chosen_with_the_mouse_and_with_keys(bench):
    page = bench("pool")
    drag(page, slider(page, "number"), 30, 60)
    n, c, h, w = state(page)["chosen"]
    assert (n, c, h, w) == (1, 4, 0, 1)
    for key in ("ArrowLeft", "ArrowLeft", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    assert state(page)["chosen"] == [2, 3, 0, 1]
    page.keyboard.press("Home")
    assert state(page)["chosen"] == [2, 0, 0, 0]
    assert "in sample 3, channel 1, row 1, column 1" in told(page)


def test_pool_is_chosen_by_a_click_on_its_number(bench):
    page = bench("pool")
    page.locator(".explorable-picture").click(position={"x": 50, "y": 45})
    assert state(page)["chosen"] == [0, 0, 0, 0]


def test_pool_offers_groups_to_group_norm_alone(bench):
    page = bench("pool")
    groups = page.get_by_role("radiogroup", name="Groups G")
    assert groups.get_by_role("radio").first.is_disabled()
    page.get_by_text("group", exact=True).click()
    assert groups.get_by_role("radio").first.is_enabled()
    groups.get_by_text("6", exact=True).click()
    assert numbers(page)["count"] == 4
