"""Reference values of python_reference_test.go and its neighbours: Python 3.11, statsforecast 2.1.1, statsmodels 0.15.0, scipy 1.17.1,
numpy 2.4.6. It reads the series of r.json. Run here: python oracle.py > python.json"""

import json
import sys

import numpy as np
import scipy
import statsforecast
import statsmodels
import statsmodels.api as sm
from scipy import optimize, stats
from statsforecast.models import TSB, CrostonClassic, CrostonSBA, DynamicOptimizedTheta, DynamicTheta, OptimizedTheta, Theta
from statsmodels.tsa.ar_model import AutoReg

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


def theta():
    for name in ("nile", "lh", "huron", "www", "austres", "air"):
        for model in (Theta, OptimizedTheta, DynamicTheta, DynamicOptimizedTheta):
            m = model(season_length=1).fit(SERIES[name])
            p = m.model_["par"]
            yield dict(series=name, model=model.__name__, level=p["initial_smoothed"], alpha=p["alpha"], theta=p["theta"],
                       fitted=m.model_["fitted"][-10:], mean=m.predict(8)["mean"])


COUNTS = {"bursts": [0, 1, 0, 11, 0, 0, 0, 0, 2, 0, 6, 3, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0], "begins": [4, 0, 0, 3, 0, 2, 0, 0, 0, 5],
          "often": [2, 3, 0, 1, 4, 2, 0, 3, 1, 2, 5, 0, 1], "stops": [3, 1, 2] + [0] * 30}


def sparse():
    for name, values in COUNTS.items():
        for variant, make in (("croston", lambda a: CrostonClassic()), ("sba", lambda a: CrostonSBA()), ("tsb", lambda a: TSB(alpha_d=a, alpha_p=a))):
            for alpha in (0.05, 0.1, 0.3) if variant == "tsb" else (0.1,):
                f = make(alpha).forecast(y=np.array(values, float), h=3, fitted=True)
                yield dict(series=name, values=values, variant=variant, alpha=alpha, mean=f["mean"], fitted=f["fitted"])


def autoregression():
    """Least squares on the lags that the program takes for the periods."""
    for name, periods, logs in (("air", [12], True), ("accidents", [12], False), ("gas", [4], True), ("temperature", [12], False),
                                ("two", [24, 168], False), ("hit", [24], False), ("nile", [], False), ("austres", [4], True)):
        y = SERIES[name]
        lags = [1, 2, 3, 4, 5]
        for m in periods:
            lags += [k for k in range(m - 3, m + 4) if k > lags[-1]]
        x = np.log(y) if logs else y
        f = AutoReg(x, lags).fit()
        ahead = f.forecast(30)
        yield dict(series=name, periods=periods, logs=logs, lags=lags, params=f.params, fitted=np.exp(f.fittedvalues[-6:]) if logs else f.fittedvalues[-6:],
                   mean=np.exp(ahead) if logs else ahead)


def gaps():
    """Least squares on the rows that are complete."""
    for name, lags, holes in (("presidents", [1, 2, 4], []), ("nile", [1, 2, 5], [3, 20, 21, 60]), ("two", [1, 2, 24, 25], list(range(100, 130)) + [400])):
        y = SERIES[name].copy()
        y[holes] = np.nan
        p = max(lags)
        rows = np.column_stack([np.ones(len(y) - p)] + [y[p - k:len(y) - k] for k in lags])
        yield dict(series=name, lags=lags, holes=holes, params=sm.OLS(y[p:], rows, missing="drop").fit().params)


