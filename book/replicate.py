"""Repeat the experiments of the chapters elsewhere, and see whether their verdicts stand.

Elsewhere is: another arithmetic of the processor, another rounding of the initial weights, other
seeds. Each chapter is executed with all results computed anew; its claims note what was measured,
and raise nothing. The table shows each claim as stored and as replicated. The program ends with an
error if a verdict changes.
"""

import argparse
import json
import math
import os
import re
import sys
from concurrent.futures import ThreadPoolExecutor

import nbformat
from cards import cards
from notebooks import executed
from results import CHAPTERS, PROCESSES, chapters
from scipy import stats
from tqdm import tqdm

from bncourse.evidence.store import MODE
from bncourse.experiments.variation import VARIATION

TABLE = CHAPTERS.parent / "_build" / "replicate"
COLOURS = re.compile(r"\x1b\[[\d;]*m")
ALARM = 0.01  # how often two measurements of one quantity are called different, over all of them
ARITHMETICS = {
    "as it is": {},
    "avx2": {
        "ATEN_CPU_CAPABILITY": "avx2",
        "MKL_CBWR": "AVX2",
        "ONEDNN_MAX_CPU_ISA": "AVX2",
        "OPENBLAS_CORETYPE": "Haswell",
    },
    "compatible": {
        "ATEN_CPU_CAPABILITY": "default",
        "MKL_CBWR": "COMPATIBLE",
        "ONEDNN_MAX_CPU_ISA": "SSE41",
        "OPENBLAS_CORETYPE": "Nehalem",
    },
}
ELSEWHERE = {
    **{f"arithmetic {name}": variables for name, variables in ARITHMETICS.items()},
    **{f"jitter {k}": {VARIATION: f"jitter={k}"} for k in (1, 2, 3)},
    **{f"seeds + {n}": {VARIATION: f"seeds={n}"} for n in (1000, 2000)},
}


def named(path):
    """Return the name of a notebook: its path in the folder of chapters, without the ending."""
    return path.relative_to(CHAPTERS).with_suffix("").as_posix()


def replicated(path, variables):
    """Return what a chapter's claims measured elsewhere, by id, and the errors of its cells."""
    name = named(path).replace("/", "-")
    noted = TABLE / f"{name}.jsonl.{os.getpid()}.{abs(hash(tuple(variables.items())))}"
    noted.unlink(missing_ok=True)
    anew = {MODE: "recompute", "BNCOURSE_CLAIMS": str(noted)}
    notebook = executed(path, allow_errors=True, **anew, **variables)
    lines = noted.read_text("utf-8").splitlines() if noted.exists() else []
    noted.unlink(missing_ok=True)
    errors = [
        f"{named(path)}: {output.ename}: {output.evalue} {failing_line(output)}"
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == "error"
    ]
    return {claim["id"]: claim for claim in map(json.loads, lines)}, errors


def failing_line(output):
    """Return the line of a cell at which an error was raised, as IPython points at it."""
    lines = COLOURS.sub("", "\n".join(output.traceback)).splitlines()
    return next((line for line in lines if re.match("-+> ", line)), "")


def stored_cards(paths):
    """Return the evidence of all cards as stored, by id and label."""
    outputs = [
        output
        for path in paths
        for cell in nbformat.read(path, as_version=4).cells
        for output in cell.get("outputs", [])
    ]
    return {
        card["id"]: {piece["label"]: piece["data"] for piece in card["evidence"]}
        for card in cards(outputs)
    }


def estimates(evidence):
    """Return those pieces of evidence that are estimates, by label."""
    return {label: data for label, data in evidence.items() if isinstance(data, dict)}


