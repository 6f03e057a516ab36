"""Functions of whole matrices as gradc prints them in index form: a line like u = tril(L)^{-1} b, computed by NumPy."""
import numpy as np

from name_reader import NameReader
from paper_model import CannotRead


class WholeLine:
    """A line that defines all elements at once, or of each of many matrices; these have letters."""

    def __init__(self, letters, compute):
        self.letters, self.compute, self.values = letters, compute, {}

    def bind(self, at, model):
        return {"at": at}

    def value(self, letters, model):
        lead, at = letters["at"][:len(self.letters)], letters["at"][len(self.letters):]
        if lead not in self.values:
            self.values[lead] = np.asarray(self.compute(dict(zip(self.letters, lead)), model))
        return float(self.values[lead][at])


class CallReader(NameReader):
    """The right side of such a line; names stand without subscripts."""

    whole = True

    def call(self):
        if self.accept("\\det"):
            return self.then(np.linalg.det)
        if self.peek() == "\\log" and self.peek(1) == "\\det":
            self.at += 2
            return self.then(log_det)
        matrix = self.matrix()
        if not self.accept("^"):
            return matrix
        exponent = "".join(self.group_text())
        if exponent not in ("-1", "-\\top"):
            raise CannotRead(f"a matrix to the power of {exponent}")
        inverse = lambda l, m: np.linalg.inv(matrix(l, m) if exponent == "-1" else matrix(l, m).T)
        if not self.peek():
            return inverse
        right = self.matrix()
        # Right sides of several columns may have several axes.
        return lambda l, m: np.tensordot(inverse(l, m), right(l, m), 1)

    def then(self, function):
        bracket = self.accept("(")
        matrix = self.matrix()
        if bracket:
            self.take(")")
        return lambda l, m: function(matrix(l, m))

    def matrix(self):
        if self.accept("\\operatorname"):
            word = "".join(self.group_text())
            functions = {"tril": np.tril, "triu": np.triu, "chol": lower_factor, "cof": cofactors}
            if word not in functions:
                raise CannotRead(f"\\operatorname{{{word}}} of a matrix")
            self.take("(")
            inside = [self.matrix()]
            while self.accept(","):
                inside.append(self.matrix())
            self.take(")")
            return lambda l, m: functions[word](*(a(l, m) for a in inside))
        if self.accept("\\frac"):
            key, at, _ = self.derivative(self.group_text(), self.group_text())
        else:
            key, at, _ = self.named()
        if key[0] in ("letter", "part"):
            raise CannotRead(f"{key} is no matrix")
        return lambda l, m: m.all(key, tuple(a(l, m) for a in at))


def log_det(a):
    sign, value = np.linalg.slogdet(a)
    return value if sign > 0 else np.nan


def lower_factor(a):
    try:
        return np.linalg.cholesky((a + a.T) / 2)
    except np.linalg.LinAlgError:
        return np.tril(np.full(a.shape, np.nan))


def cofactors(a, along=None):
    """Or their derivative along a matrix."""
    inverse = np.linalg.inv(a)
    if along is None:
        return np.linalg.det(a) * inverse.T
    return np.linalg.det(a) * (np.trace(inverse @ along) * inverse.T - (inverse @ along @ inverse).T)


def read_whole_line(left, right, model):
    """(key, line), or None if the row is one of elements."""
    names = CallReader(left, model)
    try:
        if left.startswith("\\frac"):
            names.take("\\frac")
            key, at, _ = names.derivative(names.group_text(), names.group_text())
        else:
            key, at, _ = names.named()
        names.end()
    except CannotRead:
        return None
    if key[0] in ("letter", "part") or (len(model.shape(key)) == len(at) and "\\det" not in right):
        return None
    reader = CallReader(right, model)
    compute = reader.call()
    reader.end()
    return key, WholeLine([a.letter for a in at], compute)
