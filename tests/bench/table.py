#!/usr/bin/env python3
"""Measures gradc beside its peers and prints a table: work, gradc, peer, ratio, goal. Arguments: the parts to measure,
`networks`, `gradbench` and `peers`; without any, all.

Peers run in turns with gradc, in one run, several times; the table has medians, and ratios of medians. Times are of the
processor and not of the clock, so that other work on the machine disturbs less; only whole processes and
several threads are timed by the clock, as whoever waits for them does.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile

BENCH = "build/tests/bench/"
UNITS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1}


def in_process(pattern, repetitions):
    """Median seconds of processor time of each benchmark whose name begins with the pattern."""
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        subprocess.run(
            [BENCH + "bench_gradc", f"--benchmark_filter=^{pattern}", f"--benchmark_repetitions={repetitions}",
             "--benchmark_enable_random_interleaving=true", f"--benchmark_out={out.name}"],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        text = open(out.name).read()
        runs = json.loads(text)["benchmarks"] if text else []  # nothing is written if no name fits
    times = {}
    for r in runs:
        if r["run_type"] == "iteration":
            # What several threads do takes time by the clock.
            name = r["run_name"].removesuffix("/real_time")
            spent = r["real_time" if r["run_name"].endswith("/real_time") else "cpu_time"]
            times.setdefault(name.split("/iterations")[0], []).append(spent * UNITS[r["time_unit"]])
    return {name: statistics.median(of) for name, of in times.items()}


def epochs(rounds):
    """Median seconds of an epoch in gradc and in PyTorch; the first epoch of each is to warm up."""
    start = lambda *command: subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    sides = [start(BENCH + "bench_epoch"), start("/usr/bin/python3", "tests/bench/epoch.py")]
    seconds = [[], []]
    for _ in range(1 + rounds):
        for side, times in zip(sides, seconds):
            side.stdin.write("\n")
            side.stdin.flush()
            times.append(float(side.stdout.readline().split()[0]))
    for side in sides:
        side.stdin.close()
        side.wait()
    return [statistics.median(times[1:]) for times in seconds]


def process(command):
    """Median seconds by the clock of a whole process."""
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        subprocess.run(["hyperfine", "--shell=none", "--warmup=3", "--min-runs=20", "--export-json", out.name, command],
                       check=True, stdout=subprocess.DEVNULL)
        return json.load(open(out.name))["results"][0]["median"]


def shown(seconds):
    for unit, size in (("s", 1), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


ROWS = []


def row(work, seconds, peer_name=None, peer=None, at_most=None, within=None):
    ratio = seconds / peer if peer else None
    goal = at_most if peer else within
    met = goal is None or (ratio if peer else seconds) <= goal
    stated = "" if goal is None else f"≤ {goal}" if peer else f"≤ {shown(goal)}"
    ROWS.append((work, shown(seconds), f"{shown(peer)} ({peer_name})" if peer else "", f"{ratio:.2f}" if peer else "",
                 stated, "met" if met else "MISSED"))


# The largest size of each problem, and the suite's words for its derivative.
PROBLEMS = {"gmm": "gradient", "lstm": "gradient", "lse": "gradient", "llsq": "gradient", "ode": "gradient",
            "det": "gradient", "kmeans": "Newton direction", "ba": "Jacobian", "ht": "Jacobian", "particle": "minimum",
            "saddle": "saddle point"}
DATA_GROWS = ("gmm", "lstm", "ode", "kmeans", "ba")


def gradbench():
    """The problems whose models are there."""
    for name, what in PROBLEMS.items():
        times = in_process(f"gradbench/{name}/", 3)
        if not times:
            continue
        derivative = times[f"gradbench/{name}/derivative/gradc"]
        by_hand = lambda which: times[f"gradbench/{name}/{which}/by_hand"]
        if name in ("ba", "ht", "particle", "saddle"):
            row(f"GradBench {name}: {what}", derivative, "C++ by hand", by_hand("derivative"),
                1.2 if name == "ba" else None)
        else:
            row(f"GradBench {name}: {what}", derivative, "C++'s value", by_hand("value"), 4)
        if name == "lstm":
            row("GradBench lstm: gradient with recompute = sqrt", times["gradbench/lstm/recompute/gradc"], "all states kept",
                derivative, 2)
        compiling = in_process(f"compile/gradbench/{name}/", 3)
        at = lambda size: compiling[f"compile/gradbench/{name}/{size}"]
        row(f"GradBench {name}: compile", at("large"), within=0.5)
        if name in DATA_GROWS:
            row(f"GradBench {name}: compile for tenfold data", at("tenfold"), "once", at("once"), 1.2)


def networks():
    nets = in_process("(hidden|mlp)/", 9)
    for name, title in (("hidden", "hidden layer 3-8-1, f64, batch 128"), ("mlp", "784-128-10, f32, batch 128")):
        of = lambda what, side: nets[f"{name}/{what}/{side}"]
        row(f"{title}: value", of("value", "gradc"), "C by hand", of("value", "by_hand"), 1.2)
        row(f"{title}: value and gradient", of("gradient", "gradc"), "C by hand", of("gradient", "by_hand"), 1.2)
        row(f"{title}: value and gradient", of("gradient", "gradc"), "C's value", of("value", "by_hand"), 3.5)
    for batch in (128, 512):
        one, two = (nets[f"mlp/threads/batch:{batch}/threads:{threads}"] for threads in (1, 2))
        row(f"784-128-10, f32, batch {batch}: value and gradient, 2 threads", two, "1 thread", one, 0.59)
    gradc, torch = epochs(7)
    row("Fashion-MNIST epoch, f32, batch 128, SGD", gradc, "PyTorch", torch, 1.0)
    for command in ("check", "diff"):
        row(f"gradc {command} of the hidden layer, the whole process",
            process(f"build/gradc {command} samples/13_hidden_layer.grad"), within=0.005)
    row("gradc eval of the hidden layer, the whole process",
        process("build/gradc eval samples/13_hidden_layer.grad --set x=[1,0,1] --set y=1"), within=0.040)
    hidden = in_process("compile/hidden", 9)
    row("compile the hidden layer's training step", hidden["compile/hidden/3x8"], within=0.060)
    row("compile 4000-6000-1", hidden["compile/hidden/4000x6000"], "40-60-1", hidden["compile/hidden/40x60"], 1.2)
    chains = {**in_process("compile/chain/1000/", 3), **in_process("compile/chain/10000", 1)}
    thousand, ten_thousand = (chains.get(f"compile/chain/{n}") for n in (1000, 10000))
    row("compile a chain of 10⁴ equations", ten_thousand, "10³", thousand, 15)


# The largest ratio of gradc's time to PyTorch's.
PEERS = {"lenet": ("LeNet-5-like, f32, batch 64: value and gradient", 1 / 2.5),
         "char_lstm": ("character LSTM 128, T = 64, f32, batch 32: value and gradient", 1 / 1.7),
         "transformer": ("transformer block d = 128, T = 64, f32, batch 16: value and gradient", 1 / 1.25),
         "logistic": ("Hessian of logistic regression, N = 1000, D = 100", 1 / 50),
         "log_det": ("Hessian of a quadratic form with log det, D = 40", 1 / 50)}


def best_blas():
    """OpenBLAS does not know every processor, and then takes kernels without AVX: it is told."""
    flags = open("/proc/cpuinfo").read()
    return "SkylakeX" if "avx512f" in flags else "Haswell" if "avx2" in flags else ""


def peers():
    """Networks and Hessians beside PyTorch, one thread each."""
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_CORETYPE": best_blas()}
    out = subprocess.run(["/usr/bin/python3", "tests/bench/peers.py", "build/gradc", "tests/bench/models",
                          "samples/24_convolution.grad"],
                         check=True, stdout=subprocess.PIPE, text=True, env=environment).stdout
    for line in out.splitlines():
        of = json.loads(line)
        title, goal = PEERS[of["work"]]
        assert of["difference"] < 1e-4, of  # the same numbers
        row(title, of["gradc"], "PyTorch", of["PyTorch"], round(goal, 3))


PARTS = {"networks": networks, "gradbench": gradbench, "peers": peers}


def main():
    for part in sys.argv[1:] or PARTS:
        PARTS[part]()

    titles = ("work", "gradc", "peer", "ratio", "goal", "")
    widths = [max(len(r[k]) for r in [titles] + ROWS) for k in range(len(titles))]
    for r in [titles, tuple("-" * w for w in widths)] + ROWS:
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(r, widths)) + " |")
    return 0 if all(r[-1] == "met" for r in ROWS) else 1


sys.exit(main())
