import fs from 'node:fs';
import path from 'node:path';

type Tree = { [key: string]: string | Tree };

const flat = (tree: Tree, prefix = ''): Record<string, string> =>
  Object.entries(tree).reduce(
    (all, [key, value]) => ({ ...all, ...(typeof value === 'string' ? { [prefix + key]: value } : flat(value, `${prefix}${key}.`)) }),
    {}
  );

const read = (file: string): Record<string, string> => flat(JSON.parse(fs.readFileSync(file, 'utf8')));

const sources = (dir: string, skip: string[] = []): string[] =>
  fs.readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const at = path.join(dir, entry.name);
    if (entry.isDirectory()) {
      return skip.includes(at) ? [] : sources(at, skip);
    }
    return /\.tsx?$/.test(entry.name) && !/\.test\./.test(entry.name) ? [at] : [];
  });

/** Keys that the code asks for, by `t('key'` and `i18nKey="key"`; plural forms have a suffix in the files. */
const used = (files: string[]): string[] =>
  files.flatMap((file) => [...fs.readFileSync(file, 'utf8').matchAll(/(?:\bt\(\s*|i18nKey=)['"]([^'"$]+)['"]/g)].map((m) => m[1]));

const SRC = path.join(__dirname, '..');
const DATASOURCE = path.join(SRC, 'datasource');
const plugins = [
  { name: 'the app', dir: path.join(SRC, 'locales'), id: 'forewarn-earlywarning-app', files: sources(SRC, [DATASOURCE]) },
  { name: 'the data source', dir: path.join(DATASOURCE, 'locales'), id: 'forewarn-earlywarning-datasource', files: sources(DATASOURCE) },
];

describe.each(plugins)('translations of $name', ({ dir, id, files }) => {
  const english = read(path.join(dir, 'en-US', `${id}.json`));
  const chinese = read(path.join(dir, 'zh-Hans', `${id}.json`));

  it('have a text for every key that the code uses', () => {
    const known = new Set(Object.keys(english).map((key) => key.replace(/_(one|other)$/, '')));
    expect(used(files).filter((key) => !known.has(key))).toEqual([]);
  });

  it('exist in Chinese for every English text', () => {
    const base = (all: Record<string, string>) => [...new Set(Object.keys(all).map((key) => key.replace(/_(one|other)$/, '')))].sort();
    expect(base(chinese)).toEqual(base(english));
    for (const [key, text] of Object.entries(chinese)) {
      expect(`${key}: ${text}`).not.toMatch(/: $/);
    }
  });

  it('keep the variables of the English text', () => {
    const variables = (text = '') => [...text.matchAll(/{{\s*(\w+)[^}]*}}/g)].map((m) => m[1]).sort();
    for (const [key, text] of Object.entries(chinese)) {
      const source = english[key] ?? english[key.replace(/_other$/, '_one')];
      expect({ key, variables: variables(text) }).toEqual({ key, variables: variables(source) });
    }
  });
});
