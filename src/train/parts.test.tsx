import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React, { useState } from 'react';
import { MemoryRouter } from 'react-router-dom';

import { Client } from '../api/client';
import { Definition, Excluded, VersionDetail } from '../api/contract';
import { fakeGrafana, signIn } from '../testing/grafana';
import { resource, sample } from '../testing/samples';
import { settle } from '../testing/settle';
import { CalendarFields } from './CalendarFields';
import { CheckStep } from './CheckStep';
import { Exclusions } from './Exclusions';
import { Figures } from './Figures';
import { Finished } from './Finished';
import { PurposePicture } from './PurposePicture';
import { Done } from './save';

const client = new Client('fw');

beforeEach(() => signIn('Editor'));

describe('stretches that are left out of training', () => {
  function setup(start: Excluded[]) {
    let held = start;
    function Host() {
      const [excluded, setExcluded] = useState(start);
      held = excluded;
      return <Exclusions excluded={excluded} onChange={setExcluded} />;
    }
    render(<Host />);
    return { user: userEvent.setup(), excluded: () => held };
  }
  const migration: Excluded = { from: '2026-11-02T00:00:00Z', to: '2026-11-02T06:00:00Z', reason: 'migration' };

  it('are listed in the reader’s zone with their reasons, and learnt from again', async () => {
    const { user, excluded } = setup([migration]);
    const section = within(screen.getByRole('region', { name: 'Left out of training' }));
    expect(section.getByText('2026-11-02 00:00 – 2026-11-02 06:00')).toBeInTheDocument();
    expect(section.getByLabelText('Reason')).toHaveValue('migration');
    await user.click(section.getByRole('button', { name: 'Learn from 2026-11-02 00:00 – 2026-11-02 06:00 again' }));
    expect(excluded()).toEqual([]);
  });

  it('are given a reason', async () => {
    const { user, excluded } = setup([{ ...migration, reason: '' }]);
    await user.type(screen.getByLabelText('Reason'), 'outage');
    expect(excluded()).toEqual([{ ...migration, reason: 'outage' }]);
  });

  it('can be entered without a chart', async () => {
    const { user, excluded } = setup([]);
    expect(screen.getByText(/Drag over the chart/)).toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Enter a time range' }));
    await user.click(screen.getByRole('button', { name: 'Add' }));
    const [{ from, to }] = excluded();
    expect(Date.parse(to) - Date.parse(from)).toBe(86_400_000);
    expect(screen.getByRole('button', { name: 'Enter a time range' })).toBeInTheDocument();
  });
});

describe('how good the model is', () => {
  const show = (change: Partial<VersionDetail>) => {
    render(<Figures version={{ ...sample.version(), ...change }} />);
    return screen.getAllByRole('listitem').map((item) => item.textContent?.trim());
  };

  it('is said in three figures', () =>
    expect(show({})).toEqual([
      '23 % closer than “same as last week”',
      'the 95 % band held 94.6 % of the time',
      'rhythm: day, week',
    ]));

  it('is said as it is where it is bad, and where nothing is known', () => {
    expect(show({ error: { mase: 2, twinMase: 1, skill: -1 }, coverage: null, results: [] })).toEqual([
      '100 % further off than “same as last week”',
      'the band was not measured',
      'no rhythm found',
    ]);
  });

  it('is against the confidence that was asked for', () => {
    const version = sample.version();
    const definition = { ...version.definition, query: { ...version.definition.query, confidence: 0.8 } };
    expect(show({ definition })[1]).toBe('the 80 % band held 94.6 % of the time');
  });
});

describe('the check', () => {
  const setup = (queryType: 'forecast' | 'warning' | 'anomaly' | 'outlier' | 'composite') => {
    fakeGrafana({ [`POST ${resource('replay')}`]: sample.replay() });
    const definition: Definition = {
      ...sample.model().definition,
      query: { ...sample.model().definition.query, queryType },
    };
    const onComponents = jest.fn();
    render(
      <CheckStep
        client={client}
        definition={definition}
        version={sample.version()}
        components={false}
        onComponents={onComponents}
        onBudget={jest.fn()}
        onAlerts={jest.fn()}
        onShow={jest.fn()}
      />
    );
    return { onComponents, user: userEvent.setup() };
  };
  const fired = () => screen.queryByRole('region', { name: 'Would it have fired?' });
  const parts = () => screen.queryByLabelText('Show trend, seasons and remainder on the chart');

  it('of a forecast shows its parts on request, and replays nothing', async () => {
    const { onComponents, user } = setup('forecast');
    expect(fired()).not.toBeInTheDocument();
    parts()!.focus();
    await user.keyboard(' ');
    expect(onComponents).toHaveBeenCalledWith(true);
  });

  it.each(['warning', 'anomaly', 'outlier', 'composite'] as const)('of %s replays the past', async (type) => {
    setup(type);
    expect(fired()).toBeInTheDocument();
    expect(parts()).not.toBeInTheDocument();
    expect(await screen.findByRole('status')).toBeInTheDocument();
  });

  it('folds what each series is like, and opens it with the keyboard', async () => {
    const { user } = setup('forecast');
    const fold = screen.getByRole('button', { name: /Each series \(2\)/ });
    expect(screen.queryByRole('table')).not.toBeInTheDocument();
    fold.focus();
    await user.keyboard('{Enter}');
    expect(within(screen.getByRole('table')).getByRole('row', { name: /db-9/ })).toHaveTextContent('too short');
  });
});

