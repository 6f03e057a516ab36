"""Reads a derivation in index form as gradc prints it in LaTeX: an align* environment, row by row."""
import re

from call_reader import read_whole_line
from latex_reader import Reader
from name_reader import TOKEN
from paper_model import CannotRead, Line, Part


def shorten(short, key, model):
    """δ^z_h := ∂E/∂z_h."""
    above = re.match(r"\\delta\^\{(.*?)\}(?=_\{[^{}]*\}$|$)", short or "")
    if above:
        model.short["".join(TOKEN.findall(above[1]))] = key


def read_derivation(latex, model):
    """Puts the lines of an align* environment into the model."""
    body = re.search(r"\\begin\{align\*\}\n(.*?)\\end\{align\*\}", latex, re.S)[1]
    body = re.sub(r"\\\\\n&\\quad\{\}", "", body)
    rows = [r.strip() for r in re.split(r"\\\\(?:\[4pt\])?\n|\n$", body) if r.strip()]
    for row in rows:
        if row.startswith("&"):  # what was chosen at a kink
            continue
        if "&\\sim " in row:  # drawn: its number is given
            continue
        if row.startswith("\\text{where }"):
            left, right = row[len("\\text{where }"):].split("&=", 1)
            key, at, _ = Reader(left, model).named()
            reader = Reader(right, model)
            model.parts[key] = Part([term.letter for term in at], reader.sum(), reader.places)
            reader.end()
            continue
        left, right = row.split("&=", 1) if "&=" in row else (row, None)
        if right is None:
            raise CannotRead(f"a row without a right side: {row}")
        short = None
        if ":=" in left:
            short, left = left.split(":=", 1)
        span = None
        found = re.search(r"\\qquad (.*?)=(.*?),\\dots,(.*)$", right)
        if found:
            right = right[:found.start()]
            ends = []
            for text in found.groups()[1:]:
                reader = Reader(text, model)
                ends.append(reader.sum())
                reader.end()
            span = (found[1], *ends)
        found = read_whole_line(left, right, model)
        if found:
            key, line = found
            shorten(short, key, model)
            model.lines.setdefault(key, []).append(line)
            continue
        reader = Reader(left, model)
        if left.startswith("\\frac{\\partial"):
            reader.take("\\frac")
            key, at, _ = reader.derivative(reader.group_text(), reader.group_text())
        else:
            key, at, _ = reader.named()
            if not isinstance(key, str) and key[0] == "letter":
                raise CannotRead(f"{left} is no name of the model")
        reader.end()
        shorten(short, key, model)
        reader = Reader(right, model)
        value = reader.value()
        reader.end()
        model.lines.setdefault(key, []).append(Line(at, value, span))
    return model
