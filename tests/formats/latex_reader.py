"""Reads derivations in index form as gradc prints them in LaTeX, and computes what they say.

It shares nothing with the printer. A formula is read as a person reads it: letters below a name are its
subscripts, Σ takes the product to its right, names stand side by side to be multiplied. What a letter ranges over
is told by the axis that it stands on.
"""
import math
import re
from itertools import product

TOKEN = re.compile(r"\\begin\{cases\}|\\end\{cases\}|\\text\{[^{}]*\}|\\[A-Za-z]+|\\.|[A-Za-z]|\d+(?:\.\d+)?|\S")
GREEK = ("alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi "
         "psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega").split()
SPELT = {"epsilon": "\\varepsilon", "phi": "\\varphi"}
ACCENTS = ("hat", "bar", "tilde", "dot", "vec")


def digamma(x, n=0):
    step = 1e-4
    if n:
        return (digamma(x + step, n - 1) - digamma(x - step, n - 1)) / (2 * step)
    total = 0.0
    while x < 12:
        total -= 1 / x
        x += 1
    y = 1 / (x * x)
    return total + math.log(x) - 0.5 / x - y * (1 / 12 - y * (1 / 120 - y * (1 / 252 - y * (1 / 240 - y / 132))))


def safe(function):
    """Outside its domain a function has no value."""
    def call(*x):
        try:
            return function(*x)
        except (ValueError, ZeroDivisionError):
            return math.nan
        except OverflowError:
            return math.inf
    return call


def sigmoid(x):
    return 1 / (1 + math.exp(-x)) if x > 0 else math.exp(x) / (1 + math.exp(x))


def softplus(x):
    return max(x, 0) + math.log1p(math.exp(-abs(x)))


def sign(x):
    return (x > 0) - (x < 0)


COMMANDS = {"\\" + name: safe(getattr(math, name)) for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "log")}
COMMANDS |= {"\\arcsin": safe(math.asin), "\\arccos": safe(math.acos), "\\arctan": math.atan, "\\sigma": sigmoid}
WORDS = {
    "arsinh": math.asinh, "arcosh": safe(math.acosh), "artanh": safe(math.atanh), "erf": math.erf, "erfc": math.erfc,
    "relu": lambda x: max(x, 0.0), "leaky_relu": lambda x: x if x > 0 else x / 100, "softplus": softplus, "sign": sign,
    "elu": lambda x: x if x > 0 else math.expm1(x), "gelu": lambda x: x * (1 + math.erf(x / math.sqrt(2))) / 2,
    "silu": lambda x: x * sigmoid(x), "sinc": lambda x: math.sin(x) / x if x else 1.0, "stop": lambda x: x,
    "clamp": lambda x, low, high: min(max(x, low), high), "atan2": math.atan2, "round": lambda x: float(round(x)),
}


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
        self.parts, self.part_places = {}, {}  # u_1: a term with a name of its own, in the letters of its line

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
        if (key, at) in self.known:
            return self.known[key, at]
        for line in self.lines.get(key, []):
            letters = line.bind(at, self)
            if letters is not None:
                value = line.value(letters, self)
                self.known[key, at] = value
                return value
        raise CannotRead(f"nothing says what {key}{at} is")


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


class Term:
    """Something to be computed: at the letters' positions, in a model."""

    def __init__(self, compute, letter=None, places=()):
        self.compute, self.letter = compute, letter
        self.places = places  # (letter, key, axis): where letters stand alone below a name

    def __call__(self, letters, model):
        return self.compute(letters, model)


