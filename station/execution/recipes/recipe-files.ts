import { filesInArgument } from '#shared/domain/tool-arguments.ts';
import { type AmpeParam, filesInParams } from '#shared/recipe/index.ts';

/** A file that a recipe names, with the path of its name. */
export interface NamedFile {
  readonly name: string;
  readonly path: readonly (string | number)[];
  readonly use:
    | 'script'
    | 'picture'
    | 'thing-model'
    | 'parameter'
    | 'flash-image'
    | 'tool-input'
    | 'label-template';
  /** Ids of properties that a thing model must have. */
  readonly ids: readonly string[];
  /** Variables that the steps of a script name under `sets`. */
  readonly sets: readonly string[];
  /** Names of the options of each step of a script. */
  readonly options: readonly (readonly string[])[];
  /** True when the content is sent to the unit. */
  readonly sent: boolean;
}

/** Verbs whose key `model` is the file of a thing model. */
const MODEL_VERBS: readonly string[] = ['thing-model', 'llsync-property', 'llsync-event', 'llsync-action'];

/**
 * The files that a recipe names: scripts, thing models, pictures, parameters, images for the flash,
 * input of programs; each once.
 *
 * @param written a recipe, or plain data that may be none
 */
export function filesOf(written: unknown): NamedFile[] {
  const files = new Map<string, NamedFile>();
  for (const [p, phase] of list(field(written, 'phases')).entries()) {
    for (const [s, step] of list(field(phase, 'steps')).entries()) {
      for (const key of ['file', 'model', 'image'] as const) {
        // `model` of an identify step is a pattern, not a file.
        if (key === 'model' && !MODEL_VERBS.includes(String(field(step, 'verb')))) continue;
        const name = field(step, key);
        if (typeof name !== 'string') continue;
        const sets = [...(files.get(name)?.sets ?? []), ...list(field(step, 'sets')).map(String)];
        const existing = files.get(name);
        const options = [...(existing?.options ?? []), Object.keys(field(step, 'with') ?? {})];
        if (existing !== undefined) {
          files.set(name, { ...existing, sets, options });
          continue;
        }
        const use = key === 'file' ? 'script' : key === 'image' ? 'picture' : 'thing-model';
        const ids = use === 'thing-model' ? list(field(step, 'properties')).map(String) : [];
        files.set(name, { name, path: ['phases', p, 'steps', s, key], use, ids, sets, options, sent: false });
      }
      for (const file of labelFiles(step, ['phases', p, 'steps', s])) files.set(file.name, file);
      for (const file of flashFiles(step, ['phases', p, 'steps', s])) files.set(file.name, file);
      for (const file of toolFiles(step, ['phases', p, 'steps', s])) files.set(file.name, file);
      if (field(step, 'verb') !== 'ampe') continue;
      const params = (field(step, 'params') ?? null) as AmpeParam;
      for (const file of filesInParams(params, ['phases', p, 'steps', s, 'params']))
        if (files.get(file.name)?.sent !== true)
          files.set(file.name, { ...file, use: 'parameter', ids: [], sets: [], options: [], sent: true });
    }
  }
  return [...files.values()];
}

function* flashFiles(step: unknown, path: readonly (string | number)[]): Iterable<NamedFile> {
  if (field(step, 'verb') !== 'flash') return;
  const images = list(field(step, 'images')).map((image, index) => ({ image, key: ['images', index] }));
  for (const { image, key } of [...images, { image: field(step, 'updater'), key: ['updater'] }]) {
    const name = field(image, 'file');
    if (field(image, 'from') !== 'recipe' || typeof name !== 'string') continue;
    const at = [...path, ...key, 'file'];
    yield { name, path: at, use: 'flash-image', ids: [], sets: [], options: [], sent: false };
  }
}

function* labelFiles(step: unknown, path: readonly (string | number)[]): Iterable<NamedFile> {
  const name = field(step, 'template');
  if (field(step, 'verb') !== 'label' || typeof name !== 'string') return;
  yield {
    name,
    path: [...path, 'template'],
    use: 'label-template',
    ids: [],
    sets: [],
    options: [],
    sent: false,
  };
}

function* toolFiles(step: unknown, path: readonly (string | number)[]): Iterable<NamedFile> {
  if (field(step, 'verb') !== 'run-tool') return;
  for (const [index, argument] of list(field(step, 'command')).entries())
    for (const name of filesInArgument(String(argument))) {
      const at = [...path, 'command', index];
      yield { name, path: at, use: 'tool-input', ids: [], sets: [], options: [], sent: false };
    }
}

/** True for a file whose content is no text of the recipe, whatever its name. */
export function isRaw({ use }: NamedFile): boolean {
  return use === 'flash-image' || use === 'tool-input';
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** True for the name of a picture or of an image for a flash. All other files of a recipe are text. */
export function isBinary(name: string): boolean {
  return /\.(?:png|jpe?g|gif|webp|svg|bmp|bin|img|fw|ota)$/i.test(name);
}