def judged(claim):
    """Yield of each case of a claim: its name, how its verdict fares, and its distance.

    A verdict *stands* if it is measured again, is *weaker* if the same side of the margin is
    measured with less than three standard errors, and has *changed* if it is the other side. An
    open verdict stands, or is *decided* elsewhere.
    """
    for case, (words, distance) in zip(
        claim["cases"],
        zip(claim["cases"].values(), claim["distances"].values(), strict=True),
        strict=True,
    ):
        stated, measured = words["stated"], words["measured"]
        if stated == measured:
            fate = "stands"
        elif stated == "open":
            fate = "decided"
        elif measured == "open" and distance is not None and (distance > 0) == (stated == "holds"):
            fate = "weaker"
        else:
            fate = "changed"
        yield case, fate, distance


def standard_error(estimate):
    """Return the standard error that an interval stands for."""
    quantile = stats.t.isf((1 - estimate["confidence"]) / 2, estimate["seeds"] - 1)
    return (estimate["high"] - estimate["low"]) / (2 * quantile)


def compare(stored, fresh, numbers):
    """Yield rows: claim, label, stored, fresh, whether inside the interval, whether it differs."""
    limit = stats.norm.isf(ALARM / 2 / max(1, numbers))
    for id, evidence in stored.items():
        new = estimates(fresh[id]["evidence"]) if id in fresh else {}
        for label, old in estimates(evidence).items():
            if label in new:
                error = math.hypot(standard_error(old), standard_error(new[label]))
                off = abs(new[label]["value"] - old["value"])
                inside = old["low"] <= new[label]["value"] <= old["high"]
                yield id, label, old, new[label], inside, bool(off > limit * error + 1e-9)


def report(stored, fresh, errors, total):
    """Print how a chapter's replication compares; return its changed verdicts, and its rows."""
    rows = list(compare(stored, fresh, total))
    for id, label, old, new, _, differs in rows:
        print(
            f"{id:24} {label[:60]:60} {old['value']:9.4g} ({old['low']:.4g} to {old['high']:.4g})"
            f" {new['value']:9.4g}{'  DIFFERS' * differs}"
        )
    changed = [f"{id} (not reached)" for id in stored if id not in fresh]
    for id, claim in fresh.items():
        for case, fate, distance in judged(claim):
            if fate != "stands":
                print(f"{fate.upper()}: {id} {case}: {claim['cases'][case]}, distance {distance}")
            if fate == "changed":
                changed.append(f"{id} {case}")
    for error in errors:
        print(f"ERROR: {error[:300]}")
    return changed, rows


def replicate(name, paths, total):
    """Replicate chapters under a variation, each reported when it ends; return what changed."""
    print(f"\n## {name}")
    changed, inside = [], []
    with ThreadPoolExecutor(PROCESSES) as pool:
        runs = pool.map(replicated, paths, [ELSEWHERE[name]] * len(paths))
        for path, (fresh, errors) in zip(paths, tqdm(runs, total=len(paths)), strict=True):
            print(f"# {named(path)}", flush=True)
            found, rows = report(stored_cards([path]), fresh, errors, total)
            changed += [f"{verdict} ({name})" for verdict in found]
            inside += [row[4] for row in rows]
    print(f"{name}: {sum(inside)} of {len(inside)} values inside the stored interval", flush=True)
    return changed


def asked(arguments):
    """Return the paths of the chapters and the names of the variations that a command asks for."""
    names = {named(path): path for path in chapters()}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=ELSEWHERE, default=list(ELSEWHERE))
    parser.add_argument("--chapters", nargs="+", choices=names, default=list(names))
    words = parser.parse_args(arguments)
    return [names[name] for name in words.chapters], words.only


def main(arguments):
    """Replicate some or all chapters under some or all variations."""
    paths, variations = asked(arguments)
    TABLE.mkdir(parents=True, exist_ok=True)
    stored = stored_cards(paths)
    total = sum(len(estimates(evidence)) for evidence in stored.values()) * len(ELSEWHERE)
    changed = [verdict for name in variations for verdict in replicate(name, paths, total)]
    print(f"\n{len(changed)} verdicts changed: {', '.join(changed) or 'none'}")
    return bool(changed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
