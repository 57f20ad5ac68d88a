import { t } from '@grafana/i18n';

import { Algorithm, ParamSpec } from './types';

/** What an algorithm is called; one that has no name here keeps that of the back end. */
export function algorithmName({ id, title }: Pick<Algorithm, 'id' | 'title'>): string {
  const names: Record<string, string> = {
    naive: t('algorithm.naive', 'Naive'),
    drift: t('algorithm.drift', 'Drift'),
    'seasonal-naive': t('algorithm.seasonal-naive', 'Seasonal naive'),
    ets: t('algorithm.ets', 'Exponential smoothing (Holt-Winters, ETS)'),
    theta: t('algorithm.theta', 'Theta'),
    linear: t('algorithm.linear', 'Robust linear trend'),
    mstl: t('algorithm.mstl', 'Several seasons (MSTL)'),
    ar: t('algorithm.ar', 'Sparse-lag autoregression'),
    arima: t('algorithm.arima', 'ARIMA'),
    piecewise: t('algorithm.piecewise', 'Piecewise trend and Fourier seasons'),
    intermittent: t('algorithm.intermittent', 'Sparse counts (Croston, TSB)'),
    combination: t('algorithm.combination', 'Combination'),
    threshold: t('algorithm.threshold', 'Fixed threshold'),
    'dynamic-threshold': t('algorithm.dynamic-threshold', 'Dynamic threshold'),
    'seasonal-residual': t('algorithm.seasonal-residual', 'Seasonal residual'),
    mad: t('algorithm.mad', 'Median absolute deviation'),
    quantile: t('algorithm.quantile', 'Quartile fences'),
    'same-period': t('algorithm.same-period', 'Same time before'),
    'previous-period': t('algorithm.previous-period', 'Points just before'),
    'forecast-residual': t('algorithm.forecast-residual', 'Forecast residual'),
    'level-shift': t('algorithm.level-shift', 'Level shift'),
    kmeans: t('algorithm.kmeans', 'K-means'),
    'isolation-forest': t('algorithm.isolation-forest', 'Isolation forest'),
    'spectral-residual': t('algorithm.spectral-residual', 'Spectral residual'),
    'matrix-profile': t('algorithm.matrix-profile', 'Matrix profile'),
    'flat-line': t('algorithm.flat-line', 'Flat line'),
    'missing-data': t('algorithm.missing-data', 'Missing data'),
    dbscan: t('algorithm.dbscan', 'DBSCAN'),
    shares: t('algorithm.shares', 'Shift of shares'),
  };
  return names[id] ?? title;
}

/** What a parameter is called, with its unit; one that has no name here keeps that of the back end. */
export function paramName({ name, unit }: Pick<ParamSpec, 'name' | 'unit'>): string {
  const names: Record<string, string> = {
    adopt: t('param.adopt', 'New level after'),
    after: t('param.after', 'Not before'),
    alertBudget: t('param.alert-budget', 'Alerts a week at most'),
    alpha: t('param.alpha', 'Alpha'),
    change: t('param.change', 'Least change'),
    changepoints: t('param.changepoints', 'Changes of slope'),
    clusters: t('param.clusters', 'Clusters'),
    cycles: t('param.cycles', 'Newest cycles'),
    days: t('param.days', 'Days'),
    drift: t('param.drift', 'Drift'),
    errors: t('param.errors', 'Errors'),
    estimator: t('param.estimator', 'Estimator'),
    factor: t('param.factor', 'Factor'),
    flexibility: t('param.flexibility', 'Flexibility'),
    forecaster: t('param.forecaster', 'Forecaster'),
    growth: t('param.growth', 'Growth'),
    harmonics: t('param.harmonics', 'Harmonics'),
    k: t('param.k', 'Multiple (k)'),
    length: t('param.length', 'Length'),
    limit: t('param.limit', 'Limit'),
    logs: t('param.logs', 'In logarithms'),
    percent: t('param.percent', 'Per cent'),
    points: t('param.points', 'Points'),
    refit: t('param.refit', 'Forecast every'),
    robust: t('param.robust', 'Robust'),
    season: t('param.season', 'Season'),
    sensitivity: t('param.sensitivity', 'Sensitivity'),
    trees: t('param.trees', 'Trees'),
    trend: t('param.trend', 'Trend'),
    variant: t('param.variant', 'Variant'),
    window: t('param.window', 'Window'),
    with: t('param.with', 'Compared with'),
  };
  const known = names[name];
  // a name in words says its unit itself
  return known ?? (unit ? `${name} (${unit})` : name);
}

/** What a choice of a parameter is called. */
export function choiceName(choice: string): string {
  const names: Record<string, string> = {
    auto: t('choice.auto', 'auto'),
    none: t('choice.none', 'none'),
    high: t('choice.high', 'high'),
    medium: t('choice.medium', 'medium'),
    low: t('choice.low', 'low'),
    linear: t('choice.linear', 'linear'),
    damped: t('choice.damped', 'damped'),
    additive: t('choice.additive', 'additive'),
    multiplicative: t('choice.multiplicative', 'multiplicative'),
    saturating: t('choice.saturating', 'saturating'),
    flat: t('choice.flat', 'flat'),
    previous: t('choice.previous', 'point before'),
    mean: t('choice.mean', 'mean before'),
    yesterday: t('choice.yesterday', 'yesterday'),
    'last-week': t('choice.last-week', 'last week'),
    interval: t('choice.interval', 'least to most'),
    amplitude: t('choice.amplitude', 'change then'),
    dynamic: t('choice.dynamic', 'dynamic'),
    optimised: t('choice.optimised', 'optimised'),
    standard: t('choice.standard', 'standard'),
  };
  return names[choice] ?? choice;
}
