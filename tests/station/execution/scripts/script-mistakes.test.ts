import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { SCRIPT_API, scriptMistakes } from '../../../../station/execution/scripts/script-mistakes.ts';

const around = (body: string, parameters = 'device, measure, options, set'): string =>
  `import { defineScript } from 'gongwei/script';\nexport default defineScript(async ({ ${parameters} }) => {\n${body}\n});\n`;
const slips = (code: string, options: string[][] = [['channels']]): string[] =>
  scriptMistakes(code, { sets: ['lot'], options }).map(({ index, text: { en: message } }) => {
    const before = code.slice(0, index).split('\n');
    return `${before.length}:${(before.at(-1)?.length ?? 0) + 1} ${message}`;
  });

it('knows the names that the API for editors describes, and no others', () => {
  const types = readFileSync('resources/script-api/gongwei-script.d.ts', 'utf8');
  for (const [of, names] of Object.entries(SCRIPT_API)) {
    const name = `${of.charAt(0).toUpperCase()}${of.slice(1)}`;
    const shape =
      of === 'unit'
        ? /readonly unit: \{([\s\S]*?)\n {4}\}/.exec(types)
        : new RegExp(String.raw`export interface ${name} \{([\s\S]*?)\n  \}`).exec(types);
    const indent = of === 'unit' ? '      ' : '    ';
    const found = [...(shape?.[1] ?? '').matchAll(/^( +)(?:readonly )?([a-zA-Z]+)(?=[(:])/gm)].flatMap(
      (match) => (match[1] === indent ? [match[2]] : []),
    );
    expect(found.toSorted(), of).toEqual([...names].toSorted());
  }
});

it.each<[string, string, string]>([
  [
    'a call that the device has not',
    around("await device.query('X');"),
    '3:14 device has no query; it has send, expect',
  ],
  [
    'a misspelled call',
    around('await device.reqest("X", { expect: /X/ });'),
    '3:14 device has no reqest; did you mean request?',
  ],
  ['a parameter that is not given', around('', 'device, http'), '2:46 a script has no http; it has device'],
  [
    'Node',
    around('process.exit(1);'),
    '3:1 process is not there: a script has the language and gongwei/script alone',
  ],
  [
    'require',
    "const { defineScript } = require('gongwei/script');\nexport default defineScript(async () => {});",
    '1:26 require is not there',
  ],
  ['the network', around('await fetch("http://mes");'), '3:7 fetch is not there'],
  ['bytes of Node', around('await device.send(Buffer.from("x"));'), '3:19 Buffer is not there'],
  [
    'no import',
    'export default defineScript(async () => {});',
    '1:16 defineScript is not imported: write import',
  ],
  [
    'an option that is not given',
    around('Number(options.chanels);'),
    '3:16 no option chanels is given: write with: { chanels: … }, not channels',
  ],
  [
    'a call that stands alone',
    around('if (1) device.expect(/x/);'),
    '3:8 is not awaited: write await device.expect(…)',
  ],
  [
    'a loop that awaits nothing',
    around('[1].forEach(async (n) => { await device.send("x"); });'),
    '3:5 forEach awaits nothing: write for',
  ],
  [
    'a variable that the step does not name',
    around('await set("lto", 1);'),
    '3:7 sets lto: name it in the step, as sets: [lto]',
  ],
])('names %s', (_what, code, said) => {
  const [first, ...others] = slips(code);
  expect(first?.slice(0, said.length)).toBe(said);
  expect(others).toEqual([]);
});

it.each<[string, string]>([
  [
    'a name in a text, a remark or a pattern',
    around('// process.exit\nawait device.expect(/fetch(x)/);\nmeasure("Buffer", `require ${1}`);'),
  ],
  [
    'a name that the script makes',
    around('const fetch = 1; function process(Buffer) { return Buffer.x + fetch; }'),
  ],
  ['a key and a member', around('const x = { URL: 1, process: 2 }; x.performance;')],
  ['a question whether it is there', around('if (typeof process !== "undefined") throw new Error();')],
  ['a parameter of another name', around('await dut.send("x");', 'device: dut, measure: record')],
  [
    'an option that may be left out',
    around('Number(options.offset ?? 0); if (options.loud) measure("a", 1);'),
  ],
  [
    'a body with one parameter',
    "import { defineScript as d } from 'gongwei/script';\nexport default d(async (s) => { await s.device.send('x'); });",
  ],
  ['a device of its own', around('const device = { query() {} }; device.query();', 'measure')],
  [
    'calls that are awaited otherwise',
    around(
      'const a = device.expect(/a/); await Promise.race([a, device.expect(/b/)]); device.send("x"); void device.read({ count: 1 }); return device.send("y");',
    ),
  ],
  [
    'what is no promise',
    around('[1].forEach((n) => measure("m", n)); measure("a", 1); const { device: other } = { device };'),
  ],
  ['set of a Map', around('new Map().set("x", 1); await set("lot", 2);')],
])('takes %s', (_what, code) => {
  expect(slips(code)).toEqual([]);
});

it('reads a long and hostile script in time that grows with it', () => {
  for (const part of ['let ', 'device.', 'process ', 'options.x ', 'defineScript(', 'set(', '(a,'])
    slips(part.repeat(20_000));
});
