import { render, screen } from '@testing-library/react';
import React from 'react';

import { editQuery, up } from '../../testing/queryEditor';
import { ForewarnQuery } from '../types';
import { fieldError, FieldErrors } from './fieldErrors';
import { DurationField } from './fields';

describe('what the back end refuses', () => {
  it.each([
    ['horizon', {}, 'Horizon'],
    ['trainingWindow', {}, 'Training window'],
    ['source.expr', {}, 'PromQL expression'],
    ['threshold.value', { queryType: 'warning', threshold: { value: 1, direction: 'above' } }, 'Limit'],
    ['threshold', { queryType: 'warning', threshold: { value: 1, direction: 'above' } }, 'Limit'],
    ['interval', {}, 'Interval'],
    ['guards.k', { queryType: 'anomaly' }, 'At least'],
    ['bounds', {}, 'Metric’s minimum'],
    ['whatIf', { queryType: 'warning', threshold: { value: 1, direction: 'above' } }, 'If the limit were'],
    ['whatIf.capacity', { queryType: 'warning', threshold: { value: 1, direction: 'above' } }, 'If the limit were'],
    ['volume.expr', { queryType: 'anomaly', guards: { minVolume: 2 }, volume: up }, 'PromQL expression'],
    ['guards.agreement', { queryType: 'anomaly' }, 'Agreed within'],
    ['deployments.quiet', { queryType: 'anomaly', deployments: up }, 'Quiet after deployments'],
    ['model.options.window', { model: { algorithm: 'ets', options: { window: '6h' } } }, 'Window'],
  ] as Array<[string, Partial<ForewarnQuery>, string]>)(
    'of the field %s is said there',
    async (field, query, label) => {
      const said = 'is 1m, needed is at least one interval of 5m';
      await editQuery({ source: up, ...query }, { error: `invalid query: field "${field}" ${said}` });
      const inputs = screen.getAllByLabelText(label);
      const input = inputs[field.startsWith('volume') ? 1 : 0];
      expect(screen.getAllByRole('alert')[0]).toHaveTextContent(said);
      expect(input).toBeVisible();
    }
  );

  it('of a field that is folded away unfolds it', async () => {
    await editQuery(
      { source: up },
      {
        error: 'invalid query: field "confidence" is 2, needed is less',
      }
    );
    expect(screen.getByRole('button', { name: 'Advanced' })).toHaveAttribute('aria-expanded', 'true');
    expect(screen.getByRole('alert')).toHaveTextContent('is 2, needed is less');
  });

  it.each([
    ['', {}, 'source rejected the query: parse error', 0],
    [
      'of a limit',
      { queryType: 'warning', threshold: { direction: 'above', query: up } },
      'threshold.query: source rejected the query: parse error',
      1,
    ],
    [
      'of a volume',
      { queryType: 'anomaly', guards: { minVolume: 2 }, volume: up },
      'volume: source rejected the query: parse error',
      1,
    ],
    [
      'of another signal',
      { queryType: 'anomaly', guards: { agreement: '5m' }, agreement: up },
      'agreement: source rejected the query: parse error',
      1,
    ],
    [
      'of deployments',
      { queryType: 'anomaly', deployments: up },
      'deployments: source rejected the query: parse error',
      1,
    ],
    [
      'of a signal',
      {
        source: undefined,
        queryType: 'composite',
        join: ['i'],
        sources: [
          { ...up, name: 'a' },
          { ...up, name: 'b' },
        ],
      },
      'source b: source rejected the query: parse error',
      1,
    ],
  ] as Array<[string, Partial<ForewarnQuery>, string, number]>)(
    'by the source %s is said at its text',
    async (_, query, error, at) => {
      await editQuery({ source: up, ...query }, { error });
      const texts = await screen.findAllByLabelText('PromQL expression');
      expect(texts.map((x) => x.getAttribute('aria-invalid'))).toEqual(texts.map((_t, i) => String(i === at)));
      expect(screen.getByRole('alert')).toHaveTextContent('parse error');
    }
  );

  it('without naming a field is left to Grafana', async () => {
    await editQuery({ source: up }, { error: 'connection refused' });
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });
});

describe('a message of the back end', () => {
  const sources = [
    { ...up, name: 'a' },
    { ...up, name: 'b c' },
  ];
  it.each<[string, ReturnType<typeof fieldError>]>([
    ['', undefined],
    ['connection refused', undefined],
    ['field "horizon" is 1m, needed is 5m', { field: 'horizon', text: 'is 1m, needed is 5m' }],
    ['invalid query: field "guards.k": is 5', { field: 'guards.k', text: 'is 5' }],
    ['[sse.x] failed: field "sources[1].expr" is\nempty', { field: 'sources[1].expr', text: 'is\nempty' }],
    ['source rejected the query: bad', { field: 'source', text: 'bad' }],
    ['source b c: source rejected the query: bad', { field: 'sources[1]', text: 'bad' }],
    ['threshold.capacity: source rejected the query: bad', { field: 'threshold.capacity', text: 'bad' }],
    ['volume: source rejected the query: bad', { field: 'volume', text: 'bad' }],
    // of a signal that has another name by now
    ['source gone: source rejected the query: bad', { field: 'source', text: 'bad' }],
  ])('%s', (message, want) => expect(fieldError(message, { sources })).toEqual(want));

  it.each([
    ['message', { message: 'field "horizon" is bad' }],
    ['data.message', { data: { message: 'field "horizon" is bad' } }],
    ['data.error', { data: { error: 'field "horizon" is bad' } }],
  ])('is read from %s, which depends on who answered', async (_, error) => {
    const data = {
      errors: [
        { refId: 'B', message: 'field "horizon" is of another' },
        { refId: 'A', ...error },
      ],
    };
    render(
      <FieldErrors data={data as never} query={{ refId: 'A' }}>
        <Horizon />
      </FieldErrors>
    );
    expect(screen.getByRole('alert')).toHaveTextContent('is bad');
  });

  it('gives way to what the field itself finds wrong', () => {
    const data = { errors: [{ refId: 'A', message: 'field "horizon" is bad' }] };
    render(
      <FieldErrors data={data as never} query={{ refId: 'A' }}>
        <Horizon value="soon" />
      </FieldErrors>
    );
    expect(screen.getByRole('alert')).toHaveTextContent('Write a duration');
  });
});

const Horizon = ({ value }: { value?: string }) => (
  <DurationField label="Horizon" field="horizon" value={value} onChange={() => undefined} />
);
