/** Names of measurements that a run of a recipe can have. */
export interface MeasuredNames {
  has(name: string): boolean;
  /** Those that the recipe names itself, for proposals. */
  readonly names: readonly string[];
}

/** What verbs record under names of their own. */
const OF_VERBS =
  /^(?:label|label-payload|online|model|firmware|thing-model-issues|(?:ble|flash)-.*|.*-(?:reply|sha256|exit-status))$/;

/**
 * The names of the measurements of a recipe; `null` for one with a script, which measures under any name. A text of a step may be the
 * name of its measurement (that of a step, of a property, of an entry of `measure`): each one is taken, so that no template is
 * refused whose measurement exists.
 *
 * @param written a recipe with its loops unrolled, or plain data that may be none
 */
export function measuredNamesOf(written: unknown): MeasuredNames | null {
  const texts = new Set<string>();
  const names = new Set<string>();
  let hasScript = false;
  const read = (value: unknown, key: string): void => {
    if (typeof value === 'string') {
      texts.add(value);
      if (key === 'name' || key === 'measure') names.add(value);
      if (key === 'verb' && value === 'script') hasScript = true;
    } else if (Array.isArray(value)) for (const one of value) read(one, key);
    else if (typeof value === 'object' && value !== null)
      for (const [inner, one] of Object.entries(value)) read(one, inner);
  };
  read(field(written, 'phases'), '');
  if (hasScript) return null;
  return { has: (name) => texts.has(name) || OF_VERBS.test(name), names: [...names] };
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
