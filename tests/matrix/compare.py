#!/usr/bin/env python3
"""What gradc prints as matrices and what it computes, side by side, at random points.

    compare.py GRADC MODEL.grad …        models whose line `# diff: --of f --wrt X` says what is derived
    compare.py GRADC --random N          N random systems of matrices
"""
import json
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

sys.path.append(str(Path(__file__).parents[1] / "support"))
from run_command import run

from read_latex import Identity, Ones, Outer, compute

np.seterr(all="ignore")  # log of what is negative: compared as NaN
GREEK = "alpha beta gamma delta epsilon lambda mu nu sigma theta Gamma Delta Theta Lambda Sigma".split()


def latex_name(name):
    return "\\" + name if name in GREEK else name


def column(value):
    array = np.array(value, dtype=float)
    return float(array) if array.ndim == 0 else array.reshape(-1, 1) if array.ndim == 1 else array


def sized(value, like):
    """Ones, I and sums that know no length yet, as large as `like`."""
    if isinstance(value, Identity):
        return value.factor * np.eye(like.shape[0])
    if isinstance(value, Ones):
        return np.ones_like(like)
    if isinstance(value, Outer):
        value = value.vector
    return value * np.ones_like(like)


def compare(gradc, path, generator):
    text = open(path).read()
    options = re.search(r"^# diff: (.*)$", text, re.M).group(1).split()
    of, wrt = options[options.index("--of") + 1], options[options.index("--wrt") + 1]
    order = int(options[options.index("--order") + 1]) if "--order" in options else 1
    dims = {}
    for line in re.findall(r"^dim (.*)$", text, re.M):
        for name in line.split(","):
            if "=" not in name:
                dims[name.strip()] = len(dims) + 2
    sizes = [o for name, size in dims.items() for o in ("--dim", f"{name}={size}")]
    names, sets = {}, []
    for line in re.findall(r"^(?:const|param|input|target) (.*)$", text, re.M):
        for item in re.split(r",\s*(?![^\[]*\])", line):
            name, axes, member = re.match(r"(\w+)(?:\[([^\]]*)\])?(?: in (\w+))?", item.strip()).groups()
            if member:
                names[f"\\mathrm{{{name}}}"] = 1
                sets += ["--set", f"{name}=1"]
                continue
            shape = [dims[a.strip()] for a in axes.split(",")] if axes else []
            value = generator.uniform(0.2, 1.2, shape)
            if len(shape) == 2 and shape[0] == shape[1]:
                value = value + np.eye(shape[0])
            names[latex_name(name)] = column(value)
            sets += ["--set", f"{name}={json.dumps(np.asarray(value).tolist())}"]
    names.update({name: float(size) for name, size in dims.items() if name not in names})
    command = [gradc, "diff", path, *options, *sizes, "--style", "matrix", "--format", "latex"]
    latex = run(*command)
    printed = compute(latex, names)
    answer = json.loads(run(gradc, "eval", path, *options, *sizes, *sets, "--json"))[of]
    wanted = answer["hessian"][wrt][wrt] if order == 2 else answer["gradient"][wrt]
    wanted = column(wanted)
    if not np.isscalar(wanted):
        printed = sized(printed, wanted)
    error = np.max(np.abs(printed - wanted)) / (1 + np.max(np.abs(wanted)))
    if not error < 1e-9:
        raise ValueError(f"{path}: printed and computed differ by {error:.3g}\n{latex}\n{printed}\n{wanted}")


