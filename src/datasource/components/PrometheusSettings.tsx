import { t } from '@grafana/i18n';
import { config } from '@grafana/runtime';
import { CollapsableSection, Combobox, Field, RadioButtonGroup, Text } from '@grafana/ui';
import React, { useState } from 'react';

import { SAMPLE } from '../samples';
import { ForewarnOptions } from '../types';
import { durationError, numberError, urlError } from '../validate';
import { HeaderSettings } from './HeaderSettings';
import { SecretField } from './SecretField';
import { NumberSetting, SwitchSetting, TextSetting } from './settingsFields';
import { TLSSettings, usesTLS } from './TLSSettings';
import { EditorProps, useSettings, withoutSecret } from './useSettings';

const METHODS: Array<NonNullable<ForewarnOptions['httpMethod']>> = ['POST', 'GET'];

type Auth = 'none' | 'basic' | 'bearer';

/** Address, credentials and TLS of the Prometheus-compatible server. */
export function PrometheusSettings(props: EditorProps) {
  const { options, onOptionsChange } = props;
  const { readOnly, secret } = useSettings(props);
  const [auth, setAuth] = useState<Auth>(
    options.basicAuth
      ? 'basic'
      : options.secureJsonFields?.bearerToken || options.secureJsonData?.bearerToken
        ? 'bearer'
        : 'none'
  );
  /** The way that is not chosen is forgotten: a token left behind would still be sent. */
  const chooseAuth = (next: Auth) => {
    setAuth(next);
    const kept = next === 'bearer' ? options : withoutSecret(options, 'bearerToken');
    onOptionsChange({ ...kept, basicAuth: next === 'basic' });
  };
  return (
    <>
      <TextSetting
        id="prometheus-url"
        label={t('config.prometheus.url', 'URL')}
        description={t(
          'config.prometheus.url-description',
          'Of Prometheus, Mimir, Thanos or VictoriaMetrics. Empty: Prometheus is not used.'
        )}
        placeholder={SAMPLE.url}
        value={options.url}
        error={urlError(options.url)}
        disabled={readOnly}
        onChange={(url) => onOptionsChange({ ...options, url })}
      />
      <Field label={t('config.prometheus.auth', 'Authentication')}>
        <RadioButtonGroup<Auth>
          aria-label={t('config.prometheus.auth', 'Authentication')}
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
          <TextSetting
            id="prometheus-user"
            label={t('config.prometheus.user', 'User')}
            value={options.basicAuthUser}
            disabled={readOnly}
            onChange={(basicAuthUser) => onOptionsChange({ ...options, basicAuthUser })}
          />
          <SecretField {...secret('basicAuthPassword')} label={t('config.prometheus.password', 'Password')} />
        </>
      )}
      {auth === 'bearer' && <SecretField {...secret('bearerToken')} label={t('config.prometheus.token', 'Token')} />}
      <CollapsableSection
        label={<Text element="h4">{t('config.prometheus.tls', 'TLS')}</Text>}
        isOpen={usesTLS(options.jsonData)}
      >
        <PrometheusTLS {...props} />
      </CollapsableSection>
      <CollapsableSection
        label={<Text element="h4">{t('config.prometheus.more', 'Headers, times and limits')}</Text>}
        isOpen={false}
      >
        <PrometheusMore {...props} />
      </CollapsableSection>
    </>
  );
}

function PrometheusTLS(props: EditorProps) {
  const { json, readOnly, setJson } = useSettings(props);
  return (
    <>
      <TLSSettings
        editor={props}
        side="prometheus"
        flags={json}
        secrets={{ ca: 'tlsCACert', cert: 'tlsClientCert', key: 'tlsClientKey' }}
        onChange={setJson}
      />
      <TextSetting
        id="prometheus-server-name"
        label={t('config.tls.server-name', 'Server name')}
        description={t(
          'config.tls.server-name-description',
          'The name in the certificate, where it is not the one of the URL.'
        )}
        value={json.serverName}
        disabled={readOnly}
        onChange={(serverName) => setJson({ serverName })}
      />
    </>
  );
}

function PrometheusMore(props: EditorProps) {
  const { json, readOnly, setJson } = useSettings(props);
  return (
    <>
      <HeaderSettings {...props} />
      <TextSetting
        id="prometheus-scrape"
        width={20}
        label={t('config.prometheus.scrape', 'Scrape interval')}
        description={t('config.prometheus.scrape-description', 'For $__rate_interval; default 15s.')}
        placeholder={SAMPLE.scrape}
        value={json.timeInterval}
        error={durationError(json.timeInterval)}
        disabled={readOnly}
        onChange={(timeInterval) => setJson({ timeInterval })}
      />
      <TextSetting
        id="prometheus-timeout"
        width={20}
        label={t('config.prometheus.timeout', 'Query timeout')}
        description={t('config.prometheus.timeout-description', 'Of one query with all its parts; default 30s.')}
        placeholder={SAMPLE.queryTimeout}
        value={json.queryTimeout}
        error={durationError(json.queryTimeout)}
        disabled={readOnly}
        onChange={(queryTimeout) => setJson({ queryTimeout })}
      />
      <NumberSetting
        id="prometheus-http-timeout"
        label={t('config.prometheus.http-timeout', 'HTTP timeout (s)')}
        description={t('config.prometheus.http-timeout-description', 'Of one HTTP request.')}
        placeholder={SAMPLE.httpTimeout}
        value={json.timeout}
        error={numberError(json.timeout, 1, undefined, true)}
        disabled={readOnly}
        onChange={(timeout) => setJson({ timeout })}
      />
      <Field label={t('config.prometheus.method', 'HTTP method')} htmlFor="prometheus-method">
        <Combobox
          id="prometheus-method"
          width={20}
          disabled={readOnly}
          value={json.httpMethod ?? 'POST'}
          options={METHODS.map((value) => ({ value, label: value }))}
          onChange={(o) => setJson({ httpMethod: o.value })}
        />
      </Field>
      <TextSetting
        id="prometheus-params"
        label={t('config.prometheus.params', 'Custom query parameters')}
        placeholder={SAMPLE.parameters}
        value={json.customQueryParameters}
        disabled={readOnly}
        onChange={(customQueryParameters) => setJson({ customQueryParameters })}
      />
      {config.secureSocksDSProxyEnabled && (
        <SwitchSetting
          id="socks-proxy"
          label={t('config.socks', 'Secure socks proxy')}
          description={t(
            'config.socks-description',
            'Reach both servers through the proxy that Grafana is set up with.'
          )}
          value={json.enableSecureSocksProxy}
          disabled={readOnly}
          onChange={(enableSecureSocksProxy) => setJson({ enableSecureSocksProxy })}
        />
      )}
    </>
  );
}
