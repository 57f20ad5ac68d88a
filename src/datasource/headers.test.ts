import { EditorProps } from './components/useSettings';
import { addHeader, nameHeader, readHeaders, removeHeader, setHeader } from './headers';

const options = (json: object = {}, fields: Record<string, boolean> = {}) =>
  ({ jsonData: json, secureJsonFields: fields, secureJsonData: {} }) as unknown as EditorProps['options'];

describe('headers', () => {
  it('are read in the order of their numbers, values only as "configured"', () => {
    const o = options({ httpHeaderName10: 'B', httpHeaderName2: 'A', httpMethod: 'GET' }, { httpHeaderValue2: true });
    expect(readHeaders(o)).toEqual([
      { at: 2, name: 'A', configured: true, value: '' },
      { at: 10, name: 'B', configured: false, value: '' },
    ]);
  });

  it('take the first free number', () => {
    expect(readHeaders(addHeader(options())).map((h) => h.at)).toEqual([1]);
    expect(readHeaders(addHeader(options({ httpHeaderName1: 'A', httpHeaderName3: 'C' }))).map((h) => h.at)).toEqual([
      1, 2, 3,
    ]);
  });

  it('keep the name in the settings and the value among the secrets', () => {
    const o = setHeader(nameHeader(addHeader(options()), 1, 'X-Scope-OrgID'), 1, 'team');
    expect(o.jsonData).toEqual({ httpHeaderName1: 'X-Scope-OrgID' });
    expect(o.secureJsonData).toEqual({ httpHeaderValue1: 'team' });
  });

  it('are removed with their values', () => {
    const o = removeHeader(options({ httpHeaderName1: 'A', httpHeaderName2: 'B' }, { httpHeaderValue1: true }), 1);
    expect(o.jsonData).toEqual({ httpHeaderName2: 'B' });
    expect(o.secureJsonFields).toMatchObject({ httpHeaderValue1: false });
    expect(o.secureJsonData).toMatchObject({ httpHeaderValue1: '' });
  });
});
