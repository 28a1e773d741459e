import { describe, expect, it, test } from 'vitest';
import { checkWritten, recipe, type Recipe, stepName, unroll } from '#shared/recipe/index.ts';

type Shape = Record<string, unknown>;

const WORDS = { 'zh-CN': '问', en: 'ask' };

function written(steps: readonly Shape[], more: Shape = {}): Shape {
  return {
    gongwei: 'recipe/1',
    name: 'r',
    version: '1.0.0',
    title: { 'zh-CN': '工艺', en: 'recipe' },
    product: 'CS0SLTKSYA',
    serialNumber: { pattern: '.+', example: 'x' },
    device: { profile: 'at-module' },
    phases: [{ name: 'main', steps }],
    ...more,
  };
}

function issuesOf(steps: readonly Shape[], more: Shape = {}): string[] {
  const { value, issues } = unroll(written(steps, more));
  return [
    ...issues.map(({ path, message }) => `${path.join('.')}: ${message.en}`),
    ...checkWritten(value).mistakes.map(
      ({ path, message }) => `${path.map(String).join('.')}: ${message.en}`,
    ),
  ];
}

function steps(list: readonly Shape[]): Recipe['phases'][number]['steps'] {
  return recipe.parse(unroll(written(list)).value).phases[0]?.steps ?? [];
}

describe('a loop', () => {
  it('is unrolled into its steps with their own names; numbers stay numbers', () => {
    const made = steps([
      { verb: 'wait', ms: '${ms}', forEach: { ms: [10, 20] } },
      { verb: 'send', name: 'ch.${c}', text: 'CH=${c},${on}', forEach: { c: ['a', 'b'], on: [true] } },
    ]);
    expect(made.map(stepName)).toEqual(['wait.10', 'wait.20', 'ch.a', 'ch.b']);
    expect(made).toMatchObject([{ ms: 10 }, { ms: 20 }, { text: 'CH=a,true' }, { text: 'CH=b,true' }]);
  });

  it('makes every combination of its parameters', () => {
    const made = steps([{ verb: 'send', text: '${a}${b}', forEach: { a: [1, 2], b: ['x', 'y'] } }]);
    expect(made.map((step) => (step.verb === 'send' ? step.text : ''))).toEqual(['1x', '1y', '2x', '2y']);
    expect(made.map(stepName)).toEqual(['send.1.x', 'send.1.y', 'send.2.x', 'send.2.y']);
  });

  it('inserts its parameters into the names of variables, too', () => {
    const asked = {
      verb: 'request',
      text: '?',
      expect: '(.)',
      capture: { 'v${c}': 1 },
      forEach: { c: [1, 2] },
    };
    expect(issuesOf([asked, { verb: 'send', text: '${v1} ${v2}' }])).toEqual([]);
    expect(issuesOf([asked, { verb: 'send', text: '${v3}' }]).join()).toContain('${v3} is set by no step');
  });

  it('repeats whole phases as well', () => {
    const phase = { name: 'channel', forEach: { c: [1, 2] }, steps: [{ verb: 'send', text: 'CH${c}' }] };
    const made = recipe.parse(unroll(written([], { phases: [phase] })).value);
    expect(made.phases.map(({ name }) => name)).toEqual(['channel.1', 'channel.2']);
  });

  it('maps a position in it to the position in the file', () => {
    const { origin } = unroll(
      written([{ verb: 'send', text: '${a}', forEach: { a: [1, 2, 3] } }, { verb: 'identify' }]),
    );
    expect(origin(['phases', 0, 'steps', 2, 'text'])).toEqual(['phases', 0, 'steps', 0, 'text']);
    expect(origin(['phases', 0, 'steps', 3])).toEqual(['phases', 0, 'steps', 1]);
    expect(origin(['title', 'en'])).toEqual(['title', 'en']);
  });

  it.each([
    ['no parameter', {}],
    ['no list', { a: 1 }],
    ['an empty list', { a: [] }],
    ['a list of lists', { a: [[1]] }],
    ['a name that is none', { 'a b': [1] }],
    ['more than any recipe has', { a: Array.from({ length: 3000 }, (_, n) => n) }],
  ])('with %s is refused at its place', (_what, forEach) => {
    expect(issuesOf([{ verb: 'send', text: 'x', forEach }]).join()).toContain('phases.0.steps.0.forEach');
  });
});

