"""The functions that printed formulas name, by their commands and words."""
import math


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


def bessel(n, x):
    """By the trapezoidal rule for Bessel's integral, which is exact to the last digits."""
    return sum(math.cos(n * t - x * math.sin(t)) for t in (2 * math.pi * k / 400 for k in range(400))) / 400


def lower_gamma(a, x):
    if a <= 0 or x < 0:
        return math.nan
    term = total = 1.0
    for n in range(1, 2000):
        term *= x / (a + n)
        total += term
    return total * math.exp(a * math.log(x) - x - math.lgamma(a + 1)) if x else 0.0


def gamma_density(a, x):
    """x^(a - 1) e^(-x)/gamma(a); 1/gamma is 0 at its poles."""
    if x < 0:
        return math.nan
    if a <= 0 and a == math.floor(a):
        return 0.0
    return power(x, a - 1) * math.exp(-x) / math.gamma(a)


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
    "P": lower_gamma, "Q": lambda a, x: 1 - lower_gamma(a, x),
}


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


def same(a, b):
    """The same number reached by two formulas differs in its last digits."""
    return a == b or abs(a - b) <= 1e-13 * max(abs(a), abs(b), 1)


COMPARISONS = {
    "=": same, "\\ne": lambda a, b: not same(a, b),
    "<": lambda a, b: a < b and not same(a, b), "\\le": lambda a, b: a <= b or same(a, b),
    ">": lambda a, b: a > b and not same(a, b), "\\ge": lambda a, b: a >= b or same(a, b),
}
