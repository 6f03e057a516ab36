#!/usr/bin/env python3
"""Counts the instructions that compiled functions take, and compares with what they took before: a count of
instructions is the same on every machine, where a time is not. count.py GRADC SOURCES EXPECTED [--update]

Code is made for one processor (AVX2; Valgrind knows no AVX-512), and run under callgrind. More than 2 % more is a
failure; 2 % less asks for the table to be written again, so that what was won is kept.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import pathlib
import re
import subprocess
import sys
import tempfile

TOLERANCE = 0.02
# model, further arguments of `gradc compile`, function, size of what is given at run time
CASES = [
    ("samples/13_hidden_layer.grad", [], "gradient", 32),
    ("samples/20_fashion_mnist.grad", ["--precision", "f32"], "gradient", 32),
    ("samples/31_rnn.grad", [], "gradient", 4),
    ("samples/gradbench/gmm.grad", ["--of", "F,d_alpha,d_mu,d_q,d_l", "--order", "0", "--dim", "N=200", "--dim", "K=5", "--dim", "D=8"], "values", 1),
    ("samples/gradbench/kmeans.grad", ["--of", "dir", "--order", "0", "--dim", "N=500", "--dim", "K=5", "--dim", "D=8"], "values", 1),
]


def run(command, **more):
    return subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True, **more)


def count(gradc, sources, folder, program, case):
    model, arguments, function, size = case
    run([gradc, "compile", sources / model, "-o", folder, "--emit", "shared", "--cpu", "x86-64-v3", *arguments])
    name = pathlib.Path(model).stem
    library = folder / (name + ".so")
    symbol = next(word for word in run(["nm", "-D", "--defined-only", library]).stdout.split()
                  if word.endswith(f"_{function}_call"))
    told = run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", f"--toggle-collect={symbol}", program,
                library, function, size]).stderr
    return int(re.search(r"Collected : (\d+)", told).group(1))


def main():
    gradc, sources, expected = (pathlib.Path(word).resolve() for word in sys.argv[1:4])
    known = dict(line.split("\t") for line in expected.read_text().splitlines()) if expected.exists() else {}
    lines, faults = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        program = folder / "run_function"
        (folder / "gradc_abi.h").write_text((sources / "runtime/abi.h").read_text())
        run(["gcc", "-O1", "-I", folder, "-I", sources / "tests/aot", "-o", program,
             sources / "tests/counts/run_function.c", "-ldl"])
        for case in CASES:
            key = " ".join([case[0], *case[1], case[2], str(case[3])])
            instructions = count(gradc, sources, folder, program, case)
            lines.append(f"{key}\t{instructions}\n")
            before = int(known.get(key, 0))
            if not before or abs(instructions - before) > TOLERANCE * before:
                faults.append(f"{key}: {instructions} instructions, {before} before")
    if "--update" in sys.argv:
        expected.write_text("".join(lines))
    elif faults:
        sys.exit("\n".join(faults) + f"\nif that is right: {' '.join(sys.argv)} --update")


if __name__ == "__main__":
    main()
