"""Forecasts a file of series with statsforecast, augurs and Prophet, those that are installed, on one thread.

usage: python peers.py SERIES.csv OUT_PREFIX STEP_SECONDS PERIODS [METHOD ...]

SERIES.csv: series,category,m,h,train (values joined by ';'). PERIODS: seasonal periods in steps, such as 24,168, which the
methods are told. Writes OUT_PREFIX.csv (method,series,step,mean,lo95,hi95) and OUT_PREFIX_ms.csv (method,series,ms: processor time
of fit and forecast with a 95 % interval). Prints what it leaves out and why.
"""

import csv
import logging
import os
import sys
import time
import warnings

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS", "NUMBA_NUM_THREADS", "NIXTLA_NUMBA_RELEASE_GIL"):
    os.environ.setdefault(name, "1")
warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)

import numpy as np  # noqa: E402

csv.field_size_limit(1 << 28)


def statsforecast_methods(periods, _step):
    from importlib.metadata import version

    from statsforecast import models as m

    def run(make):
        def forecast(y, h):
            f = make().forecast(y=y, h=h, level=[95])
            return f["mean"], f["lo-95"], f["hi-95"]

        return forecast

    day = periods[0]
    v = "statsforecast " + version("statsforecast")
    yield v, "SeasonalNaive", run(lambda: m.SeasonalNaive(season_length=day))
    yield v, "DynamicOptimizedTheta", run(lambda: m.DynamicOptimizedTheta(season_length=day))
    yield v, "AutoETS", run(lambda: m.AutoETS(season_length=day))
    yield v, "MSTL + AutoETS", run(lambda: m.MSTL(season_length=periods, trend_forecaster=m.AutoETS(model="ZZN")))
    yield v, "MSTL + AutoARIMA", run(lambda: m.MSTL(season_length=periods, trend_forecaster=m.AutoARIMA()))


def augurs_methods(periods, _step):
    from importlib.metadata import version

    import augurs

    def run(make):
        def forecast(y, h):
            model = make()
            model.fit(y)
            f = model.predict(h, 0.95)
            return f.point(), f.lower(), f.upper()

        return forecast

    v = "augurs " + version("augurs")
    yield v, "MSTL + ETS", run(lambda: augurs.MSTL.ets(periods))
    yield v, "AutoETS without season", run(lambda: augurs.AutoETS(1, "ZZN"))


def prophet_methods(_periods, step):
    from importlib.metadata import version

    import pandas as pd
    from prophet import Prophet

    def forecast(y, h):
        at = pd.date_range("2026-01-05", periods=len(y) + h, freq=pd.Timedelta(seconds=step))
        model = Prophet(interval_width=0.95)
        model.fit(pd.DataFrame({"ds": at[: len(y)], "y": y}))
        f = model.predict(pd.DataFrame({"ds": at[len(y):]}))
        return f["yhat"].to_numpy(), f["yhat_lower"].to_numpy(), f["yhat_upper"].to_numpy()

    yield "Prophet " + version("prophet"), "defaults", forecast


def main():
    path, prefix, step, periods = sys.argv[1], sys.argv[2], float(sys.argv[3]), [int(p) for p in sys.argv[4].split(",")]
    with open(path, newline="") as f:
        series = [(r["series"], int(r["h"]), np.array([float(v) for v in r["train"].split(";")])) for r in csv.DictReader(f)]
    with open(prefix + ".csv", "w", newline="") as f, open(prefix + "_ms.csv", "w", newline="") as g:
        out, times = csv.writer(f), csv.writer(g)
        out.writerow(["method", "series", "step", "mean", "lo95", "hi95"])
        times.writerow(["method", "series", "ms"])
        for source in (statsforecast_methods, augurs_methods, prophet_methods):
            try:
                methods = list(source(periods, step))
            except Exception as e:  # a peer that is not installed is left out, and named
                print(f"left out: {source.__name__.removesuffix('_methods')}: {e}", file=sys.stderr)
                continue
            for library, name, forecast in methods:
                method = f"{library}: {name}"
                print("running", method, file=sys.stderr, flush=True)
                try:
                    forecast(series[0][2], series[0][1])  # compiling and loading are not counted
                    for sid, h, y in series:
                        begin = time.process_time()
                        mean, lo, hi = forecast(y, h)
                        times.writerow([method, sid, 1000 * (time.process_time() - begin)])
                        for i in range(h):
                            out.writerow([method, sid, i + 1, mean[i], lo[i], hi[i]])
                except Exception as e:
                    print(f"left out: {method}: {e}", file=sys.stderr)


main()
