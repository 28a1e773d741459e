import { type AmpeParam, filesInParams } from '#shared/recipe/index.ts';

/** A file that a recipe names, and where it does. */
export interface NamedFile {
  readonly name: string;
  readonly path: readonly (string | number)[];
  readonly use: 'script' | 'picture' | 'thing-model' | 'parameter';
  /** Ids that a thing model must know. */
  readonly ids: readonly string[];
  /** Variables that a script sets, of all steps that run it. */
  readonly sets: readonly string[];
  /** Names of the options that a script gets, of each step that runs it. */
  readonly options: readonly (readonly string[])[];
  /** Its content is sent to the unit. */
  readonly sent: boolean;
}

/**
 * Every file that a recipe is made of besides its own, once each: scripts, thing models, pictures.
 *
 * @param written a recipe, or what is written for one
 */
export function filesOf(written: unknown): NamedFile[] {
  const found = new Map<string, NamedFile>();
  for (const [p, phase] of list(field(written, 'phases')).entries()) {
    for (const [s, step] of list(field(phase, 'steps')).entries()) {
      for (const key of ['file', 'model', 'image'] as const) {
        // `model` of an identify step is a pattern, not a file.
        if (key === 'model' && field(step, 'verb') !== 'thing-model') continue;
        const name = field(step, key);
        if (typeof name !== 'string') continue;
        const sets = [...(found.get(name)?.sets ?? []), ...list(field(step, 'sets')).map(String)];
        const known = found.get(name);
        const options = [...(known?.options ?? []), Object.keys(field(step, 'with') ?? {})];
        if (known !== undefined) {
          found.set(name, { ...known, sets, options });
          continue;
        }
        const use = key === 'file' ? 'script' : key === 'image' ? 'picture' : 'thing-model';
        const ids = use === 'thing-model' ? list(field(step, 'properties')).map(String) : [];
        found.set(name, { name, path: ['phases', p, 'steps', s, key], use, ids, sets, options, sent: false });
      }
      if (field(step, 'verb') !== 'ampe') continue;
      const params = (field(step, 'params') ?? null) as AmpeParam;
      for (const file of filesInParams(params, ['phases', p, 'steps', s, 'params']))
        if (found.get(file.name)?.sent !== true)
          found.set(file.name, { ...file, use: 'parameter', ids: [], sets: [], options: [], sent: true });
    }
  }
  return [...found.values()];
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** By its ending. All other files of a recipe are text. */
export function isPicture(name: string): boolean {
  return /\.(?:png|jpe?g|gif|webp|svg|bmp)$/i.test(name);
}
