import { t } from '@grafana/i18n';
import { Button, Field, IconButton, Input, SecretInput, Stack } from '@grafana/ui';
import React from 'react';

import { addHeader, nameHeader, readHeaders, removeHeader, setHeader } from '../headers';
import { SAMPLE } from '../samples';
import { EditorProps } from './useSettings';

/** Headers sent along with each request, such as X-Scope-OrgID of Mimir. */
export function HeaderSettings({ options, onOptionsChange }: EditorProps) {
  const readOnly = Boolean(options.readOnly);
  return (
    <Field
      label={t('config.headers.title', 'HTTP headers')}
      description={t(
        'config.headers.description',
        'Sent with each request, for example X-Scope-OrgID. Values are kept as secrets.'
      )}
    >
      <Stack direction="column" gap={1} alignItems="flex-start">
        {readHeaders(options).map((h) => (
          <Stack key={h.at} gap={1} alignItems="center">
            <Input
              aria-label={t('config.headers.name', 'Name of the header')}
              width={24}
              placeholder={SAMPLE.header}
              value={h.name}
              disabled={readOnly}
              onChange={(e) => onOptionsChange(nameHeader(options, h.at, e.currentTarget.value.trim()))}
            />
            <SecretInput
              aria-label={t('config.headers.value', 'Value of the header')}
              width={30}
              isConfigured={h.configured}
              value={h.value}
              disabled={readOnly}
              onReset={() => onOptionsChange(setHeader(options, h.at, ''))}
              onChange={(e) => onOptionsChange(setHeader(options, h.at, e.currentTarget.value))}
            />
            {!readOnly && (
              <IconButton
                name="trash-alt"
                tooltip={t('config.headers.remove', 'Remove this header')}
                onClick={() => onOptionsChange(removeHeader(options, h.at))}
              />
            )}
          </Stack>
        ))}
        <Button
          size="sm"
          variant="secondary"
          icon="plus"
          disabled={readOnly}
          onClick={() => onOptionsChange(addHeader(options))}
        >
          {t('config.headers.add', 'Add a header')}
        </Button>
      </Stack>
    </Field>
  );
}
