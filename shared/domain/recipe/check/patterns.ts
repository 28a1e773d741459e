import type { Mistake } from './explain.ts';
import { textsOf } from './references.ts';
import type { RecipeView } from './view.ts';

/** Keys whose texts are regular expressions. */
const PATTERN_KEYS: readonly unknown[] = [
  ...['expect', 'expectFrame', 'pattern', 'model', 'firmware', 'localName'],
];
/** `/^…/i` and `/…$/`: the slashes would have to stand in front of a line's beginning, or behind its end. */
const SLASHES = /^\/(?<inside>\^.*|.*(?<!\\)\$)\/(?<flags>[dgimsuvy]*)$/su;

/** Regular expressions in the slashes of a program, which are characters that no unit says. */
export function* slashMistakes({ device, serialNumber, inOrder }: RecipeView): Iterable<Mistake> {
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
      const { inside, flags = '' } = SLASHES.exec(text)?.groups ?? {};
      if (inside === undefined) continue;
      const ofFlags = flags === '' ? '' : `, and without the flags ${flags}`;
      yield { path, message: `never matches: it is written without slashes${ofFlags}, as ${inside}` };
    }
}
