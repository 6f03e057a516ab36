#!/usr/bin/env python3
"""Reads formulas of matrices as gradc prints them in LaTeX, and computes what they say with NumPy.

It shares nothing with the printer: a formula that reads otherwise than it was meant shows as another number.
A vector is a column; scalars are Python numbers. Juxtaposition is the matrix product.
"""
import re

import numpy as np

TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[A-Za-z]|\d+(?:\.\d+)?|\S")
SKIPPED = {"\\left", "\\right", "\\,", "\\quad"}
FUNCTIONS = {
    "\\sigma": lambda x: 1 / (1 + np.exp(-x)),
    "\\log": np.log,
    "\\tanh": np.tanh,
    "\\sin": np.sin,
    "\\cos": np.cos,
    "\\exp": np.exp,
}
WORDS = {
    "relu": lambda x: np.maximum(x, 0),
    "softplus": lambda x: np.log1p(np.exp(-np.abs(x))) + np.maximum(x, 0),
}


class Ones:
    """A vector of ones (or its transpose), as long as what it meets."""

    def __init__(self, row=False):
        self.row = row


class Identity:
    """As large as what it meets."""

    def __init__(self, factor=1.0):
        self.factor = factor


def scalar(x):
    return np.isscalar(x) or (isinstance(x, np.ndarray) and x.shape == ())


def number(x):
    return x.item() if isinstance(x, np.ndarray) and x.size == 1 else x


def times(a, b):
    if scalar(a) and isinstance(b, Unit):
        return Unit(b.place, a * b.factor)
    if scalar(a) or scalar(b):
        if isinstance(b, Identity) or isinstance(a, Identity):
            i, f = (b, a) if isinstance(b, Identity) else (a, b)
            return Identity(i.factor * f)
        if isinstance(a, Ones) or isinstance(b, Ones):
            raise ValueError("a multiple of ones has no length yet")
        return a * b
    if isinstance(a, Identity):
        return times(a.factor, b)
    if isinstance(b, Identity):
        return times(b.factor, a)
    if isinstance(a, Ones):
        if a.row:  # 1ᵀ·B
            return number(np.ones((1, b.shape[0])) @ b)
        return Outer(b) if isinstance(b, np.ndarray) else (a, b)
    if isinstance(b, Ones):
        if not b.row:
            return number(a @ np.ones((a.shape[1], 1)))
        return Outer(a)
    return number(a @ b)


class Unit:
    """1 at one place, 0 elsewhere; as long as what it is added to."""

    def __init__(self, place, factor=1.0):
        self.place, self.factor = place, factor


COMPARISONS = {">": np.greater, "<": np.less, "\\ge": np.greater_equal, "\\le": np.less_equal}


class Outer:
    """A column repeated, or a row: v 1ᵀ, 1 vᵀ."""

    def __init__(self, vector):
        self.vector = vector


def plus(a, b):
    if isinstance(b, Unit):
        result = np.array(a)
        result[b.place] += b.factor
        return result
    if isinstance(a, Outer):
        a = a.vector
    if isinstance(b, Outer):
        b = b.vector
    if isinstance(a, Identity):
        a, b = b, a
    if isinstance(b, Identity):
        if isinstance(a, Identity):
            return Identity(a.factor + b.factor)
        return a + b.factor * np.eye(a.shape[0])
    return a + b


def power(x, exponent):
    return x**exponent


