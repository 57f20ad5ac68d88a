/** The labels that a legend such as "{{instance}} {{mountpoint}}" names, in its order. */
export function legendLabels(legend?: string): string[] {
  const found = [...(legend ?? '').matchAll(/\{\{\s*([\p{L}\p{N}_.:-]+)\s*\}\}/gu)].map(([, name]) => name);
  return [...new Set(found)];
}