class Reader:
    def __init__(self, text, model):
        text = text.replace("\\left|", "\\abs ").replace("\\right|", "\\endabs ")
        self.tokens = [t for t in TOKEN.findall(text) if t not in ("\\left", "\\right", "\\,", "\\ ")]
        self.at, self.model, self.places = 0, model, []

    def peek(self, ahead=0):
        return self.tokens[self.at + ahead] if self.at + ahead < len(self.tokens) else ""

    def take(self, wanted=None):
        token = self.peek()
        if not token or (wanted is not None and token != wanted):
            raise CannotRead(f"{wanted} expected at {' '.join(self.tokens[self.at:self.at + 12])!r}")
        self.at += 1
        return token

    def accept(self, token):
        if self.peek() == token:
            self.at += 1
            return True
        return False

    def group_text(self):
        """The tokens of {…}."""
        if not self.accept("{"):
            return [self.take()]
        depth, out = 1, []
        while True:
            token = self.take()
            depth += (token == "{") - (token == "}")
            if depth == 0:
                return out
            out.append(token)

    def inside(self, tokens):
        part = Reader("", self.model)
        part.tokens, part.places = tokens, self.places
        return part

    def group(self):
        part = self.inside(self.group_text())
        value = part.sum()
        part.end()
        return value

    def end(self):
        if self.peek():
            raise CannotRead(f"more than a formula: {' '.join(self.tokens[self.at:self.at + 12])!r}")

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
        return bool(token) and token not in ("+", "-", ")", "]", "}", "=", "<", ">", "\\le", "\\ge", "\\ne", "&", "\\\\", ",",
                                             ":", "\\endabs", "\\rfloor", "\\rceil", "\\end{cases}", "\\rVert", "\\bmod") and not \
            token.startswith("\\text{")

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
            value = self.sum()
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
        relation = self.take()
        compare = {"=": lambda a, b: a == b, "<": lambda a, b: a < b, ">": lambda a, b: a > b, "\\le": lambda a, b: a <= b,
                   "\\ge": lambda a, b: a >= b, "\\ne": lambda a, b: a != b}.get(relation)
        if not compare:
            raise CannotRead(f"{relation} is no comparison")
        right = self.sum()
        return Term(lambda l, m: compare(left(l, m), right(l, m)))

    # ---- sums over indices
    def reduction(self, symbol):
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
        outer, self.places = self.places, []
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
                   "\\min": lambda t: min(t, default=math.inf), "logsumexp": logsumexp}[symbol]
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
        for name, key, axis in places:
            if name == letter:
                size = self.model.shape(key)[axis]
                return Term(lambda l, m: 0), Term(lambda l, m: size - 1)
        for name, size in self.model.sizes.items():  # an index that is only used as a number
            if name.lower() == letter:
                return Term(lambda l, m: 0), Term(lambda l, m: size - 1)
        def later(letters, model):  # a part that is written below may say it
            seen, pending = set(), [key for name, key, _ in places if name is None]
            while pending:
                part = pending.pop()
                if part in seen:
                    continue
                seen.add(part)
                for name, key, axis in model.part_places.get(part, []):
                    if name is None:
                        pending.append(key)
                    elif name == letter:
                        return model.shape(key)[axis] - 1
            raise CannotRead(f"nothing says what {letter} ranges over")
        return Term(lambda l, m: 0), Term(later)

    # ---- names
    def name(self):
        key, at, places = self.named()
        self.places += places
        return self.access(key, at)

    def access(self, key, at):
        if key[0] == "part":
            return Term(lambda l, m: m.parts[key](l, m))
        if key[0] == "letter":
            letter = key[1]
            sizes = self.model.sizes

            def position(letters, model):
                if letter in letters:
                    return letters[letter]
                for name, size in sizes.items():
                    base, below = name_parts(name)
                    if letter == base + ("_{" + ",".join(below) + "}" if below else ""):
                        return size
                raise CannotRead(f"what is {letter}?")
            return Term(position, letter=letter)
        return Term(lambda l, m: m.element(key, tuple(int(s(l, m)) for s in at)))

    def base(self):
        token = self.take()
        if not (token[0] == "\\" or token.isalpha()):
            raise CannotRead(f"{token} is no name")
        if token == "\\mathrm" or token[1:] in ACCENTS or token[1:] in ("grave", "acute"):
            token += "{" + "".join(self.group_text()) + "}"
        return token

    def named(self):
        """A tensor with its subscripts, a derivative in brackets, or a letter."""
        if self.accept("("):
            self.take("\\frac")
            found = self.derivative(self.group_text(), self.group_text())
            self.take(")")
            return found
        base = self.base()
        above = None
        if base == "\\delta" and self.peek() == "^" and self.peek(1) == "{":
            start = self.at
            self.take()
            above = "".join(self.group_text())
            if above not in self.model.short:
                self.at, above = start, None
        below = []
        start = self.at
        if self.accept("_"):
            below = self.group_text()
        if above is not None:
            key = self.model.short[above]
            at, places = self.subscripts(below, key)
            return key, at, places
        found = self.match(base, below)
        if found:
            return found
        if below and below[0].isdigit() and base in ("u", "v", "s", "q", "r", "\\mathrm{aux}"):
            key = ("part", base, below[0])
            return key, [], [(None, key, 0)]
        self.at = start
        if below:
            self.take("_")
            base += "_{" + "".join(self.group_text()) + "}"
        return ("letter", base), [], []

    def match(self, base, below):
        candidates = sorted(self.model.by_paper.get(base, []), key=lambda c: -len(c[0]))
        for own, name in candidates:
            text = []
            for k, word in enumerate(own):
                text += ([","] if k else []) + TOKEN.findall(word)
            rank = len(self.model.shapes[name])
            rest = below
            if text:
                if below[:len(text)] != text:
                    continue
                rest = below[len(text):]
                if rest and rest[0] != ",":
                    continue
                rest = rest[1:]
            if bool(rest) != (rank > 0):
                continue
            try:
                at, places = self.subscripts(rest, name)
            except CannotRead:
                continue
            return name, at, places
        return None

    def subscripts(self, tokens, key):
        rank = len(self.model.shape(key))
        parts, depth = [[]], 0
        for token in tokens:
            depth += (token in "{([" ) - (token in "})]")
            if token == "," and depth == 0:
                parts.append([])
            else:
                parts[-1].append(token)
        if parts == [[]]:
            parts = []
        if len(parts) == 1 and rank > 1:
            reader = self.inside(parts[0])
            parts = []
            while reader.peek():
                before = reader.at
                reader.base()
                if reader.accept("_"):
                    reader.group_text()
                parts.append(reader.tokens[before:reader.at])
        if len(parts) != rank:
            raise CannotRead(f"{''.join(tokens)} below {key}, which has {rank} axes")
        at, places = [], []
        for axis, part in enumerate(parts):
            reader = self.inside(part)
            term = reader.sum()
            reader.end()
            at.append(term)
            if term.letter:
                places.append((term.letter, key, axis))
        return at, places

    def derivative(self, over, under):
        """∂²E over ∂w_h ∂w_k."""
        upper = self.inside(over)
        upper.take("\\partial")
        if upper.accept("^"):
            upper.group_text()
        of, at, places = upper.named()
        upper.end()
        lower, key = self.inside(under), ["d", of]
        parts = [(of, at, places)]
        while lower.peek():
            lower.take("\\partial")
            wrt, subscripts, more = lower.named()
            times = int(lower.group_text()[0]) if lower.accept("^") else 1
            for _ in range(times):
                key.append(wrt)
                parts.append((wrt, subscripts, more))
        if any(k[0] == "letter" for k in key):
            raise CannotRead("a derivative by what has no name")
        key = tuple(key)
        all_at, all_places, axis = [], [], 0
        for name, subscripts, more in parts:
            all_at += subscripts
            all_places += [(letter, key, axis + place) for letter, _, place in more]
            axis += len(self.model.shape(name))
        return key, all_at, all_places


