import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React, { ReactElement } from 'react';
import { MemoryRouter } from 'react-router-dom';

import { Model, ModelState, Store } from '../api/contract';
import { SourceState } from '../api/overview';
import { englishOn, signInChinese } from '../testing/chinese';
import { signIn } from '../testing/grafana';
import { sample } from '../testing/samples';
import { EmptyPage } from './EmptyPage';
import { ErrorLine } from './ErrorLine';
import { Failed } from './Failed';
import { ModelProblems } from './ModelProblems';
import { NothingYet } from './NothingYet';
import { Section } from './Section';
import { ShowAll } from './ShowAll';
import { SourceProblems } from './SourceProblems';
import { StateBadge } from './StateBadge';
import { StoreNotice } from './StoreNotice';

const show = (element: ReactElement) => render(element, { wrapper: MemoryRouter });
const links = () => screen.queryAllByRole('link').map((link) => [link.textContent, link.getAttribute('href')]);
const store = (change: Partial<Store> = {}): Store => ({
  kind: 'sqlite',
  ok: true,
  message: '',
  path: '/f.db',
  ...change,
});

beforeEach(() => signIn('Editor'));

describe('nothing yet', () => {
  it.each([
    ['Viewer', [['Open the dashboards', '/dashboards?tag=forewarn']]],
    [
      'Editor',
      [
        ['Train a model', '/a/forewarn-earlywarning-app/train?ds=fw'],
        ['Open the dashboards', '/dashboards?tag=forewarn'],
      ],
    ],
    [
      'Admin',
      [
        ['Train a model', '/a/forewarn-earlywarning-app/train?ds=fw'],
        ['Open the dashboards', '/dashboards?tag=forewarn'],
      ],
    ],
  ] as const)('offers a %s what that role may do', (role, offered) => {
    signIn(role);
    show(
      <NothingYet uid="fw" message="No model yet">
        Why it is worth one.
      </NothingYet>
    );
    expect(screen.getByText('No model yet')).toBeInTheDocument();
    expect(screen.getByText('Why it is worth one.')).toBeInTheDocument();
    expect(links()).toEqual(offered);
  });

  it('shows another way only to those who may change things', () => {
    const page = (
      <NothingYet message="No rule yet" more={<button>New rule</button>}>
        Why.
      </NothingYet>
    );
    const { unmount } = show(page);
    expect(screen.getByRole('button', { name: 'New rule' })).toBeInTheDocument();
    expect(links()[0]).toEqual(['Train a model', '/a/forewarn-earlywarning-app/train']);
    unmount();
    signIn('Viewer');
    show(page);
    expect(screen.queryByRole('button')).not.toBeInTheDocument();
  });

  it.each([
    ['datasource', 'Admin', 1],
    ['datasource', 'Editor', 0],
    ['datasource', 'Viewer', 0],
  ] as const)('of %s asks a %s for %p step', (missing, role, steps) => {
    signIn(role);
    show(<EmptyPage missing={missing} />);
    expect(screen.getByText('Forewarn has no data source yet')).toBeInTheDocument();
    expect(links()).toHaveLength(steps);
  });

  it.each(['Admin', 'Editor', 'Viewer'] as const)('reads in Chinese to a %s, whatever is missing', async (role) => {
    await signInChinese(role);
    for (const missing of ['datasource', 'rules'] as const) {
      const { container, unmount } = show(<EmptyPage missing={missing} />);
      expect(container.textContent).not.toBe('');
      expect(englishOn(container)).toEqual([]);
      unmount();
    }
    await signInEnglish();
  });
});

describe('a store', () => {
  it.each<[string, Store | undefined]>([
    ['is not told of yet', undefined],
    ['keeps what it is given in a file', store()],
    ['keeps it in a database', store({ kind: 'mysql', path: '' })],
  ])('that %s says nothing', (_, given) => {
    const { container } = show(<StoreNotice store={given} />);
    expect(container).toBeEmptyDOMElement();
  });

  it('in memory says what is lost, and how it is kept', () => {
    show(<StoreNotice store={store({ kind: 'memory' })} />);
    expect(screen.getByText('Models and history are kept in memory and are lost with a restart')).toBeInTheDocument();
    expect(screen.getByText(/Set a store path/)).toBeInTheDocument();
  });

  it('that does not answer says why and what goes on; that is more than being in memory', () => {
    const message = 'the model store does not work: /data/forewarn.db is locked by another program: end it, or wait';
    show(<StoreNotice store={store({ kind: 'memory', ok: false, message })} source="Second" />);
    expect(screen.getByText('Second: The model store does not answer')).toBeInTheDocument();
    expect(screen.getByText('/data/forewarn.db is locked by another program: end it, or wait')).toBeInTheDocument();
    expect(screen.getByText(/nothing that was saved is lost/)).toBeInTheDocument();
    expect(screen.queryByText(/kept in memory/)).not.toBeInTheDocument();
  });
});

describe('models in a data source’s settings', () => {
  it('are well, which needs no words', () => {
    const { container } = show(<ModelProblems problems={[]} />);
    expect(container).toBeEmptyDOMElement();
  });

  it('are named one by one where something is wrong, and whose they are', () => {
    show(
      <ModelProblems problems={['a: no query', 'field "alertBudget" is -1, needed is 0 to 10000']} source="Second" />
    );
    expect(screen.getAllByText('Second: A provisioned model cannot be used')).toHaveLength(2);
    expect(screen.getByText('a: no query')).toBeInTheDocument();
    expect(screen.getByText('Field alertBudget is -1, needed is 0 to 10000')).toBeInTheDocument();
  });
});

