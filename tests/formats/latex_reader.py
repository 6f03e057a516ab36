"""Reads formulas in index form as gradc prints them in LaTeX, and computes what they say.

It shares nothing with the printer. A formula is read as a person reads it: letters below a name are its
subscripts, Σ takes the product to its right, names stand side by side to be multiplied. What a letter ranges over
is told by the axis that it stands on.
"""
import math

from name_reader import NameReader
from paper_functions import (COMMANDS, COMPARISONS, WORDS, bessel, digamma, divide, gamma_density, logsumexp, power, root,
                             safe, softplus)
from paper_model import ACCENTS, CannotRead, Term


class Reader(NameReader):
    def group(self):
        part = self.inside(self.group_text())
        value = part.sum()
        part.end()
        return value

    def value(self, end=""):
        """A number or a condition, up to a token or to where all ends."""
        start = self.at
        try:
            value = self.sum()
            if self.peek() == end:
                return value
        except CannotRead:
            pass
        self.at = start
        return self.condition()

    # ---- sums and products
    def sum(self):
        terms = []
        while True:
            sign_of = 1
            if self.peek() in ("+", "-"):
                sign_of = -1 if self.take() == "-" else 1
            elif terms:
                break
            terms.append((sign_of, self.product()))
        if len(terms) == 1 and terms[0][0] == 1:
            return terms[0][1]
        return Term(lambda l, m: sum(s * t(l, m) for s, t in terms))

    def starts_factor(self):
        token = self.peek()
        ends = ("+", "-", ")", "]", "}", "=", "<", ">", "\\le", "\\ge", "\\ne", "&", "\\\\", ",", ":", "\\endabs", "\\rfloor",
                "\\rceil", "\\end{cases}", "\\rVert", "\\bmod", "\\mid")
        return bool(token) and token not in ends and not token.startswith("\\text{")

    def product(self):
        factors = [self.factor()]
        while True:
            if self.accept("\\cdot"):
                factors.append(self.factor())
            elif self.accept("\\bmod"):
                over, under = self.times(factors), self.factor()
                factors = [Term(lambda l, m, a=over, b=under: a(l, m) % b(l, m))]
            elif self.starts_factor():
                factors.append(self.factor())
            else:
                return self.times(factors)

    @staticmethod
    def times(factors):
        if len(factors) == 1:
            return factors[0]
        def compute(letters, model):
            value = 1.0
            for f in factors:
                value = value * f(letters, model)
            return value
        return Term(compute)

    # ---- factors
    def factor(self):
        value = self.atom()
        while self.peek() == "^":
            self.take()
            exponent = self.group()
            value = Term(lambda l, m, a=value, b=exponent: power(a(l, m), b(l, m)))
        return value

    def bracket(self, closing):
        value = self.sum()
        self.take(closing)
        return value

    def arguments(self):
        self.take("(")
        values = [self.sum()]
        while self.accept(","):
            values.append(self.sum())
        self.take(")")
        return values

    def call(self, function):
        """f(x), and f(x)^2 is its square, as factor() sees to."""
        values = self.arguments()
        return Term(lambda l, m: function(*(v(l, m) for v in values)))

    def atom(self):
        token = self.peek()
        if token[:1].isdigit():
            self.take()
            return Term(lambda l, m: float(token) if "." in token else int(token))
        if token == "(":
            self.take()
            return self.bracket(")")
        if token == "\\abs":
            self.take()
            value = self.bracket("\\endabs")
            return Term(lambda l, m: abs(value(l, m)))
        if token == "[":
            self.take()
            holds = self.condition()
            self.take("]")
            return Term(lambda l, m: 1.0 if holds(l, m) else 0.0)
        if token == "{":
            return self.group()
        if token == "\\lfloor" or token == "\\lceil":
            self.take()
            value = self.bracket("\\r" + token[2:])
            return Term(lambda l, m: (math.floor if token == "\\lfloor" else math.ceil)(value(l, m)))
        if token == "\\frac":
            return self.fraction()
        if token == "\\sqrt":
            self.take()
            degree = 2
            if self.accept("["):
                degree = int(self.take())
                self.take("]")
            value = self.group()
            return Term(lambda l, m: root(value(l, m), degree))
        if token == "\\begin{cases}":
            return self.choices()
        if token in ("\\sum", "\\prod", "\\max", "\\min") and self.peek(1) == "_":
            return self.reduction(self.take())
        if token in ("\\max", "\\min"):
            self.take()
            return self.call(max if token == "\\max" else min)
        if token == "\\operatorname":
            self.take()
            word = "".join(self.group_text()).replace("\\", "")
            if word == "logsumexp" and self.peek() == "_":
                return self.reduction(word)
            if word == "J" and self.accept("_"):
                order = self.group()
                value = self.arguments()[0]
                return Term(lambda l, m: bessel(int(order(l, m)), value(l, m)))
            if word == "Gamma":
                self.take("(")
                at = self.sum()
                self.take("\\mid")
                order = self.sum()
                self.take(",")
                self.sum()
                self.take(")")
                return Term(lambda l, m: gamma_density(order(l, m), at(l, m)))
            if word not in WORDS:
                raise CannotRead(f"\\operatorname{{{word}}}")
            return self.call(WORDS[word])
        if token == "\\pi" and "\\pi" not in self.model.by_paper:
            self.take()
            return Term(lambda l, m: math.pi)
        if token == "e" and self.peek(1) == "^":
            self.at += 2
            exponent = self.group()
            return Term(lambda l, m: safe(math.exp)(exponent(l, m)))
        if token in COMMANDS and token not in self.model.by_paper:
            return self.function(self.take())
        if token == "\\psi":
            self.take()
            order = Term(lambda l, m: 0)
            if self.accept("'"):
                order = Term(lambda l, m: 1)
            elif self.accept("^"):
                order = self.group()
            value = self.arguments()[0]
            return Term(lambda l, m: digamma(value(l, m), int(order(l, m))))
        return self.name()

    def function(self, command):
        if command == "\\log" and self.accept("_"):
            base = self.group()
            value = self.arguments()[0]
            return Term(lambda l, m: safe(math.log)(value(l, m)) / math.log(base(l, m)))
        if command == "\\log" and self.accept("\\Gamma"):
            return self.call(math.lgamma)
        if command == "\\log" and self.accept("\\sigma"):
            return self.call(lambda x: -softplus(-x))
        return self.call(COMMANDS[command])

    def fraction(self):
        self.take("\\frac")
        over, under = self.group_text(), self.group_text()
        if over[:1] == ["\\partial"]:
            key, at, places = self.derivative(over, under)
            self.places += places
            return self.access(key, at)
        upper, lower = self.inside(over), self.inside(under)
        a, b = upper.sum(), lower.sum()
        upper.end(), lower.end()
        return Term(lambda l, m: divide(a(l, m), b(l, m)))

    def choices(self):
        self.take("\\begin{cases}")
        rows, otherwise = [], None
        while not self.accept("\\end{cases}"):
            value = self.value("&")
            self.take("&")
            words = self.take()
            if words == "\\text{otherwise}":
                otherwise = value
            else:
                rows.append((self.condition(), value))
            self.accept("\\\\")

        def compute(letters, model):
            for holds, value in rows:
                if holds(letters, model):
                    return value(letters, model)
            return otherwise(letters, model) if otherwise else math.nan
        return Term(compute)

    # ---- conditions
    def condition(self):
        value = self.conjunction()
        while self.accept("\\text{ or }"):
            other = self.conjunction()
            value = Term(lambda l, m, a=value, b=other: a(l, m) or b(l, m))
        return value

    def conjunction(self):
        value = self.negation()
        while self.accept("\\text{ and }"):
            other = self.negation()
            value = Term(lambda l, m, a=value, b=other: a(l, m) and b(l, m))
        return value

    def negation(self):
        if self.accept("\\text{not }"):
            value = self.negation()
            return Term(lambda l, m: not value(l, m))
        if self.peek() in ("\\exists", "\\forall"):
            return self.reduction(self.take())
        for word, truth in (("\\text{true}", True), ("\\text{false}", False)):
            if self.accept(word):
                return Term(lambda l, m: truth)
        start = self.at
        try:  # a bracket of conditions, or of numbers?
            return self.comparison()
        except CannotRead:
            self.at = start
            self.take("(")
            value = self.condition()
            self.take(")")
            return value

    def comparison(self):
        left = self.sum()
        if not self.peek() or self.peek() in (")", "]", "&", "\\\\", ",", "\\end{cases}", "\\text{ and }", "\\text{ or }"):
            return Term(lambda l, m: bool(left(l, m)))  # a name for a condition
        relation = self.take()
        compare = COMPARISONS.get(relation)
        if not compare:
            raise CannotRead(f"{relation} is no comparison")
        right = self.sum()
        return Term(lambda l, m: compare(left(l, m), right(l, m)))

    # ---- sums over indices
    def reduction(self, symbol):
        outer, self.places = self.places, []
        binders, guard = [], None
        while True:  # \sum_{i}\sum_{j=0}^{i}
            self.take("_")
            part = self.inside(self.group_text())
            last = None
            if self.accept("^"):
                last = self.group()
            more, guard = self.limits(part, last)
            binders += more
            if guard is None and self.peek() == symbol and self.peek(1) == "_":
                self.take()
                continue
            break
        if symbol in ("\\exists", "\\forall"):
            bracket = self.accept("(")
            body = self.condition() if bracket else self.negation()
            if bracket:
                self.take(")")
        else:
            body = self.product()
        here, self.places = self.places, outer
        ranges = [(letter, span or self.span_of(letter, here)) for letter, span in binders]
        self.places += [p for p in here if p[0] not in [b[0] for b in binders]]

        def terms(letters, model, k=0):
            if k == len(ranges):
                if guard is None or guard(letters, model):
                    yield body(letters, model)
                return
            letter, (first, last) = ranges[k]
            for position in range(int(first(letters, model)), int(last(letters, model)) + 1):
                yield from terms({**letters, letter: position}, model, k + 1)

        combine = {"\\sum": sum, "\\prod": math.prod, "\\max": lambda t: max(t, default=-math.inf),
                   "\\min": lambda t: min(t, default=math.inf), "logsumexp": logsumexp, "\\exists": any, "\\forall": all}[symbol]
        return Term(lambda l, m: combine(list(terms(l, m))))

    def limits(self, part, last):
        """Letters with their ranges, or none for the whole axis; and a condition."""
        span = self.stated_range(part)
        if span:
            return span
        first_letter = part.index_name()
        if last is not None:
            part.take("=")
            first = part.sum()
            part.end()
            return [(first_letter, (first, last))], None
        binders = [(first_letter, None)]
        while part.accept(","):
            binders.append((part.index_name(), None))
        if part.peek() in ("=", "<", ">", "\\le", "\\ge", "\\ne") and len(binders) == 1:
            part.at = 0
            guard = part.condition()
            part.end()
            return binders, guard
        guard = None
        if part.accept(":"):
            guard = part.condition()
        part.end()
        return binders, guard

    def stated_range(self, part):
        """0 \\le k \\le 9, and a condition behind a colon; None if it is something else."""
        try:
            first = part.sum()
            part.take("\\le")
            letter = part.index_name()
            part.take("\\le")
            last = part.sum()
            guard = None
            if part.accept(":"):
                guard = part.condition()
            part.end()
            return [(letter, (first, last))], guard
        except CannotRead:
            part.at = 0
            return None

    def index_name(self):
        token = self.take()
        if token == "\\mathrm" or token[1:] in ACCENTS:
            token += "{" + "".join(self.group_text()) + "}"
        if self.peek() == "_":  # i_2
            self.take()
            token += "_{" + "".join(self.group_text()) + "}"
        return token

    def span_of(self, letter, places):
        """The whole axis that it stands on; a part that is written out below may say which."""
        def last(letters, model):
            size = model.size(letter, places)
            if size is None:
                raise CannotRead(f"nothing says what {letter} ranges over")
            return size - 1
        return Term(lambda l, m: 0), Term(last)
