#!/usr/bin/env python3
"""What gradc prints for SymPy, run by SymPy, against what its compiled code computes.

    check_sympy.py GRADC MODEL.grad …     value and derivatives of the minimised quantity, at a random point each
"""
import itertools
import json
import random
import sys
from pathlib import Path

import sympy

from models import close, drawn, element, number, run

sys.setrecursionlimit(20000)


def compare(gradc, path):
    """How many numbers were compared."""
    facts = json.loads(run(gradc, "check", path, "--json"))
    generator = random.Random(Path(path).name)
    values, sets = drawn(facts, generator)
    script = run(gradc, "diff", path, "--format", "sympy")
    made = {}
    exec(script, made)
    shapes = {name: tensor["shape"] for name, tensor in facts["tensors"].items()}
    integers, reals = {}, {}
    for name, value in values.items():
        if name not in made:  # a derivative may not need all
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
                for at in generator.sample(places, min(3, len(places))):  # each is slow
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
    faults = 0
    for path in paths:
        try:
            count = compare(gradc, path)
            if count < 2:
                raise ValueError(f"{path}: nothing was compared")
        except Exception as problem:
            faults += 1
            print(f"{path}: {problem!r}" if not isinstance(problem, ValueError) else problem)
    print(f"{len(paths) - faults} of {len(paths)} models agree")
    sys.exit(bool(faults))


main()
