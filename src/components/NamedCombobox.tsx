import { Combobox, ComboboxOption } from '@grafana/ui';
import React, { useId } from 'react';

interface Props {
  /** What is chosen, for those who do not see where it stands. */
  label: string;
  width: number;
  value: string;
  options: Array<ComboboxOption<string>>;
  onChange: (option: ComboboxOption<string>) => void;
}

/** A combobox without a visible label; Grafana's own takes no aria-label, only the id of an element that names it. */
export function NamedCombobox({ label, ...rest }: Props) {
  const id = useId();
  return (
    <>
      <span id={id} hidden>
        {label}
      </span>
      <Combobox aria-labelledby={id} {...rest} />
    </>
  );
}
