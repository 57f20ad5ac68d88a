import { initPluginTranslations } from '@grafana/i18n';
import fs from 'fs';
import path from 'path';

import { signIn } from './grafana';

/** The catalogues of the two plugins. */
const CATALOGUES = {
  app: '../locales/zh-Hans/forewarn-earlywarning-app.json',
  datasource: '../datasource/locales/zh-Hans/forewarn-earlywarning-datasource.json',
};

/** Signs in a reader of Chinese and loads a plugin's own catalogue, as Grafana does. */
export async function signInChinese(role: Parameters<typeof signIn>[0], of: keyof typeof CATALOGUES = 'app') {
  const file = path.resolve(__dirname, CATALOGUES[of]);
  await initPluginTranslations(`${of} zh`, [async () => JSON.parse(fs.readFileSync(file, 'utf8'))]);
  signIn(role, 'zh-Hans');
}

/** Names that stay as they are in any language, and words of Grafana's own components, which bring their own catalogue. */
const NAMES = [
  'Forewarn',
  'Grafana',
  'Prometheus',
  'PromQL',
  'MySQL',
  'SQL',
  'YAML',
  'CSV',
  'JSON',
  'CPU',
  'API',
  'cAdvisor',
  'node_exporter',
  'grafana.ini',
  'store_path',
  '[plugin.forewarn-earlywarning-datasource]',
  'instance',
  'host:port',
  'Explore',
  'Last 7 days',
  'Time range selected: ',
  'Drawer title',
  'Close',
  'Clear',
];

const ATTRIBUTES = ['aria-label', 'aria-valuetext', 'placeholder', 'title', 'alt'];

/** Everything that a page says, read or seen: its texts, labels, hints and placeholders. */
function said(root: HTMLElement): string[] {
  const found: string[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node: Node | null = root; node; node = walker.nextNode()) {
    if (node instanceof Element) {
      found.push(...ATTRIBUTES.map((name) => (node as Element).getAttribute(name) ?? ''));
    } else if (!(node.parentElement instanceof HTMLStyleElement)) {
      found.push(node.textContent ?? '');
    }
  }
  return [...new Set(found)].filter((text) => text.trim() !== '');
}

/** What a page still says in English, but for the names given: nothing where every text is translated. */
export const englishOn = (root: HTMLElement, names: string[] = []): string[] =>
  said(root).filter((text) => {
    const all = [...NAMES, ...names].sort((a, b) => b.length - a.length);
    const rest = all.reduce((left, name) => left.split(name).join(' '), text);
    return /[A-Za-z]{2,}/.test(rest);
  });