describe('the end', () => {
  const show = (done: Done) => {
    render(<Finished done={done} uid="fw 1" />, { wrapper: MemoryRouter });
    return Object.fromEntries(
      screen.getAllByRole('link').map((link) => [link.textContent, decodeURIComponent(link.getAttribute('href') ?? '')])
    );
  };
  const MODELS = '/a/forewarn-earlywarning-app/models?ds=fw 1&model=disk & co';
  const AGAIN = '/a/forewarn-earlywarning-app/train?ds=fw 1&after=disk & co';

  it('leads to the model, and to another one', () => {
    expect(show({ model: 'disk & co' })).toEqual({ 'Open the model': MODELS, 'Train another': AGAIN });
    expect(screen.getByText('“disk & co” is saved')).toBeInTheDocument();
  });

  it('leads to the panel and the rule where they were made', () => {
    expect(show({ model: 'disk & co', panel: { dashboardUid: 'b', id: 4 }, ruleUid: 'r' })).toEqual({
      'Open the model': MODELS,
      'Open the panel': '/d/b?viewPanel=panel-4',
      'Open the rule': '/alerting/grafana/r/view',
      'Train another': AGAIN,
    });
    expect(screen.getByText('“disk & co” is saved and watched')).toBeInTheDocument();
  });
});

describe('the calendar of a model', () => {
  function setup(start: Partial<Definition> = {}) {
    const changes: Array<[Partial<Definition>, boolean | undefined]> = [];
    function Host() {
      const [definition, setDefinition] = useState<Definition>({
        ...sample.model().definition,
        timezone: '',
        holidays: '',
        ...start,
      });
      return (
        <CalendarFields
          definition={definition}
          onChange={(change, run) => {
            changes.push([change, run]);
            setDefinition({ ...definition, ...change });
          }}
        />
      );
    }
    render(<Host />);
    return { user: userEvent.setup(), changes, last: () => changes[changes.length - 1] };
  }

  it('takes the holidays of a country', async () => {
    const { user, last } = setup();
    await user.click(screen.getByLabelText('Holidays'));
    await user.keyboard('{ArrowDown}{Enter}');
    expect(last()).toEqual([{ holidays: 'CN' }, undefined]);
    expect(screen.getByLabelText('Holidays')).toHaveValue('China, with make-up workdays');
  });

  it('names what an entity is by its labels', async () => {
    const { user, last } = setup({ entityLabels: [] });
    await user.type(screen.getByLabelText('Entity labels'), 'instance, mountpoint');
    await user.tab();
    expect(last()[0]).toEqual({ entityLabels: ['instance', 'mountpoint'] });
  });

  it('answers on the chart as soon as what it lists can be used, and not before', async () => {
    const { user, last } = setup();
    await user.click(screen.getByRole('button', { name: 'Each week' }));
    expect(last()[1]).toBe(true);
    await user.clear(screen.getByLabelText('Length'));
    expect(last()[1]).toBe(false);
    expect(screen.getByText(/is no duration such as 90m or 2h/)).toBeInTheDocument();
    await user.type(screen.getByLabelText('Length'), '3h');
    expect(last()[1]).toBe(true);
    expect(last()[0].query?.calendar?.maintenance).toEqual([{ days: ['sun'], start: '02:00', duration: '3h' }]);
    await user.click(screen.getByRole('button', { name: /^Remove Sun/ }));
    expect(last()[0].query?.calendar).toBeUndefined();
    await settle();
  });
});

it.each(['forecast', 'anomaly', 'warning', 'outlier', 'composite'] as const)(
  'the picture of %s is one of its own, and hidden from those who do not see it',
  (type) => {
    const { container } = render(<PurposePicture type={type} />);
    const picture = container.querySelector('svg')!;
    expect(picture).toHaveAttribute('aria-hidden', 'true');
    expect(picture.childElementCount).toBeGreaterThan(2);
    const other = render(<PurposePicture type={type === 'forecast' ? 'anomaly' : 'forecast'} />);
    expect(other.container.innerHTML).not.toBe(container.innerHTML);
  }
);
