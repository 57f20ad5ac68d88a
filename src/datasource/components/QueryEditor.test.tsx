import { CoreApp, dateTime, TimeRange } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';

import { editQuery, up } from '../../testing/queryEditor';
import { isRunnable } from '../validate';

describe('a first query', () => {
  it('needs the expression alone, and runs when the field is left', async () => {
    const { run, query, user } = await editQuery();
    await user.type(screen.getByLabelText('PromQL expression'), 'up');
    expect(run).not.toHaveBeenCalled();
    await user.tab();
    expect(run).toHaveBeenCalledTimes(1);
    expect(query()).toEqual({ refId: 'A', queryType: 'forecast', source: up });
  });

  it('runs on Shift+Enter without a new line', async () => {
    const { run, query, user } = await editQuery({ source: up });
    await user.type(screen.getByLabelText('PromQL expression'), '{Shift>}{Enter}{/Shift}');
    expect(run).toHaveBeenCalled();
    expect(query().source?.expr).toBe('up');
  });

  it.each([
    ['Prometheus', 'CPU of each host', 'expr'],
    ['MySQL', 'Orders by region', 'rawSql'],
    ['Log table', 'Error lines of each container', 'table'],
  ] as const)('can start from an example of %s, which runs at once', async (kind, title, field) => {
    const { run, query, user } = await editQuery();
    await user.click(screen.getByLabelText(kind));
    run.mockClear();
    await user.click(screen.getByRole('button', { name: title }));
    expect(query().source?.[field]).toBeTruthy();
    expect(run).toHaveBeenCalledTimes(1);
    expect(screen.queryByText('Start from an example:')).not.toBeInTheDocument();
  });
});

describe('each kind of query', () => {
  /** Answers every open question with the first example. */
  const byExamples = async (user: ReturnType<typeof userEvent.setup>) => {
    let clicks = 0;
    for (let next = exampleButtons()[0]; next; next = exampleButtons()[0]) {
      await user.click(next);
      clicks++;
    }
    return clicks;
  };
  const exampleButtons = () =>
    screen.queryAllByRole('button', { name: /^(CPU of each host|Orders by region|Error lines of each container)$/ });

  it.each([
    ['Forecast', 'forecast', 1],
    ['Anomaly', 'anomaly', 1],
    ['Early warning', 'warning', 1],
    ['Outlier in a group', 'outlier', 1],
    ['Several signals', 'composite', 2],
    ['As it is', 'series', 1],
  ] as const)('is complete with its name and an example for each source: %s', async (label, type, examples) => {
    const { query, run, user } = await editQuery();
    await user.click(screen.getByLabelText(label));
    expect(isRunnable(query())).toBe(false);
    expect(await byExamples(user)).toBe(examples);
    expect(query().queryType).toBe(type);
    expect(isRunnable(query())).toBe(true);
    expect(run).toHaveBeenCalled();
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });

  it.each(['Forecast', 'Anomaly', 'Early warning', 'Outlier in a group', 'Several signals'])(
    'can be gone on with in the wizard once it is complete: %s',
    async (label) => {
      const { user } = await editQuery();
      await user.click(screen.getByLabelText(label));
      expect(screen.queryByRole('link', { name: 'Open in the wizard' })).not.toBeInTheDocument();
      await byExamples(user);
      const link = screen.getByRole('link', { name: 'Open in the wizard' });
      expect(link.getAttribute('href')).toContain('/a/forewarn-earlywarning-app/train');
      expect(link).toHaveAttribute('target', '_blank');
    }
  );

  it('is reached, filled in and run with the keyboard alone', async () => {
    const { query, run, user } = await editQuery();
    screen.getByLabelText('PromQL expression').focus();
    await user.keyboard('up');
    while (document.activeElement !== screen.getByLabelText('Forecast')) {
      await user.tab();
    }
    await user.keyboard('{ArrowRight}');
    expect(query()).toMatchObject({ queryType: 'anomaly', source: up });
    run.mockClear();
    while (document.activeElement !== screen.getByLabelText('Training window')) {
      await user.tab();
    }
    await user.keyboard('7d{Enter}');
    expect(query().trainingWindow).toBe('7d');
    expect(run).toHaveBeenCalledTimes(1);
    while (document.activeElement !== screen.getByRole('button', { name: 'Advanced' })) {
      await user.tab();
    }
    await user.keyboard('{Enter}');
    expect(screen.getByLabelText('Interval')).toBeInTheDocument();
  });
});

