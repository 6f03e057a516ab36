#!/usr/bin/env python3
"""Breaks derivative and lowering rules one at a time and sees whether the tests notice.

    tests/mutation/run.py [N]      all rules, or only the first N

Works in a copy of the tree under build-mutation/, so that nothing of yours is touched. Every rule must be caught;
a text that is no longer found is an error too, so that the list keeps up with the code.
"""
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
COPY = os.path.join(ROOT, "build-mutation")
TESTS = ["test_operators", "test_diff", "test_batch", "test_simplify", "test_codegen", "test_property"]


def run(arguments, **options):
    return subprocess.run(arguments, cwd=COPY, capture_output=True, text=True, **options)


def build():
    return run(["cmake", "--build", "build", "--target", *TESTS])


def caught_by():
    """The first test program that fails, or None."""
    for test in TESTS:
        environment = dict(os.environ, GRADC_PROGRAMS="40")
        try:
            if run([f"build/tests/{test}", "--gtest_brief=1"], env=environment, timeout=600).returncode != 0:
                return test
        except subprocess.TimeoutExpired:
            return test + " (timeout)"
    return None


def main():
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    for name in filter(None, files):
        source, target = os.path.join(ROOT, name), os.path.join(COPY, name)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        if not os.path.exists(target) or open(source, "rb").read() != open(target, "rb").read():
            shutil.copy(source, target)
    subprocess.run(["cmake", "-G", "Ninja", "-S", COPY, "-B", os.path.join(COPY, "build"), "-DCMAKE_BUILD_TYPE=Release"],
                   check=True, capture_output=True)
    first = build()
    if first.returncode != 0:
        sys.exit("the tests do not build unbroken:\n" + first.stdout[-4000:])
    if (failing := caught_by()) is not None:
        sys.exit(f"{failing} fails unbroken")

    with open(os.path.join(ROOT, "tests/mutation/mutations.tsv")) as table:
        rules = [line.rstrip("\n").split("\t") for line in table if line.strip() and not line.startswith("#")]
    rules = rules[: int(sys.argv[1])] if len(sys.argv) > 1 else rules
    caught = 0
    for number, (name, text, broken) in enumerate(rules, 1):
        path = os.path.join(COPY, name)
        with open(path) as file:
            whole = file.read()
        if text not in whole:
            sys.exit(f"{name}: no longer has: {text}")
        with open(path, "w") as file:
            file.write(whole.replace(text, broken, 1))
        result = build()
        by = "the compiler" if result.returncode != 0 else caught_by()
        with open(path, "w") as file:
            file.write(whole)
        caught += by is not None
        print(f"{number:3} {'caught by ' + by if by else 'MISSED':28} {name}: {text}", flush=True)
    print(f"{caught} of {len(rules)} caught")
    sys.exit(caught != len(rules))


if __name__ == "__main__":
    main()
