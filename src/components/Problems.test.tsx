import { initPluginTranslations } from '@grafana/i18n';
import { render, screen, within } from '@testing-library/react';
import React from 'react';
import { MemoryRouter } from 'react-router-dom';

import { Overview } from '../pages/useOverview';
import { englishOn, signInChinese } from '../testing/chinese';
import { overview, rule } from '../testing/data';
import { signIn } from '../testing/grafana';
import { sample } from '../testing/samples';
import { Problems } from './Problems';

const show = (change: Partial<Overview> = {}) =>
  render(<Problems overview={overview(change)} />, { wrapper: MemoryRouter });
/** The titles of what is wrong, and of what is merely not known, which interrupts nobody. */
const alerts = () =>
  [...screen.queryAllByRole('alert'), ...screen.queryAllByRole('status')].map((one) => one.getAttribute('aria-label'));
const named = (uid: string, error?: string) => rule({ uid, name: `Rule ${uid}`, datasourceUid: `of-${uid}`, error });
const failure = (uid: string, message: string) => ({ rule: named(uid), message });

beforeEach(() => signIn('Admin'));

describe('what could not be read', () => {
  it('is nothing where all is well, and takes no room', () => {
    const { container } = show({
      sources: [{ uid: 'a', name: 'A', overview: { ...sample.overview(), problems: [] } }],
    });
    expect(alerts()).toEqual([]);
    expect(container.firstElementChild).toBeEmptyDOMElement();
  });

  it('is told once for all rules that met the same, in their order', () => {
    show({ failures: [failure('a', 'timeout'), failure('b', 'refused'), failure('c', 'timeout')] });
    expect(alerts()).toEqual([
      'The data source could not answer: Rule a, Rule c',
      'The data source could not answer: Rule b',
    ]);
  });

  it('names a rule once, whether its query or its evaluation failed', () => {
    show({ failures: [failure('a', 'timeout')], rules: [named('a', 'failed to execute'), named('b')] });
    expect(alerts()).toEqual(['The data source could not answer: Rule a']);
    expect(screen.getByRole('alert')).toHaveTextContent('timeout');
    expect(screen.queryByText('failed to execute')).not.toBeInTheDocument();
  });

  it('is told of a rule that Grafana could not evaluate', () => {
    show({ rules: [named('a', 'failed to execute'), named('b')] });
    expect(alerts()).toEqual(['The data source could not answer: Rule a']);
    expect(screen.getByRole('alert')).toHaveTextContent('failed to execute');
  });

  it('is told of a rule whose error has no words', () => {
    show({ rules: [named('a', '')] });
    expect(alerts()).toEqual(['The data source could not answer: Rule a']);
  });

  it('is shown as it was said, and as nothing else', () => {
    show({ failures: [{ rule: rule({ name: '<b>Disk</b> & "more"' }), message: '<script>alert(1)</script>' }] });
    expect(alerts()).toEqual(['The data source could not answer: <b>Disk</b> & "more"']);
    expect(screen.getByText('<script>alert(1)</script>')).toBeInTheDocument();
    expect(document.querySelector('script')).toBeNull();
  });

  it('has each failing side in its own place: rules, sources, models, history', () => {
    show({
      rulesError: 'alerting is off',
      failures: [failure('a', 'timeout')],
      sources: [{ uid: 's', name: 'S', error: 'bad gateway' }],
      historyError: 'no permission',
    });
    expect(alerts()).toEqual([
      'Grafana’s alert rules could not be read',
      'The data source could not answer: Rule a',
      'The models cannot be read',
      'Grafana’s history of alerts could not be read',
    ]);
  });

  it('in great numbers stays one message for one cause', () => {
    show({ failures: Array.from({ length: 300 }, (_, i) => failure(String(i), 'connection refused')) });
    expect(alerts()).toHaveLength(1);
    expect(screen.getAllByRole('link')).toHaveLength(1);
  });
});

describe('what to try', () => {
  it.each([
    ['Admin', ['/connections/datasources/edit/of-a', '/connections/datasources/edit/of-b']],
    ['Editor', []],
    ['Viewer', []],
  ] as const)('is a test of the very data source, for those who may: %s', (role, hrefs) => {
    signIn(role);
    show({ failures: [failure('a', 'timeout'), failure('b', 'refused')] });
    expect(screen.queryAllByRole('link').map((link) => link.getAttribute('href'))).toEqual(hrefs);
  });

  it('where rules cannot be read is said beside it', () => {
    show({ rulesError: 'alerting is off' });
    expect(within(screen.getByRole('alert')).getByText(/Check that Grafana’s alerting is on/)).toBeInTheDocument();
  });
});

it.each(['Admin', 'Viewer'] as const)('is told to a %s in Chinese, but for what others said', async (role) => {
  await signInChinese(role);
  const { container } = show({
    rulesError: '告警已关闭',
    failures: [{ rule: rule({ name: '磁盘' }), message: '连接被拒绝' }],
    sources: [
      { uid: 'a', name: '甲', error: '网关错误' },
      { uid: 'b', name: '乙', overview: { ...sample.overview(), problems: [], store: memory } },
    ],
    historyError: '没有权限',
  });
  expect(alerts()).toHaveLength(5);
  expect(englishOn(container)).toEqual([]);
  await initPluginTranslations('back to English', [async () => ({})]);
});

const memory = { kind: 'memory' as const, ok: true, message: '', path: '' };