def stl_once(y, period, window, robust):
    odd = lambda n: int(n) | 1
    low, trend = odd(period), odd(np.ceil(1.5 * period / (1 - 1.5 / window)))
    s = sm.tsa.STL(y, period=period, seasonal=window, trend=trend, low_pass=low, seasonal_deg=0, seasonal_jump=(window + 9) // 10, trend_jump=(trend + 9) // 10,
                   low_pass_jump=(low + 9) // 10, robust=robust)
    r = s.fit(inner_iter=1, outer_iter=15) if robust else s.fit(inner_iter=2, outer_iter=0)
    return r.seasonal, r.trend


AT = [0, 1, 24, 99, 100, 332, 399, 499, 500, 669, 670, 671]


def decompositions():
    """Bandara et al., algorithm 1: each season in turn on what the others leave, twice."""
    for name, periods, robust in (("hit", [24, 168], True), ("three", [8, 20, 90], True), ("two", [24], True), ("two", [24], False), ("three", [6], False),
                                  ("three", [2], False), ("three", [98], True)):
        rest, seasons, trend = SERIES[name].copy(), [np.zeros(len(SERIES[name])) for _ in periods], None
        for _ in range(2 if len(periods) > 1 else 1):
            for i, p in enumerate(periods):
                rest = rest + seasons[i]
                seasons[i], trend = stl_once(rest, p, 11 + 4 * i, robust)
                rest = rest - seasons[i]
        yield dict(series=name, periods=periods, robust=robust, at=AT, trend=trend[AT], seasons=[s[AT] for s in seasons])


def loess():
    for name, window in (("nile", 21), ("nile", 75), ("lh", 11), ("www", 7), ("huron", 97)):
        y = SERIES[name]
        n = len(y)
        yield dict(series=name, window=window, smooth=sm.nonparametric.lowess(y, np.arange(n), frac=(window + 1e-9) / n, it=0, delta=0, return_sorted=False))


def slopes():
    for name in ("nile", "presidents", "www", "lynx", "jj", "huron"):
        y = SERIES[name]
        at = np.flatnonzero(~np.isnan(y))
        yield dict(series=name, slope=stats.theilslopes(y[at], at).slope)


def students():
    for freedom in (4, 8):
        for level in np.arange(0.5, 0.995, 0.01):
            yield dict(freedom=freedom, level=level, width=stats.t.ppf((1 + level) / 2, freedom), normal=stats.norm.ppf((1 + level) / 2))


def curves():
    """Nonlinear least squares by scipy's trust region."""
    t = np.arange(24.0)
    noise = np.sin(t * t * 1.3)
    problems = {
        "decay": (lambda x: x[0] * np.exp(-x[1] * t) + x[2], [30.0, 0.5, 1.0], 40 * np.exp(-0.2 * t) + 5 + noise),
        "peak": (lambda x: x[0] * np.exp(-((t - x[1]) / x[2]) ** 2), [10.0, 9.0, 3.0], 30 * np.exp(-((t - 12) / 5) ** 2) + noise),
        "growth": (lambda x: x[0] / (1 + np.exp(-x[1] * (t - x[2]))), [50.0, 0.2, 8.0], 80 / (1 + np.exp(-0.5 * (t - 11))) + noise),
        "wave": (lambda x: x[0] * np.sin(x[1] * t + x[2]), [5.0, 0.5, 0.1], 9 * np.sin(0.55 * t + 0.4) + noise),
        "power": (lambda x: x[0] * (t + 1) ** x[1], [1.0, 1.0], 3 * (t + 1) ** 0.7 + 0.1 * noise),
    }
    for name, (f, start, y) in problems.items():
        r = optimize.least_squares(lambda x: y - f(x), start, xtol=1e-14, ftol=1e-14, gtol=1e-14)
        yield dict(name=name, y=y, start=start, x=r.x, squares=2 * r.cost)


def piecewise():
    """The posterior mode of Taylor and Letham's model, minus its log minimised by L-BFGS-B, each change of slope as the difference of
    two positive numbers; the noise is profiled out."""
    n, ahead, changepoints, harmonics, flexibility, capacity = 240, 24, 8, 3, 0.05, 90.0
    every = np.arange(n + ahead)
    wave = 12 * np.sin(2 * np.pi * every / 24) + 4 * np.cos(4 * np.pi * every / 24)
    noise = np.sin(every * every * 0.37)
    straight = 40 + wave + 0.08 * np.minimum(every, 130) + noise
    swelling = (30 + 0.1 * every) * (1 + wave / 60) + noise
    for growth, shares, data in (("linear", False, straight), ("flat", False, straight), ("linear", True, swelling), ("saturating", False, straight)):
        y = data[:n]
        at = every / (n - 1)
        changes = np.round(0.8 * (n - 1) * np.arange(1, changepoints + 1) / changepoints) / (n - 1)
        columns = [np.ones(len(every))]
        if growth != "flat":
            columns += [at] + [np.maximum(at - c, 0) for c in changes]
        k = len(columns)
        changing = k - changepoints if growth != "flat" else k
        for j in range(1, harmonics + 1):
            columns += [np.sin(2 * np.pi * j * every / 24), np.cos(2 * np.pi * j * every / 24)]
        x = np.column_stack(columns)
        floor = 0.0 if shares or growth == "saturating" else y.min()
        unit = capacity if growth == "saturating" else np.abs(y - floor).max()
        target = (y - floor) / unit
        d = k - changing

        def model(theta, rows):
            trend = rows[:, :k] @ theta[:k]
            if growth == "saturating":
                trend = 1 / (1 + np.exp(-trend))
            season = rows[:, k:] @ theta[k:]
            return trend * (1 + season) if shares else trend + season

        def join(z):
            return np.concatenate([z[:changing], z[changing:k] - z[k:k + d], z[k + d:]])

        def loss(z):
            theta = join(z)
            rest = target - model(theta, x[:n])
            prior = np.sum(theta[:changing] ** 2) / 50 + np.sum(z[changing:k + d]) / flexibility + np.sum(theta[k:] ** 2) / 200
            return n / 2 * np.log(rest @ rest / n) + prior

        start = np.concatenate([[target.mean() if growth != "saturating" else 0.0], np.zeros(changing - 1), np.full(2 * d, 1e-3), np.zeros(x.shape[1] - k)])
        bounds = [(None, None)] * changing + [(0, None)] * (2 * d) + [(None, None)] * (x.shape[1] - k)
        best = None
        for _ in range(8):
            r = optimize.minimize(loss, start if best is None else best.x, method="L-BFGS-B", bounds=bounds,
                                  options=dict(maxiter=20000, maxfun=2000000, ftol=1e-15, gtol=1e-9, maxcor=50))
            best = r if best is None or r.fun <= best.fun else best
        yield dict(growth=growth, shares=shares, capacity=capacity, changepoints=changepoints, harmonics=harmonics, flexibility=flexibility, values=y,
                   loss=best.fun, model=floor + unit * model(join(best.x), x))


if __name__ == "__main__":
    blocks = (theta, sparse, autoregression, gaps, decompositions, loess, slopes, students, curves, piecewise)
    text = ['"made":' + json.dumps(f"statsforecast {statsforecast.__version__}, statsmodels {statsmodels.__version__}, scipy {scipy.__version__}, numpy {np.__version__}")]
    for block in blocks:
        text.append(f'"{block.__name__}":[\n' + ",\n".join(json.dumps(plain(v)) for v in block()) + "]")
    sys.stdout.write("{" + ",\n".join(text) + "}\n")
