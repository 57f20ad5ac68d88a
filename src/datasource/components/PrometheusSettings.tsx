import { t } from '@grafana/i18n';
import { Field, Input, RadioButtonGroup, Switch } from '@grafana/ui';
import React, { useState } from 'react';

import { durationError } from '../validate';
import { SecretField } from './SecretField';
import { EditorProps, useSettings } from './useSettings';

type Auth = 'none' | 'basic' | 'bearer';

/** Address, credentials and TLS of the Prometheus-compatible server. */
export function PrometheusSettings(props: EditorProps) {
  const { options, onOptionsChange } = props;
  const { json, readOnly, setJson, secret } = useSettings(props);
  const [auth, setAuth] = useState<Auth>(
    options.basicAuth ? 'basic' : options.secureJsonFields?.bearerToken || options.secureJsonData?.bearerToken ? 'bearer' : 'none'
  );
  const chooseAuth = (next: Auth) => {
    setAuth(next);
    onOptionsChange({ ...options, basicAuth: next === 'basic' });
  };
  return (
    <>
      <Field
        label={t('config.prometheus.url', 'URL')}
        description={t('config.prometheus.url-description', 'Of Prometheus, Mimir, Thanos or VictoriaMetrics. Empty: Prometheus is not used.')}
        htmlFor="prometheus-url"
      >
        <Input
          id="prometheus-url"
          width={50}
          placeholder="http://127.0.0.1:9090"
          value={options.url ?? ''}
          disabled={readOnly}
          onChange={(e) => onOptionsChange({ ...options, url: e.currentTarget.value.trim() })}
        />
      </Field>
      <Field label={t('config.prometheus.auth', 'Authentication')}>
        <RadioButtonGroup<Auth>
          value={auth}
          disabled={readOnly}
          onChange={chooseAuth}
          options={[
            { value: 'none', label: t('config.prometheus.auth-none', 'None') },
            { value: 'basic', label: t('config.prometheus.auth-basic', 'User and password') },
            { value: 'bearer', label: t('config.prometheus.auth-bearer', 'Token') },
          ]}
        />
      </Field>
      {auth === 'basic' && (
        <>
          <Field label={t('config.prometheus.user', 'User')} htmlFor="prometheus-user">
            <Input
              id="prometheus-user"
              width={50}
              value={options.basicAuthUser ?? ''}
              disabled={readOnly}
              onChange={(e) => onOptionsChange({ ...options, basicAuthUser: e.currentTarget.value })}
            />
          </Field>
          <SecretField {...secret('basicAuthPassword')} label={t('config.prometheus.password', 'Password')} />
        </>
      )}
      {auth === 'bearer' && <SecretField {...secret('bearerToken')} label={t('config.prometheus.token', 'Token')} />}
      <Field
        label={t('config.prometheus.scrape', 'Scrape interval')}
        description={t('config.prometheus.scrape-description', 'For $__rate_interval; default 15s.')}
        htmlFor="prometheus-scrape"
        invalid={Boolean(durationError(json.timeInterval))}
        error={durationError(json.timeInterval)}
      >
        <Input
          id="prometheus-scrape"
          width={20}
          placeholder="15s"
          value={json.timeInterval ?? ''}
          disabled={readOnly}
          onChange={(e) => setJson({ timeInterval: e.currentTarget.value })}
        />
      </Field>
      <Field
        label={t('config.prometheus.timeout', 'Query timeout')}
        htmlFor="prometheus-timeout"
        invalid={Boolean(durationError(json.queryTimeout))}
        error={durationError(json.queryTimeout)}
      >
        <Input
          id="prometheus-timeout"
          width={20}
          placeholder="30s"
          value={json.queryTimeout ?? ''}
          disabled={readOnly}
          onChange={(e) => setJson({ queryTimeout: e.currentTarget.value })}
        />
      </Field>
      <Field label={t('config.tls.skip', 'Skip TLS verification')} description={t('config.tls.skip-description', 'Only for tests: anybody could pose as the server.')}>
        <Switch id="prometheus-skip" value={Boolean(json.tlsSkipVerify)} disabled={readOnly} onChange={(e) => setJson({ tlsSkipVerify: e.currentTarget.checked })} />
      </Field>
      <Field label={t('config.tls.ca', 'Own CA certificate')}>
        <Switch id="prometheus-ca" value={Boolean(json.tlsAuthWithCACert)} disabled={readOnly} onChange={(e) => setJson({ tlsAuthWithCACert: e.currentTarget.checked })} />
      </Field>
      {json.tlsAuthWithCACert && (
        <SecretField {...secret('tlsCACert')} multiline placeholder="-----BEGIN CERTIFICATE-----" label={t('config.tls.ca-pem', 'CA certificate (PEM)')} />
      )}
      <Field label={t('config.tls.client', 'Client certificate')}>
        <Switch id="prometheus-client" value={Boolean(json.tlsAuth)} disabled={readOnly} onChange={(e) => setJson({ tlsAuth: e.currentTarget.checked })} />
      </Field>
      {json.tlsAuth && (
        <>
          <SecretField {...secret('tlsClientCert')} multiline placeholder="-----BEGIN CERTIFICATE-----" label={t('config.tls.client-pem', 'Client certificate (PEM)')} />
          <SecretField {...secret('tlsClientKey')} multiline placeholder="-----BEGIN PRIVATE KEY-----" label={t('config.tls.client-key', 'Client key (PEM)')} />
        </>
      )}
    </>
  );
}
