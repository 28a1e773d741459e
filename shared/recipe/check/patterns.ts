import { checkText as text } from '../texts/check-texts.ts';
import type { CodedText } from '../../words/index.ts';
import { describePattern } from '../../pattern/index.ts';
import { fillPattern, SAMPLE_SCOPE } from '../unit-text.ts';
import type { Mistake } from '../mistake.ts';
import { textsOf } from './references.ts';
import type { RecipeView } from './view.ts';

/** Keys whose texts are regular expressions. */
const PATTERN_KEYS: readonly unknown[] = [
  ...[
    'expect',
    'expectFrame',
    'none',
    'noneFrame',
    'pattern',
    'model',
    'firmware',
    'localName',
    'manufacturerData',
  ],
];
/** `/^…/i` and `/…$/`: slashes before the beginning of a line, or behind its end. */
const SLASHES = /^\/(?<inside>\^.*|.*(?<!\\)\$)\/(?<flags>[dgimsuvy]*)$/su;

/** Regular expressions that no line matches: in slashes, or with `^` or `$` inside of a line. */
export function* patternMistakes({ device, serialNumber, inOrder }: RecipeView): Iterable<Mistake> {
  const places = [
    { path: ['device', 'identify'], value: device?.identify },
    { path: ['device', 'identity'], value: device?.identity },
    { path: ['device', 'arrival'], value: device?.arrival },
    { path: ['device', 'ble', 'find'], value: device?.ble?.find },
    { path: ['serialNumber'], value: serialNumber },
    ...inOrder.filter(({ verb }) => verb !== 'thing-model').map(({ path, step }) => ({ path, value: step })),
  ];
  for (const place of places)
    for (const { path, text: written } of textsOf(place.value, place.path)) {
      const [key, parent] = [path.at(-1), path.at(-2)];
      // Under `expect` of an AMPE step the keys are paths of the reply.
      if (!PATTERN_KEYS.includes(key) && parent !== 'expect') continue;
      const message = inSlashes(written) ?? edgeInside(written);
      if (message !== null) yield { path, message };
    }
}

function inSlashes(written: string): CodedText | null {
  const { inside, flags = '' } = SLASHES.exec(written)?.groups ?? {};
  if (inside === undefined) return null;
  return flags === '' ? text('pattern-slashes', inside) : text('pattern-slashes-flags', flags, inside);
}

function edgeInside(written: string): CodedText | null {
  const edge = describePattern(fillPattern(written, SAMPLE_SCOPE))?.edgeInside ?? null;
  if (edge === null) return null;
  return text(edge.sign === '^' ? 'pattern-begin-inside' : 'pattern-end-inside', edge.beside);
}
