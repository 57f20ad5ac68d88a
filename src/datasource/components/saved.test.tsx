import { CoreApp } from '@grafana/data';
import { screen, waitFor } from '@testing-library/react';

import { editQuery, up } from '../../testing/queryEditor';
import { forRule } from '../change';
import { packed } from '../prefill';
import { queryLine } from '../purposes';
import { ForewarnQuery, TrainedModel } from '../types';
import { isRunnable } from '../validate';

const limit = { value: 90, direction: 'above' as const };

/** Queries as dashboards and rules hold them, written by hand, by files, or by what was before. */
describe('a saved query', () => {
  it('without a type is a forecast, and is not written anew by being looked at', async () => {
    const { query, run } = await editQuery({ queryType: undefined, source: up });
    expect(screen.getByLabelText('Forecast')).toBeChecked();
    expect(query()).toEqual({ refId: 'A', queryType: undefined, source: up });
    expect(run).not.toHaveBeenCalled();
    expect(isRunnable(query())).toBe(true);
    expect(queryLine(query())).toBe('Forecast: up');
  });

  it('without a source can be given one', async () => {
    const { query, user } = await editQuery({ source: undefined });
    expect(isRunnable(query())).toBe(false);
    await user.type(screen.getByLabelText('PromQL expression'), 'up');
    expect(query().source).toEqual(up);
  });

  it.each<[string, Partial<ForewarnQuery>]>([
    ['a forecast', { queryType: 'forecast' }],
    ['an anomaly', { queryType: 'anomaly', guards: { floor: 1 }, direction: 'above' }],
    ['an early warning', { queryType: 'warning', threshold: limit }],
    ['an outlier', { queryType: 'outlier' }],
    ['a series', { queryType: 'series' }],
    ['a trained model', { source: undefined, model: { name: 'disk', version: 2 } }],
  ])('is left alone in a panel, whatever fields it has: %s', async (_, own) => {
    const saved: Partial<ForewarnQuery> = {
      source: up,
      key: 'k',
      hide: false,
      style: 'none',
      language: 'en-US',
      calendar: { timezone: 'Asia/Shanghai' },
      ...own,
    };
    const { query, run, user } = await editQuery(saved, { app: CoreApp.PanelEditor });
    if (!own.model) {
      await user.click(screen.getByRole('button', { name: 'Advanced' }));
    }
    expect(query()).toEqual({ refId: 'A', queryType: 'forecast', ...saved });
    expect(run).not.toHaveBeenCalled();
  });

  it('keeps fields that the editor does not know when another is changed', async () => {
    const own = { source: { ...up, editorMode: 'code' }, exemplar: true } as unknown as Partial<ForewarnQuery>;
    const { query, user } = await editQuery(own);
    await user.type(screen.getByLabelText('Horizon'), '6h');
    expect(query()).toEqual({ refId: 'A', queryType: 'forecast', ...own, horizon: '6h' });
  });

  it('with an output that its type does not have shows the usual one, and keeps what is written until another is chosen', async () => {
    const { query, user } = await editQuery({ source: up, queryType: 'warning', threshold: limit, output: 'score' });
    await user.click(screen.getByRole('button', { name: 'Advanced' }));
    expect(screen.getByLabelText('Output')).toHaveValue('all');
    expect(query().output).toBe('score');
  });

  it.each<[ForewarnQuery['queryType'], string | undefined, string]>([
    ['forecast', undefined, 'forecast'],
    ['anomaly', 'all', 'score'],
    ['warning', 'table', 'eta_early'],
    ['outlier', 'nonsense', 'score'],
    ['composite', 'components', 'score'],
    ['series', undefined, 'actual'],
    ['warning', 'probability', 'probability'],
  ])('of a rule gets the one output that it needs: %s with %s', async (queryType, output, want) => {
    const { query } = await editQuery(
      { source: up, queryType, output, threshold: limit },
      { app: CoreApp.UnifiedAlerting }
    );
    await waitFor(() => expect(query().output).toBe(want));
    expect(forRule(query())).toBe(query());
  });

  it('that a link handed over arrives whole in the rule’s editor', async () => {
    const asked: ForewarnQuery = {
      refId: 'A',
      queryType: 'warning',
      source: up,
      threshold: limit,
      output: 'eta_early',
    };
    const { expression } = packed(asked);
    const { query } = await editQuery(
      { queryType: 'warning', expression, instant: true, range: false } as Partial<ForewarnQuery>,
      { app: CoreApp.UnifiedAlerting }
    );
    await waitFor(() => expect(query()).toEqual(asked));
    expect(screen.getByLabelText('PromQL expression')).toHaveValue('up');
    expect(screen.getByLabelText('Limit')).toHaveValue(90);
  });

  it('of a model that was deleted still names it, and can be given an algorithm', async () => {
    const { query, user, run } = await editQuery({ source: undefined, queryType: 'anomaly', model: { name: 'gone' } });
    expect(screen.getByLabelText('Model')).toHaveValue('gone');
    await user.click(screen.getByLabelText('Model'));
    await user.keyboard('Auto{ArrowDown}{Enter}');
    expect(query()).toMatchObject({ queryType: 'anomaly', model: { algorithm: 'auto' }, source: { expr: '' } });
    expect(isRunnable(query())).toBe(false);
    expect(run).toHaveBeenCalled();
  });

  it('offers those trained models alone that can answer it', async () => {
    const model = (name: string, queryType: ForewarnQuery['queryType'], live = 1): TrainedModel => ({
      definition: { name, query: { queryType, source: up } },
      live,
    });
    const trained = [model('cpu', 'anomaly'), model('disk', 'warning'), model('new', 'anomaly', 0)];
    const { query, user } = await editQuery({ source: up, queryType: 'anomaly' }, { trained });
    await user.click(screen.getByLabelText('Model'));
    for (const name of ['disk', 'new']) {
      await user.clear(screen.getByLabelText('Model'));
      await user.keyboard(`${name}{ArrowDown}{Enter}`);
      expect(query().model?.name).toBeUndefined();
    }
    await user.clear(screen.getByLabelText('Model'));
    await user.keyboard('cpu{ArrowDown}{Enter}');
    expect(query()).toEqual({ refId: 'A', queryType: 'anomaly', model: { name: 'cpu' } });
  });
});