class RandomSystem:
    """A scalar of matrices and vectors over dims M, N, K, with named values between."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines = []
        self.known = {}  # shape -> names
        for name, shape in (("A", "MN"), ("B", "NK"), ("C", "MM"), ("G", "NN"), ("a", "M"), ("b", "N"), ("c", "K"),
                            ("X", "MN"), ("x", "N")):
            self.known.setdefault(shape, []).append(name)
        self.letters = iter("PQRSTUVWYZ")
        self.vectors = iter("pqrstuvwyz")

    def pick(self, shape):
        names = self.known.get(shape, [])
        if not names:
            return None
        return names[0] if self.random.random() < 0.5 else self.random.choice(names)  # what was named last

    def value(self, shape, depth):
        r = self.random
        kind = r.choice(["name", "product", "product", "sum", "hadamard", "function", "scaled"])
        if depth == 0 or kind == "name":
            name = self.pick(shape)
            if name:
                return name
            kind = "product"
        if kind == "product":
            middle = r.choice("MNK")
            if len(shape) == 2:
                if r.random() < 0.2:
                    return f"outer({self.value(shape[0], depth - 1)}, {self.value(shape[1], depth - 1)})"
                return f"({self.value(shape[0] + middle, depth - 1)} @ {self.value(middle + shape[1], depth - 1)})"
            return f"({self.value(shape + middle, depth - 1)} @ {self.value(middle, depth - 1)})"
        if kind == "sum":
            left, right = self.value(shape, depth - 1), self.value(shape, depth - 1)
            return f"({left} {'+' if left == right else r.choice('+-')} {right})"  # no zeros: they have no size
        if kind == "hadamard":
            return f"({self.value(shape, depth - 1)} * {self.value(shape, depth - 1)})"
        if kind == "function":
            return f"{r.choice(['tanh', 'sigmoid', 'sin'])}({self.value(shape, depth - 1)})"
        return f"({r.choice(['2', '1/3', '5'])} * {self.value(shape, depth - 1)})"

    def text(self, wrt):
        for shape in ("MK", "NM", "KM", "KN", "KK"):  # transposes of what is there
            source = self.pick(shape[::-1])
            if source:
                self.known.setdefault(shape, []).append(source + "'")
        self.known.setdefault("KK", []).append("(B' @ B)")
        self.known.setdefault("MK", []).append("(A @ B)")
        self.known.setdefault("KM", []).append("(A @ B)'")
        for shape, name in (("MN", "X"), ("N", "x")):
            if name == wrt:
                self.known[shape].insert(0, name)
        for _ in range(self.random.randrange(1, 4)):
            shape = self.random.choice(["M", "N", "MN", "MM"])
            name = next(self.vectors if len(shape) == 1 else self.letters)
            self.lines.append(f"{name} = {self.value(shape, 2)}")
            self.known.setdefault(shape, []).insert(0, name)
        shape = self.random.choice(["M", "N", "MN"])
        left, right = self.value(shape, 2), self.value(shape, 1)
        if len(shape) == 1:
            self.lines.append(f"f = dot({left}, {right})")
        else:
            self.lines.append(f"f = sum(i, j) ({left})[i, j]*({right})[i, j]")
        return (
            f"# A random system.\n# diff: --of f --wrt {wrt}\ndim M, N, K\n"
            "const A[M, N], B[N, K], C[M, M], G[N, N], a[M], b[N], c[K]\n"
            "param X[M, N] init 0, x[N] init 0\n" + "\n".join(self.lines) + "\n"
        )


def main():
    gradc, arguments = sys.argv[1], sys.argv[2:]
    generator = np.random.default_rng(1)
    failures = 0
    if arguments[0] == "--random":
        with tempfile.TemporaryDirectory() as folder:
            for seed in range(int(arguments[1])):
                path = f"{folder}/random_{seed}.grad"
                with open(path, "w") as file:
                    file.write(RandomSystem(seed).text("X" if seed % 2 else "x"))
                try:
                    compare(gradc, path, generator)
                except Exception as problem:  # told with the system that shows it
                    failures += 1
                    print(open(path).read(), problem, sep="\n")
    else:
        for path in arguments:
            try:
                compare(gradc, path, generator)
            except Exception as problem:
                failures += 1
                print(path, problem)
    print(f"{failures} differ")
    sys.exit(failures > 0)


main()