describe('what for', () => {
  it('shows the limit for early warnings, and says when it is missing', async () => {
    const { query, user } = await editQuery({ source: up });
    await user.click(screen.getByLabelText('Early warning'));
    expect(query().threshold).toEqual({ value: 90, direction: 'above' });
    await user.clear(screen.getByLabelText('Limit'));
    expect(query().threshold).toBeUndefined();
    expect(screen.getByRole('alert')).toHaveTextContent('A number is needed');
    await user.type(screen.getByLabelText('Limit'), '75');
    expect(query().threshold).toEqual({ value: 75, direction: 'above' });
  });

  it('asks for a horizon only where there is a future', async () => {
    const { user } = await editQuery({ source: up });
    expect(screen.getByLabelText('Horizon')).toHaveAttribute('placeholder', '24h');
    await user.click(screen.getByLabelText('Early warning'));
    expect(screen.getByLabelText('Horizon')).toHaveAttribute('placeholder', '72h');
    await user.click(screen.getByLabelText('Anomaly'));
    expect(screen.queryByLabelText('Horizon')).not.toBeInTheDocument();
    await user.click(screen.getByLabelText('As it is'));
    expect(screen.queryByLabelText('Training window')).not.toBeInTheDocument();
    expect(screen.queryByLabelText('Model')).not.toBeInTheDocument();
  });

  it('joins several signals, adds, names and removes them', async () => {
    const { query, user } = await editQuery({ source: up });
    await user.click(screen.getByLabelText('Several signals'));
    expect(query().sources?.map((s) => s.name)).toEqual(['signal1', 'signal2']);
    await user.click(screen.getByRole('button', { name: 'Add a signal' }));
    expect(query().sources?.map((s) => s.name)).toEqual(['signal1', 'signal2', 'signal3']);
    await user.clear(screen.getAllByLabelText('Signal')[0]);
    await user.type(screen.getAllByLabelText('Signal')[0], 'cpu');
    expect(query().sources?.[0]).toEqual({ ...up, name: 'cpu' });
    await user.click(screen.getAllByRole('button', { name: 'Remove this signal' })[1]);
    expect(query().sources?.map((s) => s.name)).toEqual(['cpu', 'signal3']);
    await user.clear(screen.getByLabelText('Join on labels'));
    await user.type(screen.getByLabelText('Join on labels'), 'host, container');
    expect(query().join).toEqual(['host', 'container']);
  });
});

describe('in an alert rule', () => {
  it('has exactly one output, in sight', async () => {
    const { query } = await editQuery(
      { source: up, queryType: 'warning', threshold: { value: 90, direction: 'above' } },
      { app: CoreApp.UnifiedAlerting }
    );
    await waitFor(() => expect(query().output).toBe('eta_early'));
    expect(screen.getByLabelText(/^Output/)).toHaveValue('eta_early');
  });

  it('follows what the query is for', async () => {
    const { query, user } = await editQuery(
      { source: up, queryType: 'anomaly', output: 'score' },
      { app: CoreApp.UnifiedAlerting }
    );
    await user.click(screen.getByLabelText('Outlier in a group'));
    expect(query().output).toBe('score');
    await user.click(screen.getByLabelText('Forecast'));
    expect(query().output).toBe('forecast');
  });

  it('is folded away elsewhere', async () => {
    const { query, user } = await editQuery({ source: up });
    expect(screen.queryByLabelText('Output')).not.toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Advanced' }));
    expect(screen.getByLabelText('Output')).toHaveValue('all');
    expect(query().output).toBeUndefined();
  });
});

describe('a range that ends now', () => {
  const range = (to: string) =>
    ({
      from: dateTime(),
      to: to === 'now' ? dateTime() : dateTime().add(1, 'day'),
      raw: { from: 'now-1d', to },
    }) as TimeRange;
  const partial = jest.spyOn(locationService, 'partial').mockImplementation(() => undefined);

  it.each([
    ['24h', {}],
    ['72h', { queryType: 'warning' as const, threshold: { value: 1, direction: 'above' as const } }],
    ['6h', { horizon: '6h' }],
  ])('can be led %s ahead', async (horizon, query) => {
    const { user } = await editQuery({ source: up, ...query }, { app: CoreApp.PanelEditor, range: range('now') });
    await user.click(screen.getByRole('button', { name: `Show the next ${horizon}` }));
    expect(partial).toHaveBeenLastCalledWith({ to: `now+${horizon}` });
  });

  it.each([
    ['shows the future already', { source: up }, range('now+24h')],
    ['is of a query without a future', { source: up, queryType: 'anomaly' as const }, range('now')],
    ['is of a query that is not finished', {}, range('now')],
  ])('is left alone where it %s', async (_, query, given) => {
    await editQuery(query, { app: CoreApp.PanelEditor, range: given });
    expect(screen.queryByRole('button', { name: /^Show the next/ })).not.toBeInTheDocument();
  });
});
