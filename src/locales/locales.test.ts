import fs from 'fs';
import path from 'path';
import ts from 'typescript';

const SRC = path.resolve(__dirname, '..');

type Tree = { [key: string]: string | Tree };

const flat = (tree: Tree, at = ''): Record<string, string> =>
  Object.entries(tree).reduce<Record<string, string>>(
    (all, [key, value]) =>
      typeof value === 'string' ? { ...all, [at + key]: value } : { ...all, ...flat(value, `${at}${key}.`) },
    {}
  );

const parse = (file: string) =>
  ts.createSourceFile(
    file,
    fs.readFileSync(file, 'utf8'),
    ts.ScriptTarget.Latest,
    true,
    file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS
  );

const walk = (node: ts.Node, visit: (n: ts.Node) => void) => {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
};

/** The files that a module takes in: what its bundle holds, and so what its own translations have to cover. */
function bundle(entry: string, seen = new Set<string>()): string[] {
  if (seen.has(entry)) {
    return [];
  }
  seen.add(entry);
  walk(parse(entry), (n) => {
    const isImport =
      ts.isImportDeclaration(n) || (ts.isCallExpression(n) && n.expression.kind === ts.SyntaxKind.ImportKeyword);
    if (!isImport) {
      return;
    }
    const names = ts.isImportDeclaration(n) ? n.importClause?.namedBindings : undefined;
    if (names && ts.isNamedImports(names) && names.elements.every((e) => e.isTypeOnly)) {
      return;
    }
    const from = (
      ts.isImportDeclaration(n) ? n.moduleSpecifier : (n as ts.CallExpression).arguments[0]
    ) as ts.StringLiteral;
    const file = ['.ts', '.tsx']
      .map((ext) => path.resolve(path.dirname(entry), from.text) + ext)
      .find((f) => fs.existsSync(f));
    if (from.text.startsWith('.') && file) {
      bundle(file, seen);
    }
  });
  return [...seen];
}

/** Keys used in the files, with the English text that stands in the code. */
function used(files: string[]): Record<string, string> {
  const keys: Record<string, string> = {};
  for (const file of files) {
    walk(parse(file), (n) => {
      if (ts.isCallExpression(n) && n.expression.getText() === 't') {
        const [key, text] = n.arguments;
        keys[(key as ts.StringLiteral).text] = (text as ts.StringLiteral).text;
      }
      if (ts.isJsxElement(n) && n.openingElement.tagName.getText() === 'Trans') {
        const attribute = n.openingElement.attributes.properties.find(
          (p) => p.name?.getText() === 'i18nKey'
        ) as ts.JsxAttribute;
        const text = n.children.map((c) => c.getText()).join('');
        keys[(attribute.initializer as ts.StringLiteral).text] = text.replace(/\s+/g, ' ').trim();
      }
    });
  }
  return keys;
}

const variables = (text: string) => (text.match(/\{\{\w+\}\}/g) ?? []).sort();

describe.each([
  ['app', 'module.tsx', 'locales', 'forewarn-earlywarning-app'],
  ['data source', 'datasource/module.ts', 'datasource/locales', 'forewarn-earlywarning-datasource'],
])('texts of the %s', (_, entry, folder, id) => {
  const read = (language: string) =>
    flat(JSON.parse(fs.readFileSync(path.join(SRC, folder, language, `${id}.json`), 'utf8')));
  const english = read('en-US');
  const chinese = read('zh-Hans');
  const keys = used(bundle(path.join(SRC, entry)));

  it('finds the keys at all', () => expect(Object.keys(keys).length).toBeGreaterThan(50));

  it('has every key that the code uses, and no other', () =>
    expect(Object.keys(english).sort()).toEqual(Object.keys(keys).sort()));

  it('says in the English file what the code says', () => expect(english).toEqual(keys));

  it('has the same keys in both languages', () =>
    expect(Object.keys(chinese).sort()).toEqual(Object.keys(english).sort()));

  it('keeps the variables of each text in the translation', () => {
    for (const key of Object.keys(english)) {
      expect([key, variables(chinese[key])]).toEqual([key, variables(english[key])]);
    }
  });

  it('leaves no text empty', () => {
    expect(Object.entries({ ...english, ...chinese }).filter(([, text]) => text.trim() === '')).toEqual([]);
  });
});
