/** Texts that YAML would read as something else, or that need quotes to stay one line. */
const PLAIN = /^[A-Za-z][A-Za-z0-9_./ -]*$/;
const WORDS = /^(true|false|yes|no|on|off|null|y|n)$/i;

function scalar(value: unknown): string {
  if (typeof value === 'string') {
    return PLAIN.test(value) && !WORDS.test(value) && !/\s$/.test(value) ? value : JSON.stringify(value);
  }
  return String(value);
}

const isGiven = (value: unknown) => value !== undefined && value !== null;

const isEmpty = (value: unknown) =>
  typeof value === 'object' &&
  value !== null &&
  (Array.isArray(value) ? value : Object.values(value).filter(isGiven)).length === 0;

/** Plain data as YAML; texts are quoted wherever they could be read as something else. Undefined and null are left out. */
export function toYaml(value: unknown, indent = 0): string {
  const pad = '  '.repeat(indent);
  if (Array.isArray(value)) {
    return value.map((item) => `${pad}- ${nested(item, indent + 1).trimStart()}`).join('\n');
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .filter(([, v]) => isGiven(v))
      .map(([key, v]) => {
        const name = scalar(key);
        return typeof v === 'object' && !isEmpty(v)
          ? `${pad}${name}:\n${toYaml(v, indent + 1)}`
          : `${pad}${name}: ${nested(v, indent)}`;
      })
      .join('\n');
  }
  return pad + scalar(value);
}

function nested(value: unknown, indent: number): string {
  if (Array.isArray(value) && value.length === 0) {
    return '[]';
  }
  if (isEmpty(value)) {
    return '{}';
  }
  return typeof value === 'object' ? toYaml(value, indent) : scalar(value);
}