def power(a, b):
    try:
        value = float(a) ** b
        return math.nan if isinstance(value, complex) else value
    except ZeroDivisionError:
        return math.inf
    except OverflowError:
        return math.inf


def divide(a, b):
    if b == 0:
        return math.nan if a == 0 or a != a else math.copysign(math.inf, a) * math.copysign(1, b)
    return a / b


def root(x, degree):
    if degree % 2:
        return math.copysign(abs(x) ** (1 / degree), x)
    return x ** (1 / degree) if x >= 0 else math.nan


def logsumexp(terms):
    top = max(terms, default=-math.inf)
    return top if math.isinf(top) else top + math.log(sum(math.exp(t - top) for t in terms))


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
            key, _, _ = Reader(left, model).named()
            reader = Reader(right, model)
            model.parts[key] = reader.sum()
            reader.end()
            model.part_places[key] = reader.places
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
        reader = Reader(left, model)
        if left.startswith("\\frac{\\partial"):
            reader.take("\\frac")
            key, at, _ = reader.derivative(reader.group_text(), reader.group_text())
        else:
            key, at, _ = reader.named()
            if not isinstance(key, str) and key[0] == "letter":
                raise CannotRead(f"{left} is no name of the model")
        reader.end()
        if short:
            above = re.match(r"\\delta\^\{(.*?)\}(?=_\{[^{}]*\}$|$)", short)
            if above:
                model.short["".join(TOKEN.findall(above[1]))] = key
        reader = Reader(right, model)
        value = reader.sum()
        reader.end()
        model.lines.setdefault(key, []).append(Line(at, value, span))
    return model


def all_elements(shape):
    return product(*(range(n) for n in shape))