describe('several data sources', () => {
  const well: SourceState = { uid: 'a', name: 'First', overview: { ...sample.overview(), problems: [] } };
  const silent: SourceState = { uid: 'b', name: 'Second', error: 'bad gateway' };

  it('are not spoken of while they are well', () => {
    const { container } = show(<SourceProblems sources={[well]} />);
    expect(container).toBeEmptyDOMElement();
  });

  it('are told apart by name', () => {
    show(<SourceProblems sources={[well, silent]} />);
    expect(screen.getByText('Second: The models cannot be read')).toBeInTheDocument();
    expect(screen.getByText('bad gateway')).toBeInTheDocument();
  });

  it('need no name where there is one', () => {
    show(<SourceProblems sources={[silent]} />);
    expect(screen.getByText('The models cannot be read')).toBeInTheDocument();
  });
});

describe('an error', () => {
  it('is read out, and tried again where that can help', async () => {
    const onRetry = jest.fn();
    show(<Failed title="The models cannot be read" error="timeout" onRetry={onRetry} />);
    expect(screen.getByRole('alert')).toHaveTextContent('timeout');
    screen.getByRole('button', { name: 'Try again' }).focus();
    await userEvent.setup().keyboard('{Enter}');
    expect(onRetry).toHaveBeenCalledTimes(1);
  });

  it('has no button where nothing can be tried', () => {
    show(<Failed title="x" error="y" />);
    expect(screen.queryByRole('button')).not.toBeInTheDocument();
  });

  it('beside a button is read out, too, and is not there where all went well', () => {
    const { container, rerender } = show(<ErrorLine />);
    expect(container).toBeEmptyDOMElement();
    rerender(<ErrorLine error="no right" />);
    expect(screen.getByRole('alert')).toHaveTextContent('no right');
  });
});

describe('a section', () => {
  it('keeps its place while it is read', () => {
    const { rerender } = show(
      <Section title="Rules" loading height={200}>
        late
      </Section>
    );
    const section = screen.getByRole('region', { name: 'Rules' });
    expect(section).toHaveAttribute('aria-busy', 'true');
    expect(section).not.toHaveTextContent('late');
    expect(section.lastElementChild).toHaveStyle({ minHeight: '200px' });
    rerender(<Section title="Rules">late</Section>);
    expect(screen.getByRole('region', { name: 'Rules' })).toHaveAttribute('aria-busy', 'false');
    expect(screen.getByText('late')).toBeInTheDocument();
  });
});

describe('a long list', () => {
  it.each([
    [5, 5, false],
    [6, 5, true],
    [0, 5, false],
  ])('of %p, shown up to %p, has a rest: %p', (count, most, rest) => {
    show(<ShowAll count={count} most={most} all={false} onChange={jest.fn()} />);
    expect(screen.queryAllByRole('button')).toHaveLength(rest ? 1 : 0);
  });

  it('says to those who do not see it whether it is open', async () => {
    const onChange = jest.fn();
    const { rerender } = show(<ShowAll count={300} most={5} all={false} onChange={onChange} />);
    const button = screen.getByRole('button', { name: 'Show all 300', expanded: false });
    await userEvent.setup().click(button);
    expect(onChange).toHaveBeenCalledWith(true);
    rerender(<ShowAll count={300} most={5} all onChange={onChange} />);
    expect(screen.getByRole('button', { name: 'Show fewer', expanded: true })).toBeInTheDocument();
  });
});

describe('the state of a model', () => {
  const model = (state: ModelState, error = ''): Model => ({
    ...sample.model(),
    state,
    job: { ...sample.job(), error },
  });

  it.each([
    ['ready', 'ready', '就绪'],
    ['training', 'training', '训练中'],
    ['failed', 'failed', '失败'],
    ['stale', 'outdated', '已过时'],
    ['paused', 'paused', '已暂停'],
    ['empty', 'not trained', '未训练'],
  ] as const)('%s is a word in each language', async (state, english, chinese) => {
    const { unmount } = show(<StateBadge model={model(state)} />);
    expect(screen.getByText(english)).toBeInTheDocument();
    unmount();
    await signInChinese('Viewer');
    show(<StateBadge model={model(state)} />);
    expect(screen.getByText(chinese)).toBeInTheDocument();
    await signInEnglish();
  });

  it('says on request why it failed, and what outdated means', async () => {
    const user = userEvent.setup();
    const { unmount } = show(<StateBadge model={model('failed', 'model "cpu": not found')} />);
    await user.hover(screen.getByText('failed'));
    expect(await screen.findByText('There is no model cpu')).toBeInTheDocument();
    unmount();
    show(<StateBadge model={model('stale')} />);
    await user.hover(screen.getByText('outdated'));
    expect(await screen.findByText(/retraining is overdue/)).toBeInTheDocument();
  });
});

/** Back to what the other tests read. */
async function signInEnglish() {
  const { initPluginTranslations } = await import('@grafana/i18n');
  await initPluginTranslations('back to English', [async () => ({})]);
  signIn('Editor');
}
