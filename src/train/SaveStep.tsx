import { css } from '@emotion/css';
import { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { ClipboardButton, Combobox, Field, Input, Stack, Switch, TextArea, useStyles2 } from '@grafana/ui';
import React, { useId } from 'react';

import { Definition } from '../api/contract';
import { findDashboards } from '../api/dashboards';
import { toYaml } from '../api/yaml';
import { RuleFields } from '../components/RuleFields';
import { RuleForm } from '../rules/build';
import { isName } from './draft';

/** What the last step asks beside the definition. */
export interface Wishes {
  name: string;
  makeRule: boolean;
  rule: RuleForm;
  /** Empty: no panel; NEW: on a new dashboard; otherwise a uid. */
  dashboard: string;
  dashboardTitle: string;
}

export const NEW = '+';

interface Props {
  definition: Definition;
  wishes: Wishes;
  onDefinition: (change: Partial<Definition>) => void;
  onWishes: (change: Partial<Wishes>) => void;
}

/** The definition as a provisioned data source lists it. */
export function asYaml(definition: Definition, name: string): string {
  const { draft, provisioned, paused, ...rest } = definition;
  return `models:\n${toYaml([{ ...rest, name }], 1)}\n`;
}

/** Another name; the rule's goes along as long as it is the same. */
export function renamed({ name: old, rule }: Wishes, name: string): Partial<Wishes> {
  return { name, ...(rule.title === old && { rule: { ...rule, title: name } }) };
}

/** Step 4: a name, how it is kept fresh, who is warned, and where it is shown. */
export function SaveStep({ definition, wishes, onDefinition, onWishes }: Props) {
  const styles = useStyles2(getStyles);
  const ids = { name: useId(), text: useId(), again: useId(), drift: useId(), rule: useId(), board: useId() };
  const type = definition.query.queryType ?? 'forecast';
  const name = isName(wishes.name);
  return (
    <Stack direction="column" gap={2}>
      <Field
        noMargin
        label={t('save.name', 'Name')}
        htmlFor={ids.name}
        invalid={!name}
        error={t('save.name-bad', 'Letters and digits, with spaces or -_. between them, at most 64')}
      >
        <Input id={ids.name} value={wishes.name} onChange={(e) => onWishes(renamed(wishes, e.currentTarget.value))} />
      </Field>
      <Field noMargin label={t('save.description', 'Description')} htmlFor={ids.text}>
        <TextArea
          id={ids.text}
          rows={2}
          value={definition.description}
          onChange={(e) => onDefinition({ description: e.currentTarget.value })}
        />
      </Field>
      <div className={styles.pair}>
        <Field noMargin label={t('save.retrain', 'Train again')} htmlFor={ids.again}>
          <Combobox
            id={ids.again}
            value={definition.retrainEvery}
            options={[
              { value: '', label: t('save.never', 'never') },
              { value: '6h', label: t('save.six-hours', 'every six hours') },
              { value: '24h', label: t('save.daily', 'every day') },
              { value: '168h', label: t('save.weekly', 'every week') },
            ]}
            onChange={(o) => onDefinition({ retrainEvery: o.value })}
          />
        </Field>
        <Field noMargin label={t('save.drift', 'Also when its errors have grown')} htmlFor={ids.drift}>
          <Switch
            id={ids.drift}
            value={definition.retrainOnDrift}
            onChange={(e) => onDefinition({ retrainOnDrift: e.currentTarget.checked })}
          />
        </Field>
      </div>
      <Field noMargin label={t('save.dashboard', 'Show it on a dashboard')} htmlFor={ids.board}>
        <Combobox
          id={ids.board}
          value={
            fixedDashboards().find((o) => o.value === wishes.dashboard) ?? {
              value: wishes.dashboard,
              label: wishes.dashboardTitle,
            }
          }
          options={dashboards}
          onChange={(o) => onWishes({ dashboard: o.value, dashboardTitle: o.label ?? '' })}
        />
      </Field>
      <section className={styles.rule} aria-label={t('save.warn', 'Warn')}>
        <Stack gap={1} alignItems="center">
          <Switch
            id={ids.rule}
            value={wishes.makeRule}
            onChange={(e) => onWishes({ makeRule: e.currentTarget.checked })}
          />
          <label htmlFor={ids.rule}>{t('save.make-rule', 'Make an alert rule')}</label>
        </Stack>
        {wishes.makeRule && (
          <RuleFields
            type={type}
            form={wishes.rule}
            onChange={(change) => onWishes({ rule: { ...wishes.rule, ...change } })}
          />
        )}
      </section>
      <div>
        <ClipboardButton variant="secondary" size="sm" icon="copy" getText={() => asYaml(definition, wishes.name)}>
          {t('save.yaml', 'Copy as YAML')}
        </ClipboardButton>
      </div>
    </Stack>
  );
}

async function dashboards(text: string) {
  const found = await findDashboards(text).catch(() => []);
  return [...fixedDashboards(), ...found.map((d) => ({ value: d.uid, label: d.title }))];
}

const fixedDashboards = () => [
  { value: '', label: t('save.no-dashboard', 'not now') },
  { value: NEW, label: t('save.new-dashboard', 'on a new dashboard') },
];

const getStyles = (theme: GrafanaTheme2) => ({
  pair: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(3) }),
  rule: css({
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(1.5),
    paddingTop: theme.spacing(1),
    borderTop: `1px solid ${theme.colors.border.weak}`,
  }),
});
