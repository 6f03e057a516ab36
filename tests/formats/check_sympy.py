#!/usr/bin/env python3
"""What gradc prints for SymPy, run by SymPy, against what its compiled code computes.

    check_sympy.py GRADC MODEL.grad …             value and derivatives of the minimised quantity, at a random point each
    check_sympy.py GRADC --numbers MODEL.grad …   the same, with numbers in the place of symbols before the code is run
"""
import itertools
import json
import random
import re
import sys
from pathlib import Path

import sympy

from models import close, drawn, element, number, run

sys.setrecursionlimit(20000)


class Given:
    """A tensor of numbers, read as an IndexedBase is."""

    def __init__(self, value):
        self.value = value

    def __getitem__(self, at):
        return exact(element(self.value, [int(k) for k in (at if isinstance(at, tuple) else (at,))]))


def exact(number):
    return sympy.Integer(number) if isinstance(number, int) else sympy.Float(number, 30)


def run_with_numbers(script, values):
    """What the script defines where given quantities are numbers."""
    made = {name: Given(value) if isinstance(value, list) else exact(value) for name, value in values.items()}
    exec(re.sub(r"^(\w+) = sp\.(Symbol|IndexedBase)\(.*$", lambda m: "" if m[1] in made else m[0], script, flags=re.M), made)
    return made


def compare(gradc, path, with_numbers):
    """How many numbers were compared."""
    facts = json.loads(run(gradc, "check", path, "--json"))
    generator = random.Random(Path(path).name)
    values, sets = drawn(facts, generator)
    script = run(gradc, "diff", path, "--format", "sympy")
    made = {}
    if with_numbers:
        made = run_with_numbers(script, values)
    else:
        exec(script, made)
    shapes = {name: tensor["shape"] for name, tensor in facts["tensors"].items()}
    integers, reals = {}, {}
    for name, value in values.items():
        if with_numbers or name not in made:  # a derivative may not need all
            continue
        into = integers if facts["tensors"][name]["type"] == "integer" else reals
        for at in itertools.product(*map(range, shapes[name])):
            into[made[name][at] if at else made[name]] = element(value, at)

    def computed(term):
        term = sympy.sympify(term)
        for _ in range(3):  # subscripts, sums, then what stands in them
            term = term.subs(integers).doit()
        return float(term.xreplace({k: sympy.Float(v, 30) for k, v in reals.items()}).doit().evalf())

    answer = json.loads(run(gradc, "eval", path, *sets, "--json"))
    count = 0
    for of, entry in answer.items():
        wanted = [((of,), (), entry["value"])] if not shapes[of] else []
        for wrt, derivative in entry.get("gradient", {}).items():
            if f"d{of}_d{wrt}" in made:
                places = list(itertools.product(*map(range, shapes[wrt])))
                for at in places if with_numbers else generator.sample(places, min(3, len(places))):  # those are slow
                    wanted.append(((of, wrt), at, element(derivative, at)))
        for names, at, right in wanted:
            here = made["_".join(("d" if len(names) > 1 else "") + n for n in names)]
            left = computed(here(*at) if at else here)
            count += 1
            if not close(left, number(right)):
                raise ValueError(f"{path}: {names}{list(at)} is {left!r}, compiled code says {right!r}\n{script}")
    return count


def main():
    gradc, paths = sys.argv[1], sys.argv[2:]
    with_numbers = paths[0] == "--numbers"
    paths = paths[with_numbers:]
    faults = 0
    for path in paths:
        try:
            count = compare(gradc, path, with_numbers)
            if count < 2:
                raise ValueError(f"{path}: nothing was compared")
        except Exception as problem:
            faults += 1
            print(f"{path}: {problem!r}" if not isinstance(problem, ValueError) else problem)
    print(f"{len(paths) - faults} of {len(paths)} models agree")
    sys.exit(bool(faults))


main()
