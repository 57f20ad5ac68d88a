import { t } from '@grafana/i18n';
import { TextLink } from '@grafana/ui';
import React from 'react';

import { Entry } from '../api/contract';
import { PAGES } from '../constants';

/** Which version of which model judged a recorded warning; nothing where it was a model fitted on request. */
export function ModelLink({ entry: { model, version }, uid }: { entry: Entry; uid: string }) {
  return model ? (
    <>
      {' · '}
      <TextLink href={`${PAGES.models}?ds=${uid}&model=${encodeURIComponent(model)}`} inline variant="bodySmall">
        {version > 0
          ? t('overview.judged-by', '{{model}} version {{version}}', {
              model,
              version,
              interpolation: { escapeValue: false },
            })
          : model}
      </TextLink>
    </>
  ) : null;
}
