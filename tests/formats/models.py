"""What the checks of printed formulas share: running gradc, and random values for what a model is given."""
import json
import math
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "support"))
from run_command import run  # for those who import this


def number(x):
    return float(x) if isinstance(x, str) else x


def filled(shape, draw):
    return [filled(shape[1:], draw) for _ in range(shape[0])] if shape else draw()


def element(array, at):
    for k in at:
        array = array[k]
    return array


def close(a, b):
    if math.isnan(a) or math.isnan(b):
        return math.isnan(a) and math.isnan(b)
    return a == b or abs(a - b) <= 1e-8 * (1 + abs(b))


def drawn(facts, generator):
    """Values of given tensors by name, and the same as options of `gradc eval`."""
    values, sets = {}, []
    for name, tensor in facts["tensors"].items():
        if tensor["role"] not in ("input", "target", "const", "param", "noise") or "value" in tensor:
            continue
        if tensor["type"] == "integer":
            top = facts["dims"].get(tensor.get("member_of"), 1)
            draw = lambda: generator.randrange(top)
        else:
            draw = lambda: generator.uniform(0.3, 1.2)
        values[name] = filled(tensor["shape"], draw)
        sets += ["--set", f"{name}={json.dumps(values[name])}"]
    return values, sets
