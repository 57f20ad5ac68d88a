"""Reference values of reference_test.go and its neighbours: python 3.11, statsforecast 2.1.1, statsmodels 0.15.0,
scikit-learn 1.9.1, numpy 2.4. Run: python reference.py; it prints one block for each test."""

import numpy as np
from statsforecast.models import (ARIMA, AutoETS, CrostonClassic, CrostonSBA, DynamicOptimizedTheta, DynamicTheta, OptimizedTheta,
                                  TSB, Theta)
import statsmodels.api as sm

AIR = np.array("""112 118 132 129 121 135 148 148 136 119 104 118 115 126 141 135 125 149 170 170 158 133 114 140
145 150 178 163 172 178 199 199 184 162 146 166 171 180 193 181 183 218 230 242 209 191 172 194
196 196 236 235 229 243 264 272 237 211 180 201 204 188 235 227 234 264 302 293 259 229 203 229
242 233 267 269 270 315 364 347 312 274 237 278 284 277 317 313 318 374 413 405 355 306 271 306
315 301 356 348 355 422 465 467 404 347 305 336 340 318 362 348 363 435 491 505 404 359 310 337
360 342 406 396 420 472 548 559 463 407 362 405 417 391 419 461 472 535 622 606 508 461 390 432""".split(), float)
OIL = np.array([445.36, 453.20, 454.41, 422.38, 456.04, 440.39, 425.19, 486.21, 500.43, 521.28, 508.95, 488.89, 509.87, 456.72,
                473.82, 525.95, 549.83, 542.34])
NILE = np.array("""1120 1160 963 1210 1160 1160 813 1230 1370 1140 995 935 1110 994 1020 960 1180 799 958 1140 1100 1210
1150 1250 1260 1220 1030 1100 774 840 874 694 940 833 701 916 692 1020 1050 969 831 726 456 824 702
1120 1100 832 764 821 768 845 864 862 698 845 744 796 1040 759 781 865 845 944 984 897 822 1010 771
676 649 846 812 742 801 1040 860 874 848 890 744 749 838 1050 918 986 797 923 975 815 1020 906 901
1170 912 746 919 718 714 740""".split(), float)
SPARSE = np.array([0, 1, 0, 11, 0, 0, 0, 0, 2, 0, 6, 3, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0], float)


def ets():
    for name, y, m, spec in [("air", AIR, 12, "ZZZ"), ("air", AIR, 12, "MNM"), ("air", AIR, 12, "MAM"), ("air", AIR, 12, "MAA"),
                             ("oil", OIL, 1, "MNN"), ("oil", OIL, 1, "MAN"), ("nile", NILE, 1, "MNN"), ("nile", NILE, 1, "ZZN")]:
        for damped in ([None] if "Z" in spec else [False, True] if spec[1] == "A" else [False]):
            f = AutoETS(season_length=m, model=spec, damped=damped).fit(y)
            d = f.model_
            print("ets", name, spec, damped, d["method"], "loglik", round(d["loglik"], 4), "aicc", round(d["aicc"], 4), "h1..3",
                  f.predict(3)["mean"].round(4).tolist())


def theta():
    for name, y in [("oil", OIL), ("nile", NILE), ("air", AIR)]:
        for model in (Theta, OptimizedTheta, DynamicTheta, DynamicOptimizedTheta):
            print("theta", name, model.__name__, model(season_length=1).fit(y).predict(4)["mean"].round(6).tolist())


def intermittent():
    for model in (CrostonClassic(), CrostonSBA(), TSB(alpha_d=0.1, alpha_p=0.1)):
        print("intermittent", model, repr(float(model.forecast(y=SPARSE, h=1)["mean"][0])))


def huber():
    t = np.arange(40.0)
    y = 3 + 0.5 * t + np.sin(t * 1.7)
    y[[5, 17, 30]] += [40, -25, 60]
    fit = sm.RLM(y, sm.add_constant(t), M=sm.robust.norms.HuberT()).fit()
    print("huber", fit.params.tolist(), "scale", fit.scale)


def arima():
    for name, y, order, mean in [("nile", NILE, (1, 0, 1), True), ("nile", NILE, (0, 1, 1), False), ("oil", OIL, (1, 1, 0), False),
                                 ("lognile", np.log(NILE), (2, 0, 0), True)]:
        f = ARIMA(order=order, season_length=1, method="CSS", include_mean=mean).fit(y)
        print("arima", name, order, {k: round(float(v), 6) for k, v in f.model_["coef"].items()}, "sigma2", f.model_["sigma2"],
              f.predict(3)["mean"].round(4).tolist())


def kpss():
    from statsmodels.tsa.stattools import kpss as statistic
    for name, y in [("nile", NILE), ("air", AIR), ("oil", OIL)]:
        lags = int(3 * np.sqrt(len(y)) / 13)
        print("kpss", name, statistic(y, regression="c", nlags=lags)[0])


def stl():
    t = np.arange(70 * 12 + 5.0)
    y = 50 + 10 * np.sin(2 * np.pi * t / 12) * (1 + t / 800) + 3 * np.cos(t * 1.7) + 0.01 * t
    r = sm.tsa.STL(y, period=12, seasonal=11, seasonal_deg=0, seasonal_jump=2, trend_jump=3, low_pass_jump=2).fit(inner_iter=2, outer_iter=0)
    print("stl", [(i, float(r.seasonal[i]), float(r.trend[i])) for i in (0, 400, 835, 840, 844)])


def similar():
    for name, y in (("air", AIR), ("nile", NILE)):
        c = sm.tsa.acovf(y, adjusted=True, demean=True, fft=False)
        print("autocovariance", name, {k: round(float(c[k]), 6) for k in (0, 1, 6, 12, 30)})


def piecewise():
    """Needs prophet 1.1.7, cmdstanpy 1.2.5 and numpy 2.2; scaling="minmax" as in our model."""
    import pandas as pd
    from prophet import Prophet
    n = 24 * 28
    t = np.arange(n + 48.0)
    y = 50 + 10 * np.sin(2 * np.pi * t / 24) + 3 * np.cos(2 * np.pi * t * 3 / 168) + 0.02 * np.minimum(t, 300) + np.sin(t * t * 0.37)
    frame = pd.DataFrame({"ds": pd.date_range("2026-03-02", periods=n, freq="h"), "y": y[:n]})
    for growth in ("linear", "logistic"):
        m = Prophet(growth=growth, uncertainty_samples=0, daily_seasonality=False, weekly_seasonality=False, yearly_seasonality=False, scaling="minmax" if growth == "linear" else "absmax")
        m.add_seasonality("day", period=1, fourier_order=6)
        m.add_seasonality("week", period=7, fourier_order=6)
        f = frame.copy()
        if growth == "logistic":
            f["cap"], f["floor"] = 80.0, 0.0
        m.fit(f)
        future = m.make_future_dataframe(periods=48, freq="h", include_history=True)
        if growth == "logistic":
            future["cap"], future["floor"] = 80.0, 0.0
        p = m.predict(future)
        print("piecewise", growth, [(i, float(round(p["yhat"][i], 4)), float(round(p["trend"][i], 4))) for i in (0, 100, 335, 671, 680, 719)])


if __name__ == "__main__":
    for block in (ets, theta, intermittent, huber, arima, kpss, stl, similar, piecewise):
        block()
