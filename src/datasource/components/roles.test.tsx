import { CoreApp } from '@grafana/data';
import { fireEvent, screen, within } from '@testing-library/react';

import { editQuery, up } from '../../testing/queryEditor';
import { ForewarnQuery, QueryType } from '../types';

const limit = { value: 90, direction: 'above' as const };
const logs = { kind: 'logs' as const, table: 't', time: 'ts', level: 'level' };

/** A query of each kind that shows as many fields as it can. */
const OPEN: Record<QueryType, Partial<ForewarnQuery>> = {
  forecast: { model: { algorithm: 'ets' }, output: 'hindcast' },
  anomaly: {
    guards: { minVolume: 3, agreement: '5m' },
    volume: up,
    agreement: up,
    deployments: { ...up, quiet: '30m' },
  },
  warning: { threshold: { ...limit, capacity: up }, whatIf: { growth: 20 } },
  outlier: { source: { kind: 'mysql', rawSql: 'SELECT 1' } },
  composite: {
    source: undefined,
    join: ['host'],
    sources: [
      { ...up, name: 'cpu' },
      { ...logs, name: 'errors' },
    ],
  },
  series: { source: logs },
};
const TYPES = Object.keys(OPEN) as QueryType[];

const unfolded = async (queryType: QueryType, own: Partial<ForewarnQuery> = {}, given = {}) => {
  const edited = await editQuery({ source: up, queryType, ...OPEN[queryType], ...own }, given);
  const fold = screen.getByRole('button', { name: 'Advanced' });
  if (fold.getAttribute('aria-expanded') === 'false') {
    await edited.user.click(fold);
  }
  return edited;
};

/** What a screen reader calls an element: its label's text, or the label it carries itself. */
function nameOf(element: HTMLElement): string {
  const { labels } = element as HTMLInputElement;
  const by = element.getAttribute('aria-labelledby');
  return [
    element.getAttribute('aria-label'),
    by && document.getElementById(by)?.textContent,
    ...[...(labels ?? [])].map((label) => label.textContent),
    element.textContent,
  ]
    .filter(Boolean)
    .join(' ')
    .trim();
}

describe.each(TYPES)('to those who do not see it, the editor of type %s', (type) => {
  it('names every field and every button', async () => {
    await unfolded(type);
    const fields = [...document.querySelectorAll<HTMLElement>('input:not([type=hidden]), textarea, button, a[href]')];
    expect(fields.length).toBeGreaterThan(8);
    // Grafana's picker of a time takes no label, only its own hint
    const picker = (field: HTMLElement) => field.getAttribute('placeholder') === 'Select date/time';
    expect(fields.filter((field) => nameOf(field) === '' && !picker(field)).map((field) => field.outerHTML)).toEqual(
      []
    );
  });

  it('names each choice, one of which is made', async () => {
    await unfolded(type);
    for (const group of screen.getAllByRole('radiogroup')) {
      expect(group).toHaveAccessibleName();
      expect(within(group).getAllByRole('radio', { checked: true })).toHaveLength(1);
    }
  });

  it('gives no two elements the same id', async () => {
    await unfolded(type);
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
  });
});

describe('with the keyboard', () => {
  it('what for is walked through by arrows, and runs at each', async () => {
    const { query, run, user } = await editQuery({ source: up });
    await user.click(screen.getByRole('radio', { name: 'Forecast' }));
    run.mockClear();
    const seen: Array<QueryType | undefined> = [];
    for (let i = 0; i < 6; i++) {
      await user.keyboard('{ArrowRight}');
      seen.push(query().queryType);
    }
    expect(seen).toEqual(['anomaly', 'warning', 'outlier', 'composite', 'series', 'forecast']);
    expect(run).toHaveBeenCalledTimes(6);
    expect(query().source).toEqual(up);
  });

  it.each([
    'Interval',
    'Confidence',
    'Metric’s minimum',
    'Metric’s maximum',
    'Training window',
    'Horizon',
    'Said before',
  ])('Enter in %s runs the query, and sends no form around it', async (label) => {
    const { run } = await unfolded('forecast');
    expect(fireEvent.keyDown(screen.getByLabelText(label), { key: 'Enter' })).toBe(false);
    expect(run).toHaveBeenCalledTimes(1);
    // any other key is the browser's
    expect(fireEvent.keyDown(screen.getByLabelText(label), { key: 'a' })).toBe(true);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('Enter in a model’s own option runs the query, too', async () => {
    const { run, user, query } = await unfolded('forecast');
    await user.type(screen.getByLabelText('Newest cycles'), '3{Enter}');
    expect(query().model?.options).toEqual({ cycles: 3 });
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('signals are added and taken away', async () => {
    const { query, user } = await unfolded('composite');
    const press = async (name: string) => {
      const [button] = screen.getAllByRole('button', { name });
      while (document.activeElement !== button) {
        await user.tab();
      }
      await user.keyboard('{Enter}');
    };
    await press('Add a signal');
    expect(query().sources?.map(({ name }) => name)).toEqual(['cpu', 'errors', 'signal3']);
    await press('Remove this signal');
    expect(query().sources?.map(({ name }) => name)).toEqual(['errors', 'signal3']);
  });
});

describe('a field that is wrong', () => {
  it.each<[QueryType, string, string, Partial<ForewarnQuery>]>([
    ['forecast', 'Horizon', 'soon', {}],
    ['forecast', 'Confidence', '7', {}],
    ['forecast', 'Metric’s maximum', '-1', { bounds: { min: 0 } }],
    ['warning', 'Share', '-5', {}],
    ['anomaly', 'Least relative', '-1', {}],
    ['anomaly', 'Quiet after deployments', 'long', {}],
    ['composite', 'Join on labels', ',', {}],
    ['series', 'Or patterns', '99', {}],
  ])('is marked as such, said beside it, and right again: %s, %s', async (type, label, typed, own) => {
    await unfolded(type, own);
    const field = screen.getByLabelText(label);
    expect(field).toHaveAttribute('aria-invalid', 'false');
    fireEvent.change(field, { target: { value: typed } });
    expect(field).toHaveAttribute('aria-invalid', 'true');
    expect(screen.getAllByRole('alert')).toHaveLength(1);
    fireEvent.change(field, { target: { value: { 'Join on labels': 'host', Share: '90' }[label] ?? '' } });
    expect(field).toHaveAttribute('aria-invalid', 'false');
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });
});

it('what is left empty is not written, whatever was typed before', async () => {
  const { query } = await unfolded('forecast', { model: undefined, output: undefined }, { app: CoreApp.PanelEditor });
  for (const label of ['Interval', 'Confidence', 'Training window', 'Horizon', 'Legend']) {
    fireEvent.change(screen.getByLabelText(label), { target: { value: label === 'Confidence' ? '0.9' : '1h' } });
    fireEvent.change(screen.getByLabelText(label), { target: { value: '' } });
  }
  expect(JSON.parse(JSON.stringify(query()))).toEqual({ refId: 'A', queryType: 'forecast', source: up });
});
