import { Combobox, ComboboxOption } from '@grafana/ui';
import React, { useId } from 'react';

interface Props<T extends string> {
  /** What is chosen, for those who do not see where it stands. */
  label: string;
  width: number;
  value: T;
  options: Array<ComboboxOption<T>>;
  onChange: (option: ComboboxOption<T>) => void;
}

/** A combobox without a visible label; Grafana's own takes no aria-label, only the id of an element that names it. */
export function NamedCombobox<T extends string>({ label, ...rest }: Props<T>) {
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
