import { DataSourcePluginOptionsEditorProps } from '@grafana/data';

import { ForewarnOptions, ForewarnSecrets, MySQLOptions } from '../types';

export type EditorProps = DataSourcePluginOptionsEditorProps<ForewarnOptions, ForewarnSecrets>;

type Secret = keyof ForewarnSecrets;

/** Setters for the parts of the settings, each giving a new object. */
export function useSettings({ options, onOptionsChange }: EditorProps) {
  const json = options.jsonData;
  const setJson = (change: Partial<ForewarnOptions>) =>
    onOptionsChange({ ...options, jsonData: { ...json, ...change } });
  return {
    json,
    readOnly: Boolean(options.readOnly),
    setJson,
    setMySQL: (change: Partial<MySQLOptions>) => setJson({ mysql: { ...json.mysql, ...change } }),
    setDefaults: (change: NonNullable<ForewarnOptions['defaults']>) =>
      setJson({ defaults: { ...json.defaults, ...change } }),
    /** Properties of a SecretField. */
    secret: (name: Secret) => ({
      id: name,
      configured: options.secureJsonFields?.[name],
      value: options.secureJsonData?.[name],
      disabled: Boolean(options.readOnly),
      onChange: (value: string) =>
        onOptionsChange({ ...options, secureJsonData: { ...options.secureJsonData, [name]: value } }),
      onReset: () => onOptionsChange(withoutSecret(options, name)),
    }),
  };
}

/** The settings with a secret cleared: the empty text makes Grafana forget the saved one. */
export function withoutSecret(options: EditorProps['options'], name: Secret): EditorProps['options'] {
  return {
    ...options,
    secureJsonFields: { ...options.secureJsonFields, [name]: false },
    secureJsonData: { ...options.secureJsonData, [name]: '' },
  };
}
