#!/usr/bin/env python3
"""Breaks derivative and lowering rules one at a time and sees whether the tests notice.

    tests/mutation/run.py [N...]      all rules, or only those with these numbers

Works in a copy of the tree under build-mutation/, so that nothing of yours is touched. Every rule must be caught;
a text that is no longer found is an error too, so that the list keeps up with the code.

Only one file differs from rule to rule, so a build is that file, its library and one test program. The test
programs are built and run one by one, the likeliest first, until one fails.
"""
import os
import shutil
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
COPY = os.path.join(ROOT, "build-mutation")

# Which test programs link a folder, the likeliest to notice first, the slowest last.
TESTS = {
    "compiler/operators": ["test_diff", "test_operators", "test_simplify", "test_codegen", "test_property"],
    "compiler/diff": ["test_diff", "test_simplify", "test_codegen", "test_property"],
    "compiler/batch": ["test_batch", "test_codegen"],
    "compiler/kernel": ["test_codegen", "test_property"],
    "compiler/codegen": ["test_codegen", "test_property"],
}
ALL_TESTS = sorted({test for tests in TESTS.values() for test in tests})
ENVIRONMENT = dict(os.environ, GRADC_PROGRAMS="20")
SECONDS = 300  # a broken rule may well loop for ever


def run(*arguments, **options):
    return subprocess.run(arguments, cwd=COPY, capture_output=True, text=True, errors="replace", **options)


def write(path, content):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def copy_tree():
    """Brings the copy up to date; a file that is the same keeps its time, so that its object is used again."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    names = {name for name in listed if name and os.path.exists(os.path.join(ROOT, name))}
    for name in names:
        content, target = read(os.path.join(ROOT, name)), os.path.join(COPY, name)
        if not os.path.exists(target) or read(target) != content:
            write(target, content)
            shutil.copymode(os.path.join(ROOT, name), target)
    for folder in ("compiler", "grammar", "runtime", "tests"):
        for inside, _, files in os.walk(os.path.join(COPY, folder)):
            for file in files:
                path = os.path.join(inside, file)
                if os.path.relpath(path, COPY) not in names:
                    os.remove(path)


def build(*tests):
    return run("cmake", "--build", "build", "--target", *tests)


def failure(test):
    """The name of the test in this program that fails first, or None."""
    try:
        result = run(f"build/tests/{test}", "--gtest_brief=1", "--gtest_fail_fast", env=ENVIRONMENT, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return "does not end"
    if result.returncode == 0:
        return None
    failed = [line.split("]", 1)[1].split()[0].rstrip(",") for line in result.stdout.split("\n") if line.startswith("[  FAILED  ]")]
    return failed[0] if failed else f"ends with {result.returncode}"


def caught_by(tests):
    """The test program that notices the broken rule, and which of its tests; None if none does."""
    for test in tests:
        if (built := build(test)).returncode != 0:
            return "the compiler: " + next((line for line in built.stdout.split("\n") if "error" in line), "")
        if (name := failure(test)) is not None:
            return f"{test}: {name}"
    return None


def read_rules():
    """(file, text, broken, test programs), numbered from 1; a fourth column names the program to try first."""
    rules = []
    with open(os.path.join(ROOT, "tests/mutation/mutations.tsv")) as table:
        lines = [line.rstrip("\n").split("\t") for line in table if line.strip() and not line.startswith("#")]
    for name, text, broken, *first in lines:
        if text not in read(os.path.join(ROOT, name)).decode():
            sys.exit(f"{name}: no longer has: {text}")
        tests = TESTS["/".join(name.split("/")[:2])]
        rules.append((name, text, broken, first + [test for test in tests if test not in first]))
    return list(enumerate(rules, 1))


def main():
    rules = read_rules()
    if len(sys.argv) > 1:
        rules = [rule for rule in rules if str(rule[0]) in sys.argv[1:]]
    copy_tree()
    run("cmake", "-G", "Ninja", "-S", ".", "-B", "build", "-DCMAKE_BUILD_TYPE=Release", check=True)
    if (first := build(*ALL_TESTS)).returncode != 0:
        sys.exit("the tests do not build unbroken:\n" + first.stdout[-4000:])
    for test in ALL_TESTS:
        if (name := failure(test)) is not None:
            sys.exit(f"{test} fails unbroken: {name}")

    start, missed = time.monotonic(), []
    print(f"{'':3} {'rule':34} {'seconds':>7}  caught by", flush=True)
    for number, (name, text, broken, tests) in rules:
        path, since = os.path.join(COPY, name), time.monotonic()
        whole = read(path)
        write(path, whole.replace(text.encode(), broken.encode(), 1))
        try:
            by = caught_by(tests)
        finally:
            write(path, whole)
        if by is None:
            missed.append(number)
        place = name.removeprefix("compiler/")
        print(f"{number:3} {place:34} {time.monotonic() - since:7.1f}  {by or 'MISSED: ' + text}", flush=True)
    print(f"{len(rules) - len(missed)} of {len(rules)} caught in {time.monotonic() - start:.0f} s")
    sys.exit(bool(missed))


if __name__ == "__main__":
    main()
