"""Reference values of bandform_reference_test.go, bands_reference_test.go and theta_reference_test.go: Python 3.11, scipy 1.17.1,
numpy 2.4.6. The method is written out with their quantiles, distributions and interpolations. It reads the series of r.json. Run
here: python bands.py > bands.json"""

import json
import sys

import numpy as np
import scipy
from scipy import interpolate, optimize, stats

R = json.load(open("r.json"))
SERIES = {k: np.array([np.nan if v is None else v for v in s["values"]], float) for k, s in R["series"].items()}
LEVELS = [0.5, 0.6, 0.7, 0.8, 0.82, 0.85, 0.9, 0.93, 0.95, 0.97, 0.99]
FLOOR = 0.7


def plain(x):
    """Numbers and lists for JSON, twelve digits, what is missing as null."""
    if isinstance(x, dict):
        return {k: plain(v) for k, v in x.items()}
    if isinstance(x, (list, tuple, np.ndarray)):
        return [plain(v) for v in x]
    if isinstance(x, (float, np.floating)):
        return None if not np.isfinite(x) else float(f"{x:.12g}")
    return x.item() if isinstance(x, np.generic) else x


def backtests():
    """Errors of origins (rows) by steps, as a backtest may leave them."""
    rng = np.random.default_rng(7)
    normal = np.round(rng.normal(size=(8, 24)), 6)
    lasting = np.zeros((8, 48))
    for h in range(48):
        lasting[:, h] = np.round(0.8 * lasting[:, h - 1] + rng.normal(size=8), 6)
    skewed = np.round(rng.exponential(size=(8, 30)) - 0.7, 6)
    incident, quiet, gaps = normal.copy(), normal.copy(), normal.copy()
    incident[2] *= 12
    quiet[-1] *= 0.1
    gaps[1], gaps[3, 5:9], gaps[:, 15] = np.nan, np.nan, np.nan
    met = normal.copy()
    met[4, 18:] *= 30
    rare = np.zeros((8, 40))
    rare[[0, 3, 6], [4, 30, 17]] = [3, -5, 4]
    return {"normal": normal, "lasting": lasting, "skewed": skewed, "incident": incident, "incident at some steps": met, "quiet": quiet, "gaps": gaps, "rare": rare,
            "seven origins": normal[1:], "five origins": skewed[:5], "few errors": normal[:2, :9], "one origin": lasting[:1], "heavy": np.round(rng.standard_t(3, size=(8, 60)), 6),
            "growing": normal * np.sqrt(np.arange(1, 25))}


def mean_square(near, overall):
    """Of the errors of each origin in a window, none above 25 times the mean of the others', nor below the overall one for that."""
    squares, number = np.nansum(near ** 2, axis=1), np.isfinite(near).sum(axis=1)
    squares, number = squares[number > 0] / number[number > 0], number[number > 0]
    if len(squares) > 2:
        others = (squares.sum() - squares) / (len(squares) - 1)
        squares = np.minimum(squares, np.maximum(25 * others, overall))
    return np.average(squares, weights=number)


def spread(rows, steps):
    origins, known = rows.shape
    half, widen = max(4, known // 24), 1.2 if origins >= 6 else 1.4
    raw = []
    for h in range(steps):
        near = rows[:, max(h - half, 0):h + half + 1] if h < known else np.array([])
        if np.isfinite(near).any():
            raw.append(widen * np.sqrt(mean_square(near, np.nanmean(rows ** 2))))
        elif h < known:
            raw.append(FLOOR * np.sqrt(h + 1))
        else:
            raw.append(out[known - 1] * np.sqrt((h + 1) / known))
        out = [raw[0]]
        for v in raw[1:]:
            out.append(max(v, 0.98 * out[-1]))
    return np.array(out)


def log_sizes(rows):
    """Logarithm of each origin's root mean square, NaN where nothing is known of it."""
    sizes = np.array([np.sqrt(np.mean(r[np.isfinite(r)] ** 2)) if np.isfinite(r).any() else np.nan for r in rows])
    return np.log(sizes + 1e-3 * np.sqrt(np.nanmean(sizes ** 2)))


def student(level, origins):
    """How much wider than the normal distribution."""
    factor = stats.t.ppf((1 + level) / 2, 4) / stats.norm.ppf((1 + level) / 2)
    return factor * (stats.t.ppf(0.9, 8) / stats.t.ppf(0.9, 4) if origins >= 6 else 1)


def form(errors, level, own):
    """The sides at a level, and how many times its side each error is."""
    either = np.quantile(abs(errors), level)
    if either == 0:
        return 1, 1, abs(errors)
    below = own * max(-np.quantile(errors, (1 - level) / 2), 0) + (1 - own) * either
    above = own * max(np.quantile(errors, (1 + level) / 2), 0) + (1 - own) * either
    return below, above, np.maximum(errors / above, -errors / below)


def sides(f, level, factor):
    return factor * np.quantile(f[2], level) * np.array(f[:2])


def forms():
    for name, rows in backtests().items():
        origins, known = rows.shape
        sigma = spread(rows, known + 6)
        scaled = rows / sigma[:known]
        a, b = scaled[:, :-1].ravel(), scaled[:, 1:].ravel()
        both = np.isfinite(a * b)
        persistence = np.clip((a * b)[both].sum() / ((a ** 2 + b ** 2)[both].sum() / 2), 0, 0.999)
        logs = log_sizes(rows)
        away = logs - np.nanmean(logs)
        even = np.where(np.isfinite(away), np.exp(-0.25 * away), 1)
        errors = (scaled * even[:, None])[np.isfinite(scaled)]
        newest, n = 1.0, np.isfinite(away).sum()
        if n >= 6 and np.isfinite(away[-1]):
            chance = (1 + persistence ** 2) / (1 - persistence ** 2) / known
            newest = np.exp(0.25 * max(1 - chance / (np.nansum(away ** 2) / (n - 1)), 0) * away[-1])
        widths = []
        for level in LEVELS:
            if len(errors) < 20:
                w = stats.norm.ppf((1 + level) / 2) * student(level, origins) / student(0.95, origins)
                widths.append([w, w])
                continue
            tail = form(errors, 0.95, 0.5)
            if origins < 6:
                widths.append(sides(tail, level, student(level, origins)))
                continue
            centre = form(errors, 0.8, min(1 - persistence, 0.9))
            inner = min(level, 0.8)
            low = sides(centre, inner, 1 + (student(inner, 6) - 1) * persistence / 0.6)
            high = np.maximum(sides(tail, max(level, 0.95), student(max(level, 0.95), 6)), low)
            at = interpolate.interp1d(stats.norm.ppf([0.9, 0.975]), [0, 1], bounds_error=False, fill_value=(0, 1))
            widths.append(low + at(stats.norm.ppf((1 + level) / 2)) * (high - low))
        inside, w = [], widths[LEVELS.index(0.9)]
        for k, row in enumerate(rows if origins > 1 else []):
            sigma_others = spread(np.delete(rows, k, axis=0), known)
            inside.extend(((-w[0] * sigma_others <= row) & (row <= w[1] * sigma_others))[np.isfinite(row)])
        yield dict(name=name, rows=rows, inside=np.mean(inside) if inside else np.nan, floor=FLOOR, sigma=sigma * newest, persistence=persistence, even=even, newest=newest, levels=LEVELS, widths=widths)


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
    for block in (forms, reaches, trends, shared, minima, lines):
        text.append(f'"{block.__name__}":[\n' + ",\n".join(json.dumps(plain(v)) for v in block()) + "]")
    sys.stdout.write("{" + ",\n".join(text) + "}\n")
