"""What a printed derivation says: lines by what they define, and given numbers."""
import math
import re
import unicodedata
from itertools import product

import numpy as np

GREEK = ("alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi "
         "psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega").split()
SPELT = {"epsilon": "\\varepsilon", "phi": "\\varphi"}
ACCENTS = ("hat", "bar", "tilde", "dot", "vec")


class CannotRead(Exception):
    pass


def name_parts(name):
    """The base and the subscript of a name on paper: w0 is w with 0 below."""
    words = name.split("_")
    if "" in words:
        return "\\mathrm{" + name.replace("_", "\\_") + "}", []
    stem = words[0].rstrip("0123456789") or words[0]
    below = [words[0][len(stem):]] if len(stem) < len(words[0]) else []

    def letter(word):
        if unicodedata.name(word[0], "").startswith("GREEK") and len(word) == 1:
            kind, spelt = re.match("GREEK (SMALL|CAPITAL) LETTER (\\w+)", unicodedata.name(word)).groups()
            word = spelt.lower() if kind == "SMALL" else spelt.capitalize()
        if len(word) == 1 and word.isalpha():
            return word
        if word in GREEK:
            return SPELT.get(word, "\\" + word)
        for accent in ACCENTS:
            if word.endswith(accent) and len(word) > len(accent) and letter(word[:-len(accent)]):
                return f"\\{accent}{{{letter(word[:-len(accent)])}}}"
        return None

    if len(words) == 2 and not below and words[1] in ACCENTS and letter(stem):
        return f"\\{words[1]}{{{letter(stem)}}}", []
    for word in words[1:]:
        below.append(word if word.isdigit() else letter(word) or "\\mathrm{" + word + "}")
    return letter(stem) or "\\mathrm{" + stem + "}", below


class Model:
    """Given numbers by name, and the lines of a derivation by what they define."""

    def __init__(self, values, shapes, sizes):
        self.values, self.shapes, self.sizes = values, shapes, sizes
        self.lines = {}  # name, or ("d", of, by, ...) -> [Line]
        self.known = {}
        self.by_paper = {}
        for name in shapes:
            base, below = name_parts(name)
            self.by_paper.setdefault(base, []).append((below, name))
        self.short = {}  # δ^{z}: what it stands for
        self.parts = {}  # u_{1,k}: a Part

    def shape(self, key):
        if isinstance(key, tuple):
            return [n for name in key[1:] for n in self.shape(name)]
        return self.shapes[key]

    def element(self, key, at):
        if isinstance(key, str) and key in self.values:
            value = self.values[key]
            for k in at:
                value = value[k] if 0 <= k < len(value) else math.nan
            return value
        at = tuple(at)
        if (key, at) in self.known:
            return self.known[key, at]
        for line in self.lines.get(key, []):
            letters = line.bind(at, self)
            if letters is not None:
                value = line.value({**letters, "": letters}, self)
                self.known[key, at] = value
                return value
        raise CannotRead(f"nothing says what {key}{at} is")

    def all(self, key, first=()):
        """Its elements as an array, or those whose first subscripts are these."""
        shape = self.shape(key)[len(first):]
        return np.array([self.element(key, (*first, *at)) for at in all_elements(shape)], dtype=float).reshape(shape)

    def part(self, key, at, letters):
        """Its own letters stand for what is below its name, others for what they are in its line."""
        part = self.parts[key]
        if len(at) != len(part.letters):
            raise CannotRead(f"{key} with {len(at)} subscripts, and {len(part.letters)} where it is written out")
        line = letters[""]
        return part.value({**line, **dict(zip(part.letters, at)), "": line}, self)

    def size(self, letter, places, seen=frozenset()):
        """How many positions a letter has, by the axes that it stands on, here or where a part is written out."""
        for name, key, axis in places:
            if key[0] != "part":
                if name == letter:
                    return self.shape(key)[axis]
                continue
            part = self.parts.get(key)
            within = letter if name is None else part.letters[axis] if name == letter else None
            if part is None or within is None or (key, within) in seen or (name is None and letter in part.letters):
                continue
            found = self.size(within, part.places, seen | {(key, within)})
            if found is not None:
                return found
        return None


class Line:
    def __init__(self, subscripts, value, span):
        self.subscripts, self.value, self.span = subscripts, value, span

    def bind(self, at, model):
        """The letters' values if the left side is this element."""
        if len(self.subscripts) != len(at):
            raise CannotRead("a left side with other subscripts than its name has axes")
        letters, open_ones = {}, []
        for term, position in zip(self.subscripts, at):
            if term.letter:
                if letters.setdefault(term.letter, position) != position:
                    return None
            else:
                open_ones.append((term, position))
        for term, position in open_ones:
            if self.span and self.span[0] not in letters:  # s + 1: which s?
                first, last = self.span[1](letters, model), self.span[2](letters, model)
                low, high = min(first, last), max(first, last)
                fitting = [s for s in range(int(low), int(high) + 1) if term({self.span[0]: s}, model) == position]
                if not fitting:
                    return None
                letters[self.span[0]] = fitting[0]
            elif term(letters, model) != position:
                return None
        if self.span:
            ends = [end(letters, model) for end in self.span[1:]]
            if not min(ends) <= letters[self.span[0]] <= max(ends):
                return None
        return letters


class Part:
    """A term with a name of its own, below the line that it stands in."""

    def __init__(self, letters, value, places):
        self.letters, self.value, self.places = letters, value, places


class Term:
    """Something to be computed: at the letters' positions, in a model."""

    def __init__(self, compute, letter=None, places=()):
        self.compute, self.letter = compute, letter
        self.places = places  # (letter, key, axis): where letters stand alone below a name

    def __call__(self, letters, model):
        return self.compute(letters, model)


def all_elements(shape):
    return product(*(range(n) for n in shape))
