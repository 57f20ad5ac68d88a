import { t, Trans } from '@grafana/i18n';
import { CollapsableSection, Stack, Text } from '@grafana/ui';
import React from 'react';

import { DefaultsSettings } from './DefaultsSettings';
import { MySQLSettings } from './MySQLSettings';
import { PrometheusSettings } from './PrometheusSettings';
import { EditorProps } from './useSettings';

/** Settings of the data source: one or both connections, and what queries leave out. */
export function ConfigEditor(props: EditorProps) {
  const { options } = props;
  return (
    <Stack direction="column" gap={1}>
      <Text color="secondary">
        <Trans i18nKey="config.intro">
          Forewarn reads Prometheus, MySQL, or both. Fill in what you have; Save &amp; test names the side that fails.
        </Trans>
      </Text>
      <CollapsableSection label={t('config.prometheus.title', 'Prometheus')} isOpen={true}>
        <PrometheusSettings {...props} />
      </CollapsableSection>
      <CollapsableSection
        label={t('config.mysql.title', 'MySQL')}
        isOpen={Boolean(options.jsonData.mysql?.url) || !options.url}
      >
        <MySQLSettings {...props} />
      </CollapsableSection>
      <CollapsableSection label={t('config.defaults.title', 'Defaults of queries')} isOpen={false}>
        <DefaultsSettings {...props} />
      </CollapsableSection>
    </Stack>
  );
}
