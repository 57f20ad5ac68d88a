import { t } from '@grafana/i18n';
import { CollapsableSection, Text } from '@grafana/ui';
import React from 'react';

import { durationError, hostError, numberError } from '../validate';
import { SecretField } from './SecretField';
import { NumberSetting, SwitchSetting, TextSetting } from './settingsFields';
import { TLSSettings, usesTLS } from './TLSSettings';
import { EditorProps, useSettings } from './useSettings';

/** Address, credentials, limits and TLS of the MySQL-compatible server. */
export function MySQLSettings(props: EditorProps) {
  const { json, secret } = useSettings(props);
  const text = useText(props);
  return (
    <>
      {text(
        'url',
        t('config.mysql.host', 'Host'),
        'db.example.com:3306',
        t('config.mysql.host-description', 'host:port, or the path of a socket. Empty: MySQL is not used.'),
        hostError
      )}
      {text('database', t('config.mysql.database', 'Database'), 'metrics')}
      {text(
        'user',
        t('config.mysql.user', 'User'),
        'forewarn',
        t('config.mysql.user-description', 'Should have the right to SELECT and nothing else.')
      )}
      <SecretField {...secret('mysqlPassword')} label={t('config.mysql.password', 'Password')} />
      {text(
        'timezone',
        t('config.mysql.timezone', 'Session time zone'),
        '+08:00',
        t(
          'config.mysql.timezone-description',
          'How DATETIME columns are to be read, such as +08:00 or Asia/Shanghai. Empty: UTC.'
        )
      )}
      <CollapsableSection label={<Text element="h4">{t('config.mysql.tls', 'TLS')}</Text>} isOpen={usesTLS(json.mysql)}>
        <MySQLTLS {...props} />
      </CollapsableSection>
      <CollapsableSection
        label={<Text element="h4">{t('config.mysql.limits', 'Limits and connections')}</Text>}
        isOpen={false}
      >
        <MySQLLimits {...props} />
      </CollapsableSection>
    </>
  );
}

type TextName = 'url' | 'user' | 'database' | 'timezone' | 'queryTimeout';
type NumberName = 'maxOpenConns' | 'maxIdleConns' | 'connMaxLifetime' | 'maxRows';

/** Makes the text fields of this side. */
function useText(props: EditorProps) {
  const { json, readOnly, setMySQL } = useSettings(props);
  const TextOf = (
    name: TextName,
    label: string,
    placeholder: string,
    description?: string,
    check?: (v?: string) => string | undefined
  ) => (
    <TextSetting
      id={`mysql-${name}`}
      label={label}
      description={description}
      placeholder={placeholder}
      value={json.mysql?.[name]}
      error={check?.(json.mysql?.[name])}
      disabled={readOnly}
      onChange={(value) => setMySQL({ [name]: value })}
    />
  );
  return TextOf;
}

function MySQLTLS(props: EditorProps) {
  const { json, readOnly, setMySQL } = useSettings(props);
  return (
    <>
      <TLSSettings
        editor={props}
        side="mysql"
        flags={json.mysql ?? {}}
        secrets={{ ca: 'mysqlTLSCACert', cert: 'mysqlTLSClientCert', key: 'mysqlTLSClientKey' }}
        onChange={setMySQL}
      />
      <SwitchSetting
        id="mysql-cleartext"
        label={t('config.mysql.cleartext', 'Allow clear-text passwords')}
        description={t('config.mysql.cleartext-description', 'For PAM and LDAP users; only over TLS.')}
        value={json.mysql?.allowCleartextPasswords}
        disabled={readOnly}
        onChange={(allowCleartextPasswords) => setMySQL({ allowCleartextPasswords })}
      />
    </>
  );
}

function MySQLLimits(props: EditorProps) {
  const { json, readOnly, setMySQL } = useSettings(props);
  const text = useText(props);
  const number = (name: NumberName, label: string, placeholder: string) => (
    <NumberSetting
      id={`mysql-${name}`}
      label={label}
      placeholder={placeholder}
      value={json.mysql?.[name]}
      error={numberError(json.mysql?.[name], 0, undefined, true)}
      disabled={readOnly}
      onChange={(value) => setMySQL({ [name]: value })}
    />
  );
  return (
    <>
      {text('queryTimeout', t('config.mysql.timeout', 'Query timeout'), '30s', undefined, durationError)}
      {number('maxRows', t('config.mysql.rows', 'Most rows of an answer'), '1000000')}
      {number('maxOpenConns', t('config.mysql.open', 'Most open connections'), '10')}
      {number('maxIdleConns', t('config.mysql.idle', 'Most idle connections'), '2')}
      {number('connMaxLifetime', t('config.mysql.lifetime', 'Longest life of a connection (s)'), '14400')}
    </>
  );
}
