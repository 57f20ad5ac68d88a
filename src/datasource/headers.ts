import { EditorProps } from './components/useSettings';

/** A header sent along with each request; its value is a secret. */
export interface Header {
  /** Number in httpHeaderName1, httpHeaderName2, … */
  at: number;
  name: string;
  /** Whether a value is saved already. */
  configured: boolean;
  value: string;
}

type Options = EditorProps['options'];

const nameKey = (at: number) => `httpHeaderName${at}`;
const valueKey = (at: number) => `httpHeaderValue${at}`;

/** The headers as Grafana keeps them: the name in jsonData, the value among the secrets, under one number. */
export function readHeaders(options: Options): Header[] {
  const json = options.jsonData as unknown as Record<string, unknown>;
  const secrets = (options.secureJsonData ?? {}) as Record<string, string | undefined>;
  return Object.keys(json)
    .map((key) => /^httpHeaderName(\d+)$/.exec(key))
    .filter((match) => match !== null)
    .map((match) => Number(match[1]))
    .sort((a, b) => a - b)
    .map((at) => ({
      at,
      name: String(json[nameKey(at)] ?? ''),
      configured: Boolean(options.secureJsonFields?.[valueKey(at)]),
      value: secrets[valueKey(at)] ?? '',
    }));
}

/** The settings with one more, empty, header under the first free number. */
export function addHeader(options: Options): Options {
  const taken = new Set(readHeaders(options).map((h) => h.at));
  let at = 1;
  while (taken.has(at)) {
    at++;
  }
  return { ...options, jsonData: { ...options.jsonData, [nameKey(at)]: '' } };
}

/** The settings with a header named. */
export function nameHeader(options: Options, at: number, name: string): Options {
  return { ...options, jsonData: { ...options.jsonData, [nameKey(at)]: name } };
}

/** The settings with a header's value set; the empty text makes Grafana forget the saved one. */
export function setHeader(options: Options, at: number, value: string): Options {
  return {
    ...options,
    secureJsonFields: { ...options.secureJsonFields, [valueKey(at)]: false },
    secureJsonData: { ...options.secureJsonData, [valueKey(at)]: value },
  };
}

/** The settings without a header and its value. */
export function removeHeader(options: Options, at: number): Options {
  const { [nameKey(at)]: _, ...rest } = options.jsonData as unknown as Record<string, unknown>;
  return setHeader({ ...options, jsonData: rest as unknown as Options['jsonData'] }, at, '');
}
