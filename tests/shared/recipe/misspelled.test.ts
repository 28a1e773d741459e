import { unroll } from '#shared/recipe/index.ts';
import { describe, expect, it } from 'vitest';
import { ask, mistakesIn, type Shape, value, WORDS, written } from './written.ts';

describe('a step that is misspelled', () => {
  it.each<[string, unknown, string]>([
    ['a verb', { verb: 'requst' }, 'verb: is not the text "requst"; did you mean request?'],
    ['no verb', {}, 'verb: is missing (one of flash, run-tool, identify,'],
    [
      'a key',
      { verb: 'wait', ms: 1, timeoutMS: 5 },
      '[timeoutMS]: timeoutMS is unknown here; did you mean timeoutMs?',
    ],
    [
      'a key of another place',
      ask({ limits: { min: 1 } }),
      '[limits]: limits is unknown here; it belongs under measure',
    ],
    [
      'a key of nobody',
      { verb: 'wait', ms: 1, colour: 1 },
      '[colour]: colour is unknown here; known are forEach, ms, name,',
    ],
    ['a text for a number', { verb: 'wait', ms: 'soon' }, 'ms: must be a number, not the text "soon"'],
    [
      'a number for a text',
      { verb: 'send', text: 5 },
      "text: must be a text, not 5: write it in quotes, as '5'",
    ],
    [
      'a loop',
      { verb: 'wait', ms: 1, foreach: {} },
      '[foreach]: foreach is unknown here; did you mean forEach?',
    ],
    ['a part of a number', { verb: 'wait', ms: 1.5 }, 'ms: must be a whole number, not 1.5'],
    ['a number left out', { verb: 'wait' }, 'ms: is missing (a number)'],
    ['a number too small', { verb: 'wait', ms: 0 }, 'ms: must be at least 1, not 0'],
    [
      'a parameter of no loop',
      { verb: 'wait', ms: '${ms}' },
      'ms: must be a number, and ${ms} is not a parameter of a forEach here',
    ],
    [
      'a kind',
      { verb: 'prompt', kind: 'confrim', ask: WORDS },
      'kind: is not the text "confrim"; did you mean confirm?',
    ],
    ['one language', { verb: 'prompt', kind: 'confirm', ask: { en: 'x' } }, 'ask.zh-CN: is missing (a text)'],
    ['a list that is none', ask({ measure: { name: 'v' } }), 'measure: must be a list, not an object'],
    ['what is no step', 'identify', 'phases.1.steps.0: must be an object with keys, not the text "identify"'],
    ['a pattern', ask({ expect: 'V=(' }), 'expect: is not a regular expression (Unterminated group)'],
    [
      'a value of a capture',
      ask({ capture: { v: { group: 1, as: 'numbr' } } }),
      'capture.v.as: is not the text "numbr"; did you mean number?',
    ],
  ])('in %s is told what is right', (_what, step, message) => {
    expect(
      mistakesIn([step])
        .map((one) => one || 'phases.1.steps.0')
        .join('\n'),
    ).toContain(message.replace('phases.1.steps.0', ''));
  });
});

describe('a valid recipe', () => {
  it.each<[string, unknown[]]>([
    [
      'steps of one verb without names',
      [
        { verb: 'wait', ms: 1 },
        { verb: 'wait', ms: 2 },
      ],
    ],
    ["the unit's own braces", [{ verb: 'send', text: '{"max":1,"cmd":"{x}"}' }]],
    ['a deadline shorter than a wait that nobody wrote', [ask({ timeoutMs: 1000 })]],
    [
      'text equal to a variable as a number',
      [ask({ capture: { n: 1 } }), value({ as: 'number', limits: { equals: '${n}', max: '${n} + 1' } })],
    ],
    [
      'a number of a whole match',
      [ask({ expect: '-?\\d+\\.\\d+', measure: [{ name: 'v', as: 'number', limits: { min: 1 } }] })],
    ],
    [
      'a choice of words for a text',
      [ask({ expect: '(on|off)', measure: [{ name: 'v', group: 1, limits: { pattern: '^on$' } }] })],
    ],
    [
      'a condition of a variable',
      [
        ask({ capture: { model: 1 } }),
        { verb: 'wait', ms: 1, runIf: { value: '${model}', not: 'B', pattern: '{macTail}' } },
      ],
    ],
  ])('has %s', (_what, steps) => {
    expect(mistakesIn(steps)).toEqual([]);
  });

  it('hides no mistake after a misspelled key of the device, or after an invalid limit', () => {
    const device = {
      profile: 'descibed',
      serial: { baudrate: 9600 },
      identify: [{ text: 'MAC?', expect: '^(?<Mac>.*)$' }],
      frames: { start: 'AA', length: {}, checksum: { kind: 'crc16-modbs' }, colour: 'red' },
    };
    const measure = [{ name: 'v', group: 'w', as: 'number', limits: { max: '3 V' } }];
    const steps = [ask({ expect: '^V=(?<v>\\d+)$', measure }), { verb: 'send', frame: '01' }];
    expect(mistakesIn(steps, { device })).toEqual([
      expect.stringMatching(/^device\.profile: .* did you mean described\?$/),
      expect.stringMatching(/^device\.serial\[baudrate\]: /),
      expect.stringMatching(/^device\.frames\.checksum\.kind: .* did you mean crc16-modbus\?$/),
      expect.stringMatching(/^device\.frames\[colour\]: /),
      expect.stringMatching(/^measure\.0\.limits\.max: must be a number, /),
      expect.stringMatching(/^device\.identify\.0\.expect: a group named Mac is not used/),
      expect.stringMatching(/^device\.identify: no request has a group named mac or id/),
      expect.stringMatching(/^measure\.0\.group: the pattern of expect has no group w/),
    ]);
  });

  it('treats a misspelled kind of phase as the intended one', () => {
    const phases = [
      { name: 'work', steps: [{ verb: 'send', text: '${v}' }] },
      { name: 'who', kind: 'setpu', steps: [{ verb: 'identify' }, ask({ capture: { v: 1 } })] },
    ];
    expect(mistakesIn([], { phases })).toEqual([
      'phases.1.kind: is not the text "setpu"; did you mean setup?',
    ]);
  });

  it('gives a second unnamed step of a verb a unique name', () => {
    const names = (steps: readonly Shape[]): unknown[] =>
      (unroll(written(steps)).value as { phases: { steps: Shape[] }[] }).phases[1]?.steps.map(
        ({ name, verb }) => name ?? verb,
      ) ?? [];
    expect(
      names([{ verb: 'wait' }, { verb: 'wait' }, { verb: 'wait', name: 'wait.2' }, { verb: 'wait' }]),
    ).toEqual(['wait', 'wait.3', 'wait.2', 'wait.4']);
    const loop = { verb: 'send', text: '${c}', forEach: { c: [1, 2] } };
    expect(names([loop, loop])).toEqual(['send.1', 'send.2', 'send.1.2', 'send.2.2']);
  });
});
