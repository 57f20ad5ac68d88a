import { Text } from '@grafana/ui';
import React from 'react';

/** What a button's action failed with, beside the button; nothing where it went well. */
export function ErrorLine({ error }: { error?: string }) {
  return error ? (
    <div role="alert">
      <Text color="error" variant="bodySmall">
        {error}
      </Text>
    </div>
  ) : null;
}
