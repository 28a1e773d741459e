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

it('starts from a valid recipe', () => expect(inspectRecipe(RECIPE).issues).toEqual([]));

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
    /^17:9 phases\.1\.steps: must be a list, not an object$/,
  ],
  [
    'a quote that is not closed',
    "text: 'FLOW?'",
    "text: 'FLOW?",
    /^19:15 the quote that is opened here is not closed$/,
  ],
  [
    'a bracket that is not closed',
    'limits: { max: 80 } }]',
    'limits: { max: 80 } ]',
    /^21:75 a \{ or \[ is not closed before here/,
  ],
  ['a second document', 'phases:\n', '---\nphases:\n', /^11:1 a recipe is one document/],
  [
    'a text that begins with a sign',
    "text: 'FLOW?'",
    'text: @FLOW',
    /^19:15 put quotes around a text that begins with a sign such as @/,
  ],
  [
    'a version that is a number',
    "version: '3'",
    'version: 1.10',
    /^3:10 version: must be a text, not 1\.10: write it in quotes, as '1\.10'$/,
  ],
  [
    'a text that is a number',
    "text: 'FLOW?'",
    'text: 00123',
    /^19:15 phases\.1\.steps\.0\.text: must be a text, not 00123: .* '00123'$/,
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

/** One step in place of the pump's; the place and the words of the only mistake. */
it.each<[string, string, RegExp]>([
  ['{ verb: send, text: LED {mac}, name: led }', '17:33', /^put quotes around a text with \{ /],
  [
    "{ verb: prompt, kind: confirm, ask: { zh-CN: 放 ${g} 克, en: 'Go' } }",
    '17:57',
    /^put quotes around a text with/,
  ],
  [String.raw`{ verb: request, text: A, expect: ^A=(\d{2})$ }`, '17:49', /^put quotes around a text with/],
  ['{ verb: request, text: A, expect: ^A=([0-9]+)$ }', '17:47', /^put quotes around a text with/],
  ['{ verb: send, text: {mac} }', '17:29', /^put quotes around a text that begins with \{, as '\{mac\}'$/],
  ['verb: send\n        text: {mac} on', '18:21', /put quotes around a text that begins with \{ or \[/],
  ['{ verb: send, text: LED } }', '17:35', /^"\}" closes nothing/],
  ['{ verb: send, text: 1,2 }', '17:31', /^put quotes around a text with a comma in it/],
  ['{ verb: send, text:LED }', '17:23', /^a blank is missing behind the colon$/],
  ['{ verb： send, text: LED }', '17:11', /^the colon is ":", not "："/],
  ['{ verb: send， text: LED }', '17:17', /^a comma is missing .* not "，"/],
  ['{ verb: send; text: LED }', '17:17', /^a comma is missing/],
  ['{ verb: send, text: “LED” }', '17:29', /^quotes are ' or ", not those of a text processor/],
  ["verb: send\n        text: 'it's'", '18:19', /written twice, as 'it''s'$/],
  ["verb: send\n        text: 'LED", '18:15', /^the quote that is opened here is not closed$/],
  ['verb: send\n        text: *IDN?', '18:15', /put quotes around a text that begins with \*, as '\*IDN\?'/],
  ['verb: send\n        text: &LED', '18:15', /^put quotes around a text that begins with &$/],
  ['verb: send\n        text: !LED', '18:15', /^put quotes around a text that begins with !$/],
  ['verb: send\n        text: #LED', '18:15', /^put quotes around a text that begins with #$/],
  ['verb: send\n        text: |LED', '18:16', /^put quotes around a text that begins with \| or >$/],
  ['verb: send\n        text: > LED', '18:17', /^put quotes around a text that begins with \| or >$/],
  ["verb: send\n        text: > 'LED'", '18:17', /^put quotes around a text that begins with \| or >$/],
  ['verb: send\n          text: LED', '17:15', /^the line below is indented further/],
  ['verb: send\n       text: LED', '18:8', /^is not indented as the lines that it belongs to$/],
  ['send: LED', '17:9', /verb: is missing: write verb: send, /],
  ['Verb: send\n        text: LED', '17:9', /verb: is missing: write verb, not Verb$/],
])('tells the one mistake of %j', (step, place, message) => {
  const at = RECIPE.indexOf('verb: request');
  const { issues } = inspectRecipe(`${RECIPE.slice(0, at)}${step}\n      - { verb: wait, ms: 5 }\n`);
  expect(issues.map(({ line, column }) => `${line}:${column}`)).toEqual([place]);
  expect(issues[0]?.message).toMatch(message);
});

it('reports further mistakes when only a few places cannot be parsed', () => {
  const { issues } = inspectRecipe(
    RECIPE.replace("{ text: 'WHO',", '{ text: *IDN?,')
      .replace("text: 'FLOW?'", String.raw`text: "\d"`)
      .replace('max: 80', 'mx: 80'),
  );
  expect(issues.map(({ line, message }) => `${line} ${message}`)).toEqual([
    expect.stringMatching(/^10 put quotes around a text that begins with \*/),
    expect.stringMatching(/^19 in double quotes a backslash/),
    expect.stringMatching(/^21 .*limits: has no limit in it/),
    expect.stringMatching(/^21 .*limits: mx is unknown here/),
  ]);
});

it.each([
  ["text: 'FLOW?'", 'text: > FLOW?'],
  ["text: 'FLOW?'", "text: 'FLOW'?"],
  ['name: flow\n', 'name flow\n'],
  ['limits: { max: 80 } }]', 'limits: { max: 80 } '],
])('tells what else is wrong beside a line that cannot be read: %j', (right, wrong) => {
  expect(RECIPE).toContain(right);
  const { issues } = inspectRecipe(RECIPE.replace("'WHO', expect", "'WHO', expct").replace(right, wrong));
  expect(issues).toHaveLength(3);
  expect(issues[0]?.message).toBe('device.identify.0: must have exactly one of: expect, expectFrame');
  expect(issues[1]?.message).toBe('device.identify.0: expct is unknown here; did you mean expect?');
});

it('reads a recipe that was accepted before as before', () => {
  const { parsed } = inspectRecipe(RECIPE.replace("text: 'FLOW?'", 'text: !x'), new Map(), {
    acceptedBefore: true,
  });
  expect(parsed?.recipe.phases[1]?.steps).toMatchObject([{ text: '' }]);
});

it('accepts a stored batch, and numbers in other notations', () => {
  const long = RECIPE.replace('max: 80', 'max: 9007199254740993');
  expect(inspectRecipe(long, new Map(), { acceptedBefore: true }).issues).toEqual([]);
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
  expect(mistakes("        text: 'FLOW?'", '        text: 5\n        forEach: { n: [1, 2] }')).toEqual([
    "19:15 phases.1.steps.0.text: must be a text, not 5: write it in quotes, as '5'",
  ]);
});
