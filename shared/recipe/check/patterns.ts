import { describePattern } from '../../pattern/index.ts';
import { fillPattern, SAMPLE_SCOPE } from '../unit-text.ts';
import type { Mistake } from '../mistake.ts';
import { textsOf } from './references.ts';
import type { RecipeView } from './view.ts';

/** Keys whose texts are regular expressions. */
const PATTERN_KEYS: readonly unknown[] = [
  ...['expect', 'expectFrame', 'pattern', 'model', 'firmware', 'localName'],
];
/** `/^…/i` and `/…$/`: the slashes would have to stand in front of a line's beginning, or behind its end. */
const SLASHES = /^\/(?<inside>\^.*|.*(?<!\\)\$)\/(?<flags>[dgimsuvy]*)$/su;

/** Regular expressions that no line matches: in the slashes of a program, or with an edge of a line in the middle of one. */
export function* patternMistakes({ device, serialNumber, inOrder }: RecipeView): Iterable<Mistake> {
  const places = [
    { path: ['device', 'identify'], value: device?.identify },
    { path: ['device', 'arrival'], value: device?.arrival },
    { path: ['serialNumber'], value: serialNumber },
    ...inOrder.filter(({ verb }) => verb !== 'thing-model').map(({ path, step }) => ({ path, value: step })),
  ];
  for (const place of places)
    for (const { path, text } of textsOf(place.value, place.path)) {
      const [key, parent] = [path.at(-1), path.at(-2)];
      // Regular expressions of AMPE stand under the paths of a reply.
      if (!PATTERN_KEYS.includes(key) && parent !== 'expect') continue;
      const message = inSlashes(text) ?? edgeInside(text);
      if (message !== null) yield { path, message: `never matches: ${message}` };
    }
}

function inSlashes(text: string): string | null {
  const { inside, flags = '' } = SLASHES.exec(text)?.groups ?? {};
  if (inside === undefined) return null;
  const ofFlags = flags === '' ? '' : `, and without the flags ${flags}`;
  return `it is written without slashes${ofFlags}, as ${inside}`;
}

function edgeInside(text: string): string | null {
  const edge = describePattern(fillPattern(text, SAMPLE_SCOPE))?.edgeInside ?? null;
  if (edge === null) return null;
  return edge.sign === '^'
    ? `^ is the beginning of a line, and "${edge.beside}" stands in front of it`
    : `$ is the end of a line, and "${edge.beside}" stands behind it; the sign itself is \\$`;
}
