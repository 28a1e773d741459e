import { didYouMean, type Mistake } from '#shared/recipe/index.ts';
import { readUtf8Text } from '#shared/codec/text-file.ts';
import { parseThingModel } from '#shared/domain/thing-model/index.ts';
import { isPicture, type NamedFile } from './recipe-files.ts';

/** Each recording of a run has the file twice: as a file and as the bytes that were sent. */
const MAX_SENT_BYTES = 512 * 1024;

/** Mistakes in the files that a recipe names, except those in scripts. */
export function fileMistakes(
  named: readonly NamedFile[],
  files: ReadonlyMap<string, Uint8Array>,
  {
    acceptedBefore = false,
    beside = [],
  }: { readonly acceptedBefore?: boolean; readonly beside?: readonly string[] },
): Mistake[] {
  return named.flatMap(({ name, path, use, ids, sent }): Mistake[] => {
    const bytes = files.get(name);
    if (bytes === undefined)
      return [
        {
          path,
          message: `${name} is not in the folder of the recipe${didYouMean(name, [...beside, ...files.keys()])}`,
        },
      ];
    if (sent && bytes.length > MAX_SENT_BYTES)
      return [
        {
          path,
          message: `${name} has ${bytes.length} bytes; a file that is sent has at most ${MAX_SENT_BYTES}`,
        },
      ];
    const decoded = sent || isPicture(name) ? null : readUtf8Text(bytes, { keepsLost: acceptedBefore });
    if (decoded !== null && !decoded.ok) {
      const { line, column, what } = decoded.problem;
      return [{ path, message: `${name}:${line}:${column}: this file ${what}` }];
    }
    if (acceptedBefore) return [];
    if (use === 'picture' && !/\.(?:png|jpe?g|gif|webp)$/i.test(name))
      return [{ path, message: `${name} is not a picture that a page can show: PNG, JPEG, GIF or WebP` }];
    if (use !== 'thing-model') return [];
    const read = parseThingModel(Buffer.from(bytes).toString('utf8'));
    if (!read.ok) return [{ path, message: `${name} is not a thing model: ${read.reason}` }];
    const propertyIds = read.model.properties.map(({ id }) => id);
    return ids.flatMap((id, index) =>
      propertyIds.includes(id)
        ? []
        : [
            {
              path: [...path.slice(0, -1), 'properties', index],
              message: `${name} has no property ${id}${didYouMean(id, propertyIds)}`,
            },
          ],
    );
  });
}