class Reader:
    def __init__(self, text, names):
        self.tokens = [t for t in TOKEN.findall(text) if t not in SKIPPED]
        self.at = 0
        self.names = names

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, wanted=None):
        token = self.peek()
        if wanted is not None and token != wanted:
            raise ValueError(f"{wanted} expected, {token or 'the end'} found in {' '.join(self.tokens)}")
        self.at += 1
        return token

    def group(self):
        """What stands in {...}."""
        self.take("{")
        depth, out = 1, []
        while depth:
            token = self.take()
            depth += (token == "{") - (token == "}")
            if depth:
                out.append(token)
            if not token:
                raise ValueError("a brace is not closed")
        return " ".join(out)

    def sum(self):
        value = None
        while True:
            sign = 1
            if self.peek() in ("+", "-"):
                sign = -1 if self.take() == "-" else 1
            elif value is not None:
                return value
            term = self.hadamard()
            if sign < 0:
                term = Outer(-term.vector) if isinstance(term, Outer) else times(-1.0, term)
            value = term if value is None else plus(value, term)

    def hadamard(self):
        value = self.product()
        while self.peek() in ("\\odot", "\\oslash"):
            operator = self.take()
            other = self.product()
            value = value * other if operator == "\\odot" else value / other
        return value

    def starts_factor(self):
        token = self.peek()
        return token and token not in ("+", "-", ")", "}", "\\odot", "\\oslash", "\\rVert", "&", ",", "=", "]", *COMPARISONS)

    def product(self):
        factors = [self.factor()]
        while self.starts_factor():
            factors.append(self.factor())
        # Scalars first; then from the right, so that ones know how long they are.
        value = None
        for f in reversed(factors):
            value = f if value is None else times(f, value)
        return value

    def factor(self):
        token = self.peek()
        if token[0].isdigit():
            value = float(self.take())
        elif token == "(":
            self.take()
            value = self.sum()
            self.take(")")
        elif token == "{":
            value = self.inner(self.group())
        elif token == "\\frac":
            self.take()
            over, under = self.inner(self.group()), self.inner(self.group())
            value = over / under if not isinstance(over, Identity) else Identity(over.factor / under)
        elif token == "\\sqrt":
            self.take()
            value = np.sqrt(self.inner(self.group()))
        elif token == "\\lVert":
            self.take()
            value = float(np.linalg.norm(self.sum()))
            self.take("\\rVert")
        elif token == "\\mathbf":
            self.take()
            self.group()
            value = Ones()
        elif token == "\\operatorname":
            self.take()
            value = self.word(self.group().replace(" ", ""))
        elif token == "e" and self.tokens[self.at + 1 : self.at + 2] == ["_"]:  # a unit vector
            self.at += 2
            return Unit(self.inner(self.group()))
        elif token == "[":  # 1 where it holds
            self.take()
            left, relation = self.sum(), self.take()
            right = self.sum()
            self.take("]")
            value = COMPARISONS[relation](left, right) * 1.0
        elif token == "e" and self.tokens[self.at + 1 : self.at + 2] == ["^"] and "e" not in self.names:
            self.at += 2
            return np.exp(self.inner(self.group()))
        elif token in FUNCTIONS and token not in self.names:
            self.take()  # σ(z), log x
            value = FUNCTIONS[token](self.factor())
        elif token == "\\det":
            self.take()
            value = float(np.linalg.det(self.factor()))
        elif token == "I" and "I" not in self.names:
            self.take()
            value = Identity()
        else:
            value = self.name()
            if self.peek() == "_":  # one element of it
                self.take()
                value = float(value[int(self.inner(self.group())), 0])
        while self.peek() == "^":
            self.take()
            value = self.raised(value, self.group())
        return value

    def inner(self, text):
        reader = Reader(text, self.names)
        value = reader.sum()
        if reader.peek():
            raise ValueError("read up to " + reader.peek())
        return value

    def word(self, word):
        self.take("(")
        value = self.sum()
        self.take(")")
        if word == "tr":
            return float(np.trace(value))
        if word == "cof":
            return np.linalg.det(value) * np.linalg.inv(value).T
        if word == "diag":
            return np.diag(value.ravel()) if value.shape[1] == 1 else np.diag(value).reshape(-1, 1)
        if word in WORDS:
            return WORDS[word](value)
        raise ValueError("unknown word " + word)

    def raised(self, value, exponent):
        exponent = exponent.replace(" ", "")
        if exponent == "\\top":
            if isinstance(value, Ones):
                return Ones(True)
            return value.T if isinstance(value, np.ndarray) else value
        if exponent == "-1":
            return np.linalg.inv(value) if isinstance(value, np.ndarray) else 1 / value
        if exponent == "-\\top":
            return np.linalg.inv(value).T
        return value ** float(exponent)

    def name(self):
        """The longest known name that begins here."""
        for length in range(min(14, len(self.tokens) - self.at), 0, -1):
            text = "".join(self.tokens[self.at : self.at + length])
            if text in self.names:
                self.at += length
                return self.names[text]
        raise ValueError(f"no name at {' '.join(self.tokens[self.at:])}; known: {sorted(self.names)}")


def squeezed(text):
    return "".join(t for t in TOKEN.findall(text) if t not in SKIPPED)


def compute(latex, names):
    """All lines of an align* in order; names grows with what they define. The last line's value."""
    value = None
    for line in latex.splitlines():
        line = re.sub(r"\\\\(\[4pt\])?$", "", line.strip())
        if "&=" not in line or line.startswith("\\"+"begin"):
            continue
        left, right = line.split("&=", 1)
        reader = Reader(right, names)
        value = reader.sum()
        if reader.peek():
            raise ValueError(f"read up to {reader.peek()} in {right}")
        for name in left.split(":="):
            names[squeezed(name)] = value
    return value
