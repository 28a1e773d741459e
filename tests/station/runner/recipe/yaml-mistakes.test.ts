import { expect, it } from 'vitest';
import { inspectRecipe } from '#station';

const RECIPE = String.raw`gongwei: recipe/1
name: pump
version: '3'
title: { zh-CN: 水泵, en: Pump }
product: GWDEMO0001
serialNumber: { pattern: 'PU\d{4}', example: PU0001 }
device:
  profile: described
  identify:
    - { text: 'WHO', expect: '^I AM (?<id>\w+)$' }
phases:
  - name: who
    kind: setup
    steps: [{ verb: identify }]
  - name: run
    steps:
      - verb: request
        name: flow
        text: 'FLOW?'
        expect: '^FLOW (\d+)$'
        measure: [{ name: flow, group: 1, as: number, limits: { max: 80 } }]
`;
const mistakes = (from: string, to: string): string[] => {
  expect(RECIPE).toContain(from);
  const { issues } = inspectRecipe(RECIPE.replace(from, to));
  return issues.map(({ line, column, message }) => `${line}:${column} ${message}`);
};

it('has a sound recipe to begin with', () => expect(inspectRecipe(RECIPE).issues).toEqual([]));

it.each<[string, string, string, RegExp]>([
  ['a tab', '        text:', '\ttext:', /^19:1 lines are indented with blanks, not with tabs$/],
  [
    'a backslash in double quotes',
    String.raw`'^FLOW (\d+)$'`,
    String.raw`"^FLOW (\d+)$"`,
    /^20:25 in double quotes a backslash .* single quotes/,
  ],
  [
    'a text with a colon',
    "text: 'FLOW?'",
    'text: FLOW: 1',
    /^19:15 a line has one "key: value": .* in quotes$/,
  ],
  [
    'a wide colon',
    "text: 'FLOW?'",
    "text：'FLOW?'",
    /^19:9 is no "key: value": the colon is ":" \(not "："\)/,
  ],
  [
    'no dash before an entry',
    '      - verb: request',
    '        verb: request',
    /^17:9 phases\.1\.steps: is a list, not an object$/,
  ],
  [
    'a quote that is not closed',
    "text: 'FLOW?'",
    "text: 'FLOW?",
    /^\d+:\d+ (?:a quote is not closed before here|is not expected here)/,
  ],
  [
    'a bracket that is not closed',
    'limits: { max: 80 } }]',
    'limits: { max: 80 } ]',
    /\{ or \[ is not closed|is not expected here/,
  ],
  ['a second document', 'phases:\n', '---\nphases:\n', /^11:1 a recipe is one document/],
  [
    'a text that begins with a sign',
    "text: 'FLOW?'",
    'text: @FLOW',
    /^19:15 a text that begins with a sign such as @/,
  ],
  [
    'a version that is a number',
    "version: '3'",
    'version: 1.10',
    /^3:10 version: is a text, not 1\.10: write it in quotes, as '1\.10'$/,
  ],
  [
    'a text that is a number',
    "text: 'FLOW?'",
    'text: 00123',
    /^19:15 phases\.1\.steps\.0\.text: is a text, not 00123: .* '00123'$/,
  ],
  [
    'a limit of too many digits',
    'max: 80',
    'max: 9007199254740993',
    /^21:70 phases\.1\.steps\.0\.measure\.0\.limits\.max: 9007199254740993 has more digits .*740992\); a text is written in quotes$/,
  ],
  [
    'a text of too many digits',
    'limits: { max: 80 }',
    'limits: { equals: 12345678901234567890 }',
    /^21:73 .*equals: 12345678901234567890 has more digits/,
  ],
  [
    'a product that is a number',
    'product: GWDEMO0001',
    'product: 12345678901234567890',
    /^5:10 product: 12345678901234567890 has more digits .* quotes$/,
  ],
])('names %s by line and column, with what is right', (_what, from, to, message) => {
  const [first, ...others] = mistakes(from, to);
  expect(first).toMatch(message);
  expect(others.filter((other) => other.split(' ')[0] === first?.split(' ')[0])).toEqual([]);
  expect([first, ...others].join('\n')).not.toMatch(/YAML\.|[Ii]mplicit|flow map|block|[Cc]ompact/);
});

it('takes a batch as it was made, and numbers that are written otherwise', () => {
  const long = RECIPE.replace('max: 80', 'max: 9007199254740993');
  expect(inspectRecipe(long, new Map(), { foundSound: true }).issues).toEqual([]);
  for (const number of ['1e3', '0x50', '8.0e1', '80.000', '0o17', '.5'])
    expect(mistakes('max: 80', `max: ${number}`)).toEqual([]);
});

it('takes what a loop fills in as a text where a text is needed, and as a number where a number is', () => {
  const { parsed, issues } = inspectRecipe(
    RECIPE.replace("text: 'FLOW?'", "text: '${n}'")
      .replace('max: 80', "max: '${n}'")
      .replace(
        '        name: flow\n',
        "        name: flow\n        forEach: { n: [1, 2] }\n        runIf: { value: '${n}', equals: '${n}' }\n        withinMs: '${n}'\n",
      ),
  );
  expect(issues).toEqual([]);
  expect(parsed?.recipe.phases[1]?.steps).toMatchObject([
    {
      name: 'flow.1',
      text: '1',
      withinMs: 1,
      runIf: { value: '1', equals: '1' },
      measure: [{ limits: { max: 1 } }],
    },
    {
      name: 'flow.2',
      text: '2',
      withinMs: 2,
      runIf: { value: '2', equals: '2' },
      measure: [{ limits: { max: 2 } }],
    },
  ]);
  // A number that is written as one is a mistake as ever, in a loop too.
  expect(
    mistakes("        text: 'FLOW?'", '        text: 5\n        forEach: { n: [1, 2] }').map((one) =>
      one.slice(0, 60),
    ),
  ).toEqual(['19:15 phases.1.steps.0.text: is a text, not 5: write it in q']);
});
