import { type CodedText, NO_TEXT, sameText } from '#shared/words/index.ts';
import { measurementsIn, textsOf } from '#shared/label/index.ts';
import { readTemplate, type TemplateIssue } from '../../results/labels/index.ts';
import { yamlText as text } from '../../core/yaml/index.ts';
import { didYouMean, type Mistake } from '#shared/recipe/index.ts';
import { readUtf8Text } from '#shared/codec/text-file.ts';
import { parseThingModel, type ThingModelProblem } from '#shared/domain/thing-model/index.ts';
import type { MeasuredNames } from './measured-names.ts';
import { isBinary, isRaw, type NamedFile } from './recipe-files.ts';

/** Each recording of a run has the file twice: as a file and as the bytes that were sent. */
const MAX_SENT_BYTES = 512 * 1024;

/** Mistakes in the files that a recipe names, except those in scripts. */
export function fileMistakes(
  named: readonly NamedFile[],
  files: ReadonlyMap<string, Uint8Array>,
  {
    acceptedBefore = false,
    beside = [],
    measured = null,
  }: {
    readonly acceptedBefore?: boolean;
    readonly beside?: readonly string[];
    /** What a label of the recipe can show; `null` where it is not known. */
    readonly measured?: MeasuredNames | null;
  },
): Mistake[] {
  return named.flatMap((file): Mistake[] => {
    const { name, path, use, ids, sent } = file;
    const bytes = files.get(name);
    if (bytes === undefined) {
      // A file of this name that was not taken is a link out of the folder, or no file.
      const message = beside.includes(name)
        ? text('file-not-taken', name)
        : text('file-missing', name, didYouMean(name, [...beside, ...files.keys()]));
      return [{ path, message }];
    }
    if (sent && bytes.length > MAX_SENT_BYTES)
      return [
        {
          path,
          message: text('file-too-large', name, bytes.length, MAX_SENT_BYTES),
        },
      ];
    const decoded =
      sent || isRaw(file) || isBinary(name) ? null : readUtf8Text(bytes, { keepsLost: acceptedBefore });
    if (decoded !== null && !decoded.ok) {
      const { line, column, what } = decoded.problem;
      return [{ path, message: text('file-encoding-at', name, line, column, what) }];
    }
    if (acceptedBefore) return [];
    if (use === 'picture' && !/\.(?:png|jpe?g|gif|webp)$/i.test(name))
      return [{ path, message: text('file-no-picture', name) }];
    if (use === 'label-template') return templateMistakes(name, path, bytes, measured);
    if (use !== 'thing-model') return [];
    const read = parseThingModel(Buffer.from(bytes).toString('utf8'));
    if (!read.ok) return [{ path, message: text('file-no-model', name, modelReason(read.reason)) }];
    const propertyIds = read.model.properties.map(({ id }) => id);
    return ids.flatMap((id, index) =>
      propertyIds.includes(id)
        ? []
        : [
            {
              path: [...path.slice(0, -1), 'properties', index],
              message: text('model-no-property', name, id, didYouMean(id, propertyIds)),
            },
          ],
    );
  });
}

/** All mistakes in a template, each with its place in that file. */
function templateMistakes(
  name: string,
  path: NamedFile['path'],
  bytes: Uint8Array,
  measured: MeasuredNames | null,
): Mistake[] {
  const { template, issues, elementAt } = readTemplate(Buffer.from(bytes).toString('utf8'));
  const say = ({ line, column, path: at, message }: TemplateIssue): Mistake => ({
    path,
    message: text(
      'file-no-template',
      name,
      line,
      column,
      at === '' ? NO_TEXT : sameText('path', `${at} `),
      message,
    ),
  });
  if (template === null || measured === null) return issues.map(say);
  return template.elements.flatMap((element, index) =>
    textsOf(element)
      .flatMap(({ text: shown }) => measurementsIn(shown))
      .filter((wanted) => !measured.has(wanted))
      .map((wanted) =>
        say({
          ...elementAt(index),
          path: `elements.${index}`,
          message: text('template-no-measurement', wanted, didYouMean(wanted, measured.names)),
        }),
      ),
  );
}

function modelReason(reason: ThingModelProblem): CodedText {
  return 'path' in reason
    ? text('model-at', reason.path, reason.message)
    : text('model-not-json', reason.line, reason.column, reason.what);
}
