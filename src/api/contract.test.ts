import fs from 'fs';
import path from 'path';
import ts from 'typescript';

const SAMPLES = path.resolve(__dirname, '../../tests/contract');

/** The type that each sample of tests/contract is to have. */
const TYPES: Record<string, string> = {
  accuracy: 'LiveAccuracy',
  algorithms: 'Algorithms',
  audit: 'Audit',
  'audit-verify': 'Verified',
  'channel-test': 'ChannelTest',
  channels: 'Channels',
  error: 'Problem',
  export: 'Export',
  'filter-choice': 'FilterChoice',
  'filter-request': 'FilterRequest',
  job: 'Job',
  'job-draft': 'TrainDraft',
  jobs: 'Jobs',
  label: 'Label',
  'label-create': 'NewLabel',
  labels: 'LabelList',
  model: 'Model',
  'model-change': 'ChangeModel',
  'model-create': 'CreateModel',
  'model-created': 'CreatedModel',
  'model-pause': 'Pause',
  'model-promote': 'Promote',
  models: 'Models',
  overview: 'Overview',
  precision: 'PrecisionAnswer',
  preview: 'Preview',
  'preview-request': 'PreviewRequest',
  replay: 'Replay',
  'replay-request': 'ReplayRequest',
  status: 'Status',
  'status-memory': 'Status',
  version: 'VersionDetail',
  versions: 'Versions',
  warning: 'TrailWarning',
  'warning-recorded': 'Recorded',
};

const files = fs
  .readdirSync(SAMPLES)
  .filter((f) => f.endsWith('.json'))
  .map((f) => path.basename(f, '.json'));

const HERE = path.join(__dirname, 'samples.generated.ts');

/** What the compiler says of samples written as object literals: a missing, unknown or wrong field is an error. */
function complaints(samples: Record<string, string>): Record<string, string[]> {
  const names = Object.keys(samples);
  const lines = [`import type * as api from './contract';`];
  for (const [i, name] of names.entries()) {
    lines.push(`export const sample${i}: api.${TYPES[name.split(' ')[0]]} = ${samples[name].replace(/\n/g, ' ')};`);
  }
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (f) => f === HERE || fileExists(f);
  host.getSourceFile = (f, ...rest) =>
    f === HERE ? ts.createSourceFile(f, lines.join('\n'), ts.ScriptTarget.ES2022) : getSourceFile(f, ...rest);
  const program = ts.createProgram([HERE], options, host);
  const source = program.getSourceFile(HERE)!;
  const found: Record<string, string[]> = Object.fromEntries(names.map((name) => [name, []]));
  for (const d of [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]) {
    const { line } = source.getLineAndCharacterOfPosition(d.start ?? 0);
    found[names[line - 1]].push(ts.flattenDiagnosticMessageText(d.messageText, '\n'));
  }
  return found;
}

type Json = Record<string, unknown>;

/** Fields that a sample may do without. */
const OPTIONAL: Record<string, string[]> = {
  error: ['field'],
  'replay-request': ['definition', 'model', 'alertsPerWeek'],
};

/** What a value is not, whatever its type says: nothing in the contract is an object with just this field, and no object is a number. */
const OTHER = (value: unknown) => (typeof value === 'object' ? 7 : { other: 'than said' });

/** A sample, broken in one way each; the name says how. */
function broken(name: string, text: string): Record<string, string> {
  const whole = JSON.parse(text) as Json;
  const needed = Object.keys(whole).filter((field) => !OPTIONAL[name]?.includes(field));
  return Object.fromEntries([
    ...needed.map((field) => {
      const { [field]: _, ...rest } = whole;
      return [`${name} lacks ${field}`, JSON.stringify(rest)];
    }),
    ...Object.keys(whole).map((field) => [
      `${name} is odd in ${field}`,
      JSON.stringify({ ...whole, [field]: OTHER(whole[field]) }),
    ]),
    [`${name} has more`, JSON.stringify({ ...whole, unheardOf: 1 })],
  ]);
}

describe('the resource API', () => {
  const read = (name: string) => fs.readFileSync(path.join(SAMPLES, `${name}.json`), 'utf8');
  const samples: Record<string, string> = Object.fromEntries(files.map((name) => [name, read(name)]));
  // what must be refused, so that the test is known to look
  samples['job broken'] = samples.job.replace('"running"', '"walking"');
  samples['label unknown'] = samples.label.replace('"note"', '"remark"');
  const ruined = Object.assign({}, ...files.map((name) => broken(name, read(name)))) as Record<string, string>;
  let found: Record<string, string[]>;
  beforeAll(() => {
    found = complaints({ ...samples, ...ruined });
  }, 60_000);

  it('has a type for every sample, and a sample for every type', () =>
    expect(files.sort()).toEqual(Object.keys(TYPES).sort()));

  it.each(files)('%s is what the type says', (name) => expect(found[name]).toEqual([]));

  it.each(files)('%s is no longer that with any field gone, another kind of value, or a field more', (name) => {
    const passed = Object.keys(ruined).filter((how) => how.split(' ')[0] === name && found[how].length === 0);
    expect(passed).toEqual([]);
  });

  it('refuses an unknown word and an unknown field', () => {
    expect(found['job broken'].join()).toContain('walking');
    expect(found['label unknown'].join()).toContain('remark');
  });
});