describe('the semantic check of a recipe', () => {
  const request = {
    verb: 'request',
    text: 'RSSI?',
    expect: String.raw`(?<rssi>-?\d+)`,
    capture: { rssi: 'rssi' },
  };

  it('lets a step read what an earlier one captured', () => {
    expect(issuesOf([request, { verb: 'send', text: 'GOT ${rssi}' }])).toEqual([]);
  });

  it.each<[string, Shape[], string]>([
    [
      'a variable that nothing sets',
      [{ verb: 'send', text: 'x ${rssi}' }],
      'phases.0.steps.0.text: ${rssi} is set by no step before this one',
    ],
    [
      'a variable that is set later',
      [{ verb: 'send', text: '${rssi}' }, request],
      'phases.0.steps.0.text: ${rssi} is set by no step before this one: request sets it, and runs later or is this step',
    ],
    [
      'a name in no table',
      [{ verb: 'send', text: 'EVENT=${event:外星人}' }],
      'phases.0.steps.0.text: ${event:外星人} is in no table',
    ],
    [
      'two things to send',
      [{ verb: 'send', text: 'a', hex: '00' }],
      'phases.0.steps.0: must have exactly one of: text, hex, frame',
    ],
    [
      'nothing to await',
      [{ verb: 'request', text: 'a' }],
      'phases.0.steps.0: must have exactly one of: expect, expectFrame',
    ],
    [
      'frames of a device that has none',
      [{ verb: 'send', frame: '01' }],
      'phases.0.steps.0.verb: device.frames does not describe the frames',
    ],
    [
      'a reset of a device that has none',
      [{ verb: 'reset' }],
      'phases.0.steps.0.verb: needs device.reset, which says how the unit is reset',
    ],
    [
      'a file elsewhere',
      [{ verb: 'script', file: '../x.ts' }],
      'phases.0.steps.0.file: must be a file in the folder of the recipe',
    ],
    [
      'a condition that says nothing',
      [{ verb: 'identify', runIf: { value: 'x' } }],
      'phases.0.steps.0.runIf: has no condition for the value: give equals, not, pattern, min or max',
    ],
    [
      'marginal outside of the limits',
      [
        {
          verb: 'measure',
          value: '1',
          measure: [{ name: 'v', as: 'number', limits: { min: 1, max: 2, marginal: { min: 0.5 } } }],
        },
      ],
      'phases.0.steps.0.measure.0.limits.marginal: lies outside of the limits themselves',
    ],
  ])('refuses %s', (_what, list, issue) => {
    expect(issuesOf(list)).toContain(issue);
  });

  it('reports a ProductId that no AT module can store, if a triple is burned', () => {
    const aliyun = { product: 'a1B2c3D4e5F' };
    expect(issuesOf([{ verb: 'identify' }, { verb: 'burn-triple' }], aliyun)).toEqual([
      'product: has 11 characters, and an AT module takes a ProductId of 10',
    ]);
    expect(issuesOf([{ verb: 'identify' }], aliyun)).toEqual([]);
  });

  it('requires identify for a described device', () => {
    expect(issuesOf([{ verb: 'identify' }], { device: { profile: 'described' } })).toEqual([
      'device.identify: a described device needs requests that identify it',
    ]);
    const identify = [{ text: 'MAC?', expect: '(?<mac>.+)' }];
    expect(issuesOf([{ verb: 'burn-triple' }], { device: { profile: 'described', identify } })).toEqual([
      'phases.0.steps.0.verb: needs device.identity, which says how the unit takes its identity',
    ]);
  });
});

test('every verb can be written', () => {
  const board = { kind: 'numato' };
  const device = {
    profile: 'at-module',
    board,
    reset: { line: 'rts' },
    frames: { start: 'AA 55', length: { bytes: 1 }, checksum: { kind: 'sum8' }, end: '55 AA' },
  };
  const measure = [{ name: 'v', as: 'number', group: 1 }];
  const list: Shape[] = [
    { verb: 'identify' },
    { verb: 'burn-triple' },
    { verb: 'send', hex: '01 {macTail}' },
    { verb: 'expect', expectFrame: '^01(..)', capture: { level: 1 } },
    { verb: 'request', frame: '02 ${level}', expectFrame: '^82' },
    { verb: 'at-command', send: 'AT', measure: [] },
    { verb: 'wait', ms: 1 },
    { verb: 'measure', value: '${level}', measure },
    { verb: 'set-lines', dtr: true, rts: false },
    { verb: 'reset' },
    { verb: 'power', to: 'cycle' },
    { verb: 'read-pin', pin: 3, measure: { name: 'led', limits: { equals: 1 } } },
    { verb: 'prompt', kind: 'pass-fail', ask: WORDS },
    { verb: 'prompt', kind: 'confirm', ask: WORDS },
    { verb: 'prompt', kind: 'text', ask: WORDS, pattern: '^A', capture: 'lot' },
    { verb: 'prompt', kind: 'number', ask: WORDS, unit: 'V', limits: { min: 3 } },
    {
      verb: 'prompt',
      kind: 'choice',
      ask: WORDS,
      choices: [
        { value: 'red', title: WORDS },
        { value: 'green', title: WORDS },
      ],
    },
    { verb: 'scan-label', equals: '{serialNumber} ${lot}' },
    { verb: 'prove-online' },
    { verb: 'property-reported', property: 'battery_percentage', limits: { min: 20 } },
    { verb: 'control-property', set: { power_switch: 1 } },
    {
      verb: 'call-action',
      action: 'unlock_remote',
      measure: [{ name: 'result', as: 'number', limits: { equals: 1 } }],
    },
    { verb: 'thing-model', model: 'lock.json' },
    { verb: 'temporary-password', capture: 'code' },
    { verb: 'send', text: 'PWD ${code} ${notice:低电量告警} ${unlock:指纹开门} ${xp2p:XP2P_ERR_TIMEOUT}' },
    { verb: 'ble-advertises' },
    { verb: 'ble-services', services: [{ service: '180F' }] },
    {
      verb: 'ble-request',
      service: 'FFF0',
      write: 'FFF1',
      send: '01',
      notify: 'FFF2',
      expect: '^(..)',
      capture: { c: 1 },
    },
    { verb: 'ble-read', service: '180F', characteristic: '2A19', as: 'uint8' },
    { verb: 'ampe', action: 'getDeviceInfo', expect: { 'data.sn': '.' }, capture: { sn: 'data.sn' } },
    { verb: 'script', file: 'own.ts', with: { sn: '${sn}' }, sets: ['done'] },
    {
      verb: 'label',
      runIf: { value: '${done}', equals: 'yes' },
      onFail: 'continue',
      retries: 1,
      retryDelayMs: 5,
    },
    { verb: 'log-out' },
  ];
  expect(issuesOf(list, { device })).toEqual([]);
});
