"""Reference values of bands_reference_test.go and theta_reference_test.go: Python 3.11, scipy 1.17.1, numpy 2.4.6. The method is written
out with their quantiles, distributions and interpolations. It reads the series of r.json. Run here: python bands.py > bands.json"""

import json
import sys

import numpy as np
import scipy
from scipy import interpolate, optimize, stats

R = json.load(open("r.json"))
SERIES = {k: np.array([np.nan if v is None else v for v in s["values"]], float) for k, s in R["series"].items()}


def plain(x):
    """Numbers and lists for JSON, twelve digits, what is missing as null."""
    if isinstance(x, dict):
        return {k: plain(v) for k, v in x.items()}
    if isinstance(x, (list, tuple, np.ndarray)):
        return [plain(v) for v in x]
    if isinstance(x, (float, np.floating)):
        return None if not np.isfinite(x) else float(f"{x:.12g}")
    return x.item() if isinstance(x, np.generic) else x


def reaches():
    """Mean excesses over the fiftieth part at either end."""
    for name in ("nile", "lh", "www", "huron", "austres", "air", "lynx", "presidents", "temperature", "two", "hit"):
        x = np.sort(SERIES[name][-504:])
        x = x[np.isfinite(x)]
        k = max(int(0.02 * len(x)), 1)
        yield dict(series=name, lo=x[0] - 3 * (x[k] - x[:k].mean()), hi=x[-1] + 3 * (x[-k:].mean() - x[-k - 1]))


def trends():
    """Without the straight lines through the means of neighbouring cycles that are half known at least."""
    for name, m, holes in (("air", 12, []), ("accidents", 12, []), ("gas", 4, []), ("two", 24, []), ("two", 100, []), ("air", 12, list(range(20, 29)) + [70, 71]),
                           ("two", 24, list(range(0, 60)) + list(range(600, 640))), ("temperature", 12, [3, 4, 5])):
        x = SERIES[name].copy()
        x[holes] = np.nan
        cycles = len(x) // m
        rows, at = x[-cycles * m:].reshape(cycles, m), np.arange(len(x), dtype=float)[-cycles * m:].reshape(cycles, m)
        known = np.isfinite(rows)
        use = 2 * known.sum(axis=1) >= m
        mean = np.array([r[k].mean() for r, k in zip(rows[use], known[use])])
        middle = np.array([r[k].mean() for r, k in zip(at[use], known[use])])
        rest = x - interpolate.interp1d(middle, mean, fill_value="extrapolate")(np.arange(len(x)))
        yield dict(series=name, period=m, holes=holes, every=1 + len(x) // 100, rest=rest[::1 + len(x) // 100])


def shared():
    """The typical errors of the two halves (geometric means), the shares of three models by their inverse cubes, and at each step the
    mean of the middle third of the weighted forecasts."""
    rng = np.random.default_rng(11)
    for models, steps in ((3, 10), (5, 7), (4, 1), (9, 24), (2, 5)):
        errors = rng.normal(size=(models, 6, steps)) * rng.uniform(0.8, 1.7, size=(models, 1, 1)) * np.linspace(1, rng.uniform(0.7, 1.8, size=models), steps).T[:, None, :]
        errors = np.round(errors, 6)
        typical = []
        for part in (slice(0, max(steps // 2, 1)), slice(steps // 2, steps)):
            size = abs(errors[:, :, part]).mean(axis=2)
            typical.append(stats.gmean(size + 1e-3 * size.mean(axis=1, keepdims=True), axis=1))
        shares = []
        for t in typical:
            say = np.where(t <= 2 * t.min(), t ** -3.0, 0)
            shares.append(say / say.sum())
        forecasts = np.round(rng.normal(size=(models, steps + 4)) * 5, 6)
        blend = []
        for h in range(steps + 4):
            f = min(h / (steps - 1), 1) if steps > 1 else 1
            w = (1 - f) * shares[0] + f * shares[1]
            order = np.argsort(forecasts[:, h])
            ends = np.concatenate([[0], np.cumsum(w[order])])
            middle = np.diff(np.clip(ends, 1 / 3, 2 / 3))
            blend.append(np.average(forecasts[order, h], weights=middle))
        yield dict(errors=errors, near=typical[0], far=typical[1], first=shares[0], last=shares[1], forecasts=forecasts, blend=blend)


CURVES = {
    "parabola": lambda x: (x - 0.3) ** 2, "quartic": lambda x: (x - 0.62) ** 4 + 0.1 * x, "wave": lambda x: np.sin(7 * x), "kink": lambda x: abs(x - 0.43) + x * x / 5,
    "logs": lambda x: x - 0.5 * np.log(x), "steep": lambda x: np.exp(6 * (x - 0.5)) - 9 * x, "root": lambda x: np.sqrt(abs(x - 0.74)) + 0.05 * x,
}


def minima():
    """Brent's minimiser from the same three points."""
    for name, f in CURVES.items():
        grid = np.array([0.1, 0.17, 0.27, 0.4, 0.55, 0.7, 0.85, 0.99])
        k = int(np.argmin(f(grid)))
        if 0 < k < len(grid) - 1:
            x, _, _, tried = optimize.brent(f, brack=tuple(grid[k - 1:k + 2]), tol=1e-4, full_output=True)
            yield dict(name=name, lo=grid[k - 1], start=grid[k], hi=grid[k + 1], x=x, tried=tried - 3)


def lines():
    """The regression line of the first k points, and the best share and initial level at an alpha by least squares on the model's
    equations written out."""
    for name in ("nile", "lh", "huron", "www", "austres"):
        y = SERIES[name]
        t = np.arange(1.0, len(y) + 1)
        fits = [np.polyfit(t[:k], y[:k], 1) for k in range(2, len(y) + 1)]
        a, b = np.array([y[0], y[0]] + [f[1] for f in fits]), np.array([0, 0] + [f[0] for f in fits])
        best = []
        for alpha in (0.15, 0.4, 0.8):
            n = len(y)
            decay = (1 - alpha) ** np.arange(n)
            base = np.array([sum(alpha * (1 - alpha) ** (i - 1 - j) * y[j] for j in range(i)) for i in range(n)])
            part = decay * a[:n] + (1 - decay * (1 - alpha)) / alpha * b[:n]
            weight = np.ones(n)
            weight[0], weight[1:3] = 1e-6, 0
            root = np.sqrt(weight)
            x = np.column_stack([decay, part]) * root[:, None]
            solved = optimize.lsq_linear(x, (y - base) * root, bounds=([-np.inf, 0], [np.inf, 1 - 1e-5]), tol=1e-14)
            best.append(dict(alpha=alpha, squares=2 * solved.cost, fitted=base + decay * solved.x[0] + part * solved.x[1]))
        yield dict(series=name, a=a, b=b, best=best)


if __name__ == "__main__":
    text = ['"made":' + json.dumps(f"scipy {scipy.__version__}, numpy {np.__version__}")]
    for block in (reaches, trends, shared, minima, lines):
        text.append(f'"{block.__name__}":[\n' + ",\n".join(json.dumps(plain(v)) for v in block()) + "]")
    sys.stdout.write("{" + ",\n".join(text) + "}\n")
