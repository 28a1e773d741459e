import { checkText as say } from '../texts/check-texts.ts';
import { identityExchanges } from './identity.ts';
import type { Mistake } from '../mistake.ts';
import { verbOf } from '../verbs/index.ts';
import type { Path, RecipeView } from './view.ts';

const LINE_END = /(?:\\[rn])+$/;
const BYTE = /\\x([0-9A-Fa-f]{2})/;

/** Escapes of programming languages in texts that are sent literally. */
export function* sentTextMistakes({ device, inOrder }: RecipeView): Iterable<Mistake> {
  for (const [index, { text }] of (device?.identify ?? []).entries())
    yield* escapes(text, ['device', 'identify', index, 'text']);
  for (const { path, item } of identityExchanges(device)) yield* escapes(item.text, [...path, 'text']);
  for (const { path, step } of inOrder) {
    const key = step === null ? undefined : verbOf(step).sentText;
    if (key !== undefined) yield* escapes((step as unknown as Record<string, unknown>)[key], [...path, key]);
  }
}

function* escapes(text: unknown, path: Path): Iterable<Mistake> {
  if (typeof text !== 'string') return;
  const [end] = LINE_END.exec(text) ?? [];
  const [byte, digits = ''] = BYTE.exec(text) ?? [];
  if (end !== undefined) yield { path, message: say('escape-line-end', end) };
  else if (byte !== undefined)
    yield {
      path,
      message: say('escape-byte', byte, digits.toUpperCase()),
    };
}
