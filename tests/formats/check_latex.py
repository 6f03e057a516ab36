#!/usr/bin/env python3
"""What gradc prints as LaTeX in index form, read back and computed, against what its compiled code computes.

    check_latex.py GRADC [--order N] MODEL.grad …              at a random point each; options of a model may stand
                                                               in a line `# latex: …`
    check_latex.py GRADC [--order N] --programs WRITER COUNT   random programs
"""
import json
import random
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from derivation_reader import read_derivation
from models import close, drawn, element, number, run
from paper_model import CannotRead, Model, all_elements

sys.setrecursionlimit(20000)


def compare(gradc, path, order):
    """How many numbers were compared."""
    generator = random.Random(Path(path).name)
    options = re.search(r"^# latex: (.*)$", Path(path).read_text(), re.M)
    options = options[1].split() if options else []
    sizes = [w for k, word in enumerate(options) if word == "--dim" for w in (word, options[k + 1])]
    facts = json.loads(run(gradc, "check", path, "--json", *sizes))
    open_dims = [name for name, size in facts["dims"].items() if size is None]
    if open_dims:
        chosen = [w for k, name in enumerate(open_dims) for w in ("--dim", f"{name}={2 + k}")]
        options, sizes = options + chosen, sizes + chosen
        facts = json.loads(run(gradc, "check", path, "--json", *sizes))
    values, sets = drawn(facts, generator)
    latex = run(gradc, "diff", path, "--order", str(order), "--format", "latex", *options)
    shapes = {name: tensor["shape"] for name, tensor in facts["tensors"].items()}
    names = set(shapes)
    # Local names of functions, and derivatives along a direction, are named by gradc; how many axes each has, a person
    # tells from the line where it is written out.
    for line in json.loads(run(gradc, "diff", path, "--order", str(order), "--format", "json", *options)):
        if line["kind"] in ("value", "derivative") and "of" not in line and line["name"] not in shapes:
            shapes[line["name"]] = line.get("shape", [])
    model = read_derivation(latex, Model(values, shapes, facts["dims"]))
    keys = [key for key in model.lines if isinstance(key, tuple) and 2 < len(key) <= 2 + order]
    # Adjoints of what stands between have names as well; eval is asked for what it has.
    inside = [key for key in keys if key[1] in names and all(name in values for name in key[2:])]
    if not inside:
        raise ValueError(f"{path}: no derivative was read\n{latex}")
    of, wrt = sorted({key[1] for key in inside}), sorted({name for key in inside for name in key[2:]})
    mode = [w for k, word in enumerate(options) if word == "--mode" for w in (word, options[k + 1])]
    answer = json.loads(run(gradc, "eval", path, "--order", str(min(order, 2)), *sizes, *mode, *sets, "--json",
                            "--of", ",".join(of), "--wrt", ",".join(wrt)))
    count = 0
    for key in inside:
        entry = answer[key[1]]
        if len(key) == 3:
            wanted = entry["gradient" if "gradient" in entry else "jacobian"][key[2]]
        else:
            wanted = entry["hessian"][key[2]][key[3]]
        for at in all_elements(model.shape(key)):
            right = element(wanted, at)
            left = float(model.element(key, at))
            count += 1
            if not close(left, number(right)):
                raise ValueError(f"{path}: {key}{list(at)} reads as {left!r}, compiled code says {right!r}\n{latex}")
    return count


def main():
    gradc, arguments = sys.argv[1], sys.argv[2:]
    order = 1
    folder = tempfile.TemporaryDirectory()
    while arguments and arguments[0].startswith("--"):
        if arguments[0] == "--order":
            order = int(arguments[1])
        elif arguments[0] == "--programs":
            subprocess.run([arguments[1], folder.name, arguments[2]], check=True)
            arguments = arguments[:3] + sorted(map(str, Path(folder.name).glob("*.grad")))
            arguments = arguments[1:]
        arguments = arguments[2:]

    def one(path):
        try:
            return compare(gradc, path, order), None, None
        except CannotRead as problem:
            return 0, f"{path}: not read: {problem}", None
        except Exception as problem:
            return 0, None, f"{path}: {problem!r}" if not isinstance(problem, ValueError) else str(problem)

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(one, arguments))
    unread = [r[1] for r in results if r[1]]
    faults = [r[2] for r in results if r[2]]
    for line in unread + faults:
        print(line)
    read = sum(1 for r in results if r[0])
    print(f"{read} of {len(arguments)} models, {sum(r[0] for r in results)} numbers agree, {len(faults)} faults")
    sys.exit(read < len(arguments))


main()
