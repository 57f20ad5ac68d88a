import { t } from '@grafana/i18n';
import { Field, Input, Switch } from '@grafana/ui';
import React from 'react';

import { MySQLOptions } from '../types';
import { durationError } from '../validate';
import { SecretField } from './SecretField';
import { EditorProps, useSettings } from './useSettings';

/** Address, credentials, limits and TLS of the MySQL-compatible server. */
export function MySQLSettings(props: EditorProps) {
  const { json, readOnly, setMySQL, secret } = useSettings(props);
  const mysql = json.mysql ?? {};
  const text = (name: 'url' | 'user' | 'database' | 'timezone' | 'queryTimeout', label: string, placeholder: string, description?: string, error?: string) => (
    <Field label={label} description={description} htmlFor={`mysql-${name}`} invalid={Boolean(error)} error={error}>
      <Input
        id={`mysql-${name}`}
        width={50}
        placeholder={placeholder}
        value={mysql[name] ?? ''}
        disabled={readOnly}
        onChange={(e) => setMySQL({ [name]: e.currentTarget.value.trim() })}
      />
    </Field>
  );
  const number = (name: 'maxOpenConns' | 'maxIdleConns' | 'connMaxLifetime' | 'maxRows', label: string, placeholder: string) => (
    <Field label={label} htmlFor={`mysql-${name}`}>
      <Input
        id={`mysql-${name}`}
        width={20}
        type="number"
        min={0}
        placeholder={placeholder}
        value={mysql[name] ?? ''}
        disabled={readOnly}
        onChange={(e) => setMySQL({ [name]: e.currentTarget.value === '' ? undefined : Number(e.currentTarget.value) })}
      />
    </Field>
  );
  const toggle = (name: keyof MySQLOptions, label: string, description?: string) => (
    <Field label={label} description={description}>
      <Switch id={`mysql-${name}`} value={Boolean(mysql[name])} disabled={readOnly} onChange={(e) => setMySQL({ [name]: e.currentTarget.checked })} />
    </Field>
  );
  return (
    <>
      {text('url', t('config.mysql.host', 'Host'), 'db.example.com:3306', t('config.mysql.host-description', 'host:port, or the path of a socket. Empty: MySQL is not used.'))}
      {text('database', t('config.mysql.database', 'Database'), 'metrics')}
      {text('user', t('config.mysql.user', 'User'), 'forewarn', t('config.mysql.user-description', 'Should have the right to SELECT and nothing else.'))}
      <SecretField {...secret('mysqlPassword')} label={t('config.mysql.password', 'Password')} />
      {text('timezone', t('config.mysql.timezone', 'Session time zone'), '+08:00', t('config.mysql.timezone-description', 'How DATETIME columns are to be read, such as +08:00 or Asia/Shanghai. Empty: UTC.'))}
      {text('queryTimeout', t('config.mysql.timeout', 'Query timeout'), '30s', undefined, durationError(mysql.queryTimeout))}
      {number('maxRows', t('config.mysql.rows', 'Most rows of an answer'), '1000000')}
      {number('maxOpenConns', t('config.mysql.open', 'Most open connections'), '10')}
      {number('maxIdleConns', t('config.mysql.idle', 'Most idle connections'), '2')}
      {number('connMaxLifetime', t('config.mysql.lifetime', 'Longest life of a connection (s)'), '14400')}
      {toggle('allowCleartextPasswords', t('config.mysql.cleartext', 'Allow clear-text passwords'), t('config.mysql.cleartext-description', 'For PAM and LDAP users; only over TLS.'))}
      {toggle('tlsSkipVerify', t('config.tls.skip', 'Skip TLS verification'), t('config.tls.skip-description', 'Only for tests: anybody could pose as the server.'))}
      {toggle('tlsAuthWithCACert', t('config.tls.ca', 'Own CA certificate'))}
      {mysql.tlsAuthWithCACert && (
        <SecretField {...secret('mysqlTLSCACert')} multiline placeholder="-----BEGIN CERTIFICATE-----" label={t('config.tls.ca-pem', 'CA certificate (PEM)')} />
      )}
      {toggle('tlsAuth', t('config.tls.client', 'Client certificate'))}
      {mysql.tlsAuth && (
        <>
          <SecretField {...secret('mysqlTLSClientCert')} multiline placeholder="-----BEGIN CERTIFICATE-----" label={t('config.tls.client-pem', 'Client certificate (PEM)')} />
          <SecretField {...secret('mysqlTLSClientKey')} multiline placeholder="-----BEGIN PRIVATE KEY-----" label={t('config.tls.client-key', 'Client key (PEM)')} />
        </>
      )}
    </>
  );
}
