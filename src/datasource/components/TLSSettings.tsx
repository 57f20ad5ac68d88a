import { t } from '@grafana/i18n';
import React from 'react';

import { SAMPLE } from '../samples';
import { ForewarnSecrets } from '../types';
import { SecretField } from './SecretField';
import { SwitchSetting } from './settingsFields';
import { EditorProps, useSettings } from './useSettings';

interface Flags {
  tlsAuth?: boolean;
  tlsAuthWithCACert?: boolean;
  tlsSkipVerify?: boolean;
}

interface Props {
  editor: EditorProps;
  /** Starts the ids of this side's fields. */
  side: 'prometheus' | 'mysql';
  flags: Flags;
  secrets: { ca: keyof ForewarnSecrets; cert: keyof ForewarnSecrets; key: keyof ForewarnSecrets };
  onChange: (change: Flags) => void;
}

/** Whether a connection has settings of its own here. */
export const usesTLS = (flags: Flags = {}) => Boolean(flags.tlsAuth || flags.tlsAuthWithCACert || flags.tlsSkipVerify);

/** Certificates of one connection. */
export function TLSSettings({ editor, side, flags, secrets, onChange }: Props) {
  const { readOnly, secret } = useSettings(editor);
  return (
    <>
      <SwitchSetting
        id={`${side}-ca`}
        label={t('config.tls.ca', 'Own CA certificate')}
        description={t(
          'config.tls.ca-description',
          'Where the server’s certificate is not signed by a public authority.'
        )}
        value={flags.tlsAuthWithCACert}
        disabled={readOnly}
        onChange={(tlsAuthWithCACert) => onChange({ tlsAuthWithCACert })}
      />
      {flags.tlsAuthWithCACert && (
        <SecretField
          {...secret(secrets.ca)}
          multiline
          placeholder={SAMPLE.certificate}
          label={t('config.tls.ca-pem', 'CA certificate (PEM)')}
        />
      )}
      <SwitchSetting
        id={`${side}-client`}
        label={t('config.tls.client', 'Client certificate')}
        value={flags.tlsAuth}
        disabled={readOnly}
        onChange={(tlsAuth) => onChange({ tlsAuth })}
      />
      {flags.tlsAuth && (
        <>
          <SecretField
            {...secret(secrets.cert)}
            multiline
            placeholder={SAMPLE.certificate}
            label={t('config.tls.client-pem', 'Client certificate (PEM)')}
          />
          <SecretField
            {...secret(secrets.key)}
            multiline
            placeholder={SAMPLE.privateKey}
            label={t('config.tls.client-key', 'Client key (PEM)')}
          />
        </>
      )}
      <SwitchSetting
        id={`${side}-skip`}
        label={t('config.tls.skip', 'Skip TLS verification')}
        description={t('config.tls.skip-description', 'Only for tests: anybody could pose as the server.')}
        value={flags.tlsSkipVerify}
        disabled={readOnly}
        onChange={(tlsSkipVerify) => onChange({ tlsSkipVerify })}
      />
    </>
  );
}
