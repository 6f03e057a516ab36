"""Names in printed formulas, with what stands below them: x_{2,i+1}, ∂E/∂w_{0,dh}, δ^{z_1}_h."""
import re

from paper_model import ACCENTS, CannotRead, Term, name_parts

TOKEN = re.compile(r"\\begin\{cases\}|\\end\{cases\}|\\text\{[^{}]*\}|\\[A-Za-z]+|\\.|[A-Za-z]|\d+(?:\.\d+)?|\S")


class NameReader:
    """A row of tokens, and what names in it mean; sums in subscripts are read by those who inherit."""

    whole = False  # names have their subscripts

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
        part = type(self)("", self.model)
        part.tokens, part.places = tokens, self.places
        return part

    def end(self):
        if self.peek():
            raise CannotRead(f"more than a formula: {' '.join(self.tokens[self.at:self.at + 12])!r}")

    # ---- names
    def name(self):
        key, at, places = self.named()
        self.places += places
        return self.access(key, at)

    def access(self, key, at):
        if key[0] == "part":
            return Term(lambda l, m: m.part(key, [a(l, m) for a in at], l))
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
        if not (token[0] == "\\" or token.isalpha()) or token.startswith("\\text{"):
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
            if self.whole:
                leading = self.leading(below)
                if leading is None or len(leading) > len(self.model.shape(key)):
                    raise CannotRead("an element where a whole matrix stands")
                return key, leading, []
            at, places = self.subscripts(below, key)
            return key, at, places
        found = self.match(base, below)
        if found:
            return found
        if not self.whole and below and below[0].isdigit() and base in ("u", "v", "s", "q", "r", "\\mathrm{aux}"):
            key = ("part", base, below[0])
            at, places = self.each(self.split(below[2:]), key)
            return key, at, places + [(None, key, 0)]
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
            if self.whole:
                leading = self.leading(rest)
                if leading is not None and len(leading) <= rank:
                    return name, leading, []
                continue
            if bool(rest) != (rank > 0):
                continue
            try:
                at, places = self.subscripts(rest, name)
            except CannotRead:
                continue
            return name, at, places
        return None

    @staticmethod
    def leading(tokens):
        """The letters below a matrix that is one of many; None if there is more than letters."""
        letters = [token for token in tokens if token != ","]
        if not all(token.isalpha() for token in letters):
            return None
        return [Term(lambda l, m, letter=letter: l[letter], letter=letter) for letter in letters]

    @staticmethod
    def split(tokens):
        parts, depth = [[]], 0
        for token in tokens:
            depth += (token in "{([" ) - (token in "})]")
            if token == "," and depth == 0:
                parts.append([])
            else:
                parts[-1].append(token)
        return [] if parts == [[]] else parts

    def subscripts(self, tokens, key):
        rank = len(self.model.shape(key))
        parts = self.split(tokens)
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
        return self.each(parts, key)

    def each(self, parts, key):
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
            raise CannotRead(f"a derivative by what has no name: {''.join(over)} by {''.join(under)}")
        key = tuple(key)
        all_at, all_places, axis = [], [], 0
        for name, subscripts, more in parts:
            all_at += subscripts
            all_places += [(letter, key, axis + place) for letter, _, place in more]
            axis += len(self.model.shape(name))
        return key, all_at, all_places
