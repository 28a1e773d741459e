import { describe, expect, it } from 'vitest';
import { ask, mistakesIn, value, WORDS } from './written.ts';

describe('a recipe that every unit would fail', () => {
  it.each<[string, unknown[], string]>([
    [
      'a group that is not there',
      [ask({ capture: { v: 2 } })],
      'capture.v: the pattern of expect has no group 2: it has 1',
    ],
    [
      'a group of another name',
      [ask({ expect: '(?<volts>\\d+)', measure: [{ name: 'v', group: 'volt' }] })],
      'measure.0.group: the pattern of expect has no group volt; did you mean volts?',
    ],
    [
      'a number in quotes',
      [ask({ capture: { v: '1' } })],
      'capture.v: the pattern of expect has no group 1: write the number without quotes, 1',
    ],
    [
      'no group at all',
      [ask({ expect: 'V=\\d+', capture: { v: 1 } })],
      'capture.v: the pattern of expect has no group 1: put ( ) around what is wanted',
    ],
    [
      'a group of a curve',
      [ask({ measure: [{ name: 'v', group: 1, at: [{ name: 'f', group: 3 }] }] })],
      'measure.0.at.0.group: the pattern of expect has no group 3: it has 1',
    ],
    [
      'a whole match for a number',
      [ask({ measure: [{ name: 'v', as: 'number' }] })],
      'measure.0: is not a number: without group the value is the whole match, "V" included; say which group, as group: 1',
    ],
    [
      'a unit in the group',
      [ask({ expect: '(\\d+ mV)', measure: [{ name: 'v', group: 1, as: 'number' }] })],
      'measure.0.group: is not a number: "m" is always in group 1',
    ],
    [
      'a unit in the value',
      [{ verb: 'measure', value: '3 V', measure: [{ name: 'v', as: 'number' }] }],
      'measure.0.as: is not a number: "V" is always in value',
    ],
    [
      'a line end in the pattern',
      [ask({ expect: '^V=(\\d+)\\r$' })],
      "expect: \\r never matches: every line ends with \\n here, and $ is a line's end",
    ],
    [
      'a pattern in slashes',
      [ask({ expect: '/^V=(\\d+)$/i' })],
      'expect: never matches: it is written without slashes, and without the flags i, as ^V=(\\d+)$',
    ],
    [
      'a condition in slashes',
      [ask({ capture: { v: 1 } }), ask({ name: 'b', runIf: { value: '${v}', pattern: '/^3/' } })],
      'phases.1.steps.1.runIf.pattern: never matches: it is written without slashes, as ^3',
    ],
    [
      'the beginning of a line within one',
      [ask({ expect: 'V=^(\\d+)' })],
      'expect: never matches: ^ is the beginning of a line, and "=" is before it',
    ],
    [
      'a dollar for itself',
      [ask({ expect: '^COST $(\\d+)'.replace('(\\d+)', '5'), measure: [] })],
      'expect: never matches: $ is the end of a line, and "5" is after it; to match a literal $, write \\$',
    ],
    ['a scale of zero', [value({ as: 'number', scale: 0 })], 'measure.0.scale: makes 0 of every value'],
    [
      'a captured value times zero',
      [ask({ capture: { v: { group: 1, as: 'number', scale: 0 } } })],
      'capture.v.scale: makes 0 of every value',
    ],
    [
      'relative limits the wrong way round',
      [
        ask({ capture: { v: 1 } }),
        {
          verb: 'measure',
          value: '${v}',
          measure: [{ name: 'm', as: 'number', limits: { min: '${v} + 2', max: '${v} - 1' } }],
        },
      ],
      'phases.1.steps.1.measure.0.limits: min is above max, for every value of ${v}',
    ],
    [
      'relative limits that leave no number',
      [
        ask({ capture: { v: 1 } }),
        {
          verb: 'measure',
          value: '${v}',
          measure: [{ name: 'm', as: 'number', limits: { above: '${v}', max: '${v}' } }],
        },
      ],
      'phases.1.steps.1.measure.0.limits: no number is within them, for every value of ${v}: above and max do not include it',
    ],
    [
      'number limits on a text',
      [ask({ measure: [{ name: 'v', group: 1, limits: { min: 3 } }] })],
      'measure.0.limits.min: min is a limit of a number, and the value is a text: write as: number beside it',
    ],
    [
      'number limits on a name',
      [value({ as: 'event', limits: { max: 3 } })],
      'measure.0.limits.max: max is a limit of a number, and the value is a name of a table',
    ],
    [
      'a number that a text never is',
      [value({ limits: { equals: 5 } })],
      "measure.0.limits.equals: the value is a text and never 5: write equals: '5', or as: number beside it",
    ],
    [
      'a text that a number never is',
      [value({ as: 'number', limits: { equals: '5' } })],
      'measure.0.limits.equals: the value is a number and never the text "5": write equals: 5',
    ],
    [
      'truth that a number never is',
      [value({ as: 'number', limits: { equals: true } })],
      'measure.0.limits.equals: the value is a number and never true',
    ],
    [
      'limits that cross',
      [value({ as: 'number', limits: { min: 5, max: 4 } })],
      'measure.0.limits: min is above max',
    ],
    [
      'limits that leave nothing',
      [value({ as: 'number', limits: { above: 5, max: 5 } })],
      'measure.0.limits: no number is within them: 5 itself is not included',
    ],
    [
      'a value outside of its limits',
      [value({ as: 'number', limits: { equals: 5, max: 4 } })],
      'measure.0.limits.equals: 5 is outside of the other limits',
    ],
    [
      'a value that is not its pattern',
      [value({ limits: { equals: 'on', pattern: '^ON$' } })],
      'measure.0.limits.equals: "on" does not match the pattern beside it',
    ],
    [
      'empty limits',
      [value({ limits: {} })],
      'measure.0.limits: has no limit in it: write one, or leave limits out',
    ],
    [
      'marginal outside of the limits',
      [value({ as: 'number', limits: { min: 1, marginal: { min: 0 } } })],
      'measure.0.limits.marginal: lies outside of the limits themselves',
    ],
    [
      'two steps of a name',
      [
        { verb: 'wait', name: 'a', ms: 1 },
        { verb: 'wait', name: 'a', ms: 2 },
      ],
      'phases.1.steps.1.name: two steps of this phase are called a: give each a name of its own',
    ],
    [
      'two measurements of a name',
      [value({}), { verb: 'measure', name: 'm', value: '1', measure: [{ name: 'v' }, { name: 'v' }] }],
      'phases.1.steps.1.measure.1.name: two measurements of this step are called v',
    ],
    [
      'a right answer that nobody can give',
      [
        {
          verb: 'prompt',
          kind: 'choice',
          ask: WORDS,
          choices: [
            { value: 'red', title: WORDS },
            { value: 'green', title: WORDS },
          ],
          pass: ['gren'],
        },
      ],
      'pass.0: gren is not a choice of this step (red, green); did you mean green?',
    ],
    [
      'a variable of nobody',
      [{ verb: 'send', text: '${temp}' }],
      'text: ${temp} is set by no step before this one',
    ],
    [
      'a misspelled variable',
      [ask({ capture: { temp: 1 } }), { verb: 'send', text: '${tmep}' }],
      'phases.1.steps.1.text: ${tmep} is set by no step before this one; did you mean ${temp}?',
    ],
    [
      'a variable of a later step',
      [{ verb: 'send', text: '${temp}' }, ask({ capture: { temp: 1 } })],
      'text: ${temp} is set by no step before this one: request sets it, and runs later',
    ],
    [
      'a limit of a variable of nobody',
      [value({ as: 'number', limits: { max: '${temp} + 5' } })],
      'measure.0.limits.max: ${temp} is set by no step before this one',
    ],
    [
      'a word as a variable',
      [{ verb: 'send', text: '${mac}' }],
      'text: ${mac} is set by no step before this one; did you mean {mac}?',
    ],
    [
      'a variable as a word',
      [ask({ capture: { temp: 1 } }), { verb: 'send', text: 'T={temp}' }],
      'phases.1.steps.1.text: {temp} stays as it is; a variable is written ${temp}',
    ],
    [
      'a misspelled word',
      [{ verb: 'send', text: '{serialnumbr}' }],
      'text: {serialnumbr} is unknown; did you mean {serialNumber}?',
    ],
    ['a brace left open', [{ verb: 'send', text: 'T=${temp' }], 'text: ${ is not closed: write ${name}'],
    [
      'a name in no table',
      [{ verb: 'send', text: '${event:外星人}' }],
      'text: ${event:外星人} is in no table',
    ],
    [
      'a name in a title',
      [{ verb: 'wait', ms: 1, title: { 'zh-CN': '${x}', en: 'x' } }],
      'title.zh-CN: names are not filled in here, so ${x} stays as it is',
    ],
    [
      'a condition without a variable',
      [ask({ capture: { model: 1 } }), { verb: 'wait', ms: 1, runIf: { value: 'model', equals: 'B' } }],
      'phases.1.steps.1.runIf.value: is always "model", for every unit: write a variable, as ${name}; did you mean ${model}?',
    ],
    [
      'a condition that contradicts itself',
      [ask({ capture: { n: 1 } }), { verb: 'wait', ms: 1, runIf: { value: '${n}', min: 5, max: 4 } }],
      'phases.1.steps.1.runIf.min: is above max',
    ],
    [
      'a condition of an answer that nobody can give',
      [
        {
          verb: 'prompt',
          kind: 'choice',
          name: 'lamp',
          ask: WORDS,
          capture: 'c',
          choices: [
            { value: 'red', title: WORDS },
            { value: 'green', title: WORDS },
          ],
        },
        { verb: 'wait', ms: 1, runIf: { value: '${c}', equals: 'blue' } },
      ],
      'phases.1.steps.1.runIf.equals: "blue" is not a choice of lamp (red, green)',
    ],
    [
      'a deadline before its wait',
      [ask({ timeoutMs: 1000, withinMs: 2000 })],
      'timeoutMs: 1000 ms are over before withinMs (2000 ms): make timeoutMs longer, or withinMs shorter',
    ],
    [
      'a pause of a relay that does not cycle',
      [{ verb: 'power', to: 'on', offMs: 300 }],
      'offMs: has no effect with to: on; it is the pause of to: cycle',
    ],
    [
      'a label of nobody',
      [{ verb: 'label' }],
      'verb: a device of profile described has no identity to print: leave the step out',
    ],
    [
      'a label to compare with nobody',
      [{ verb: 'scan-label' }],
      "verb: a device of profile described has no identity to compare: write equals: '{serialNumber}'",
    ],
    [
      'a model that nobody says',
      [{ verb: 'identify', name: 'again', model: 'X' }],
      'model: no request of device.identify has a group named model',
    ],
    [
      'a burn of what takes none',
      [{ verb: 'burn-triple' }],
      'verb: needs device.identity, which says how the unit takes its identity',
    ],
    [
      'a variable of text that is multiplied',
      [{ verb: 'request', text: 'V?', expect: 'V=(\\d+)', capture: { v: { group: 1, scale: 0.1 } } }],
      'capture.v.scale: multiplies a number, and the value is a text: write as: number beside it',
    ],
    [
      'a percentage of nothing',
      [
        {
          verb: 'prompt',
          kind: 'number',
          ask: { 'zh-CN': '?', en: '?' },
          limits: { within: { of: 0, percent: 5 } },
        },
      ],
      'limits.within: every percentage of 0 is 0: write min and max',
    ],
    [
      'a mark on every value that passes',
      [
        {
          verb: 'prompt',
          kind: 'number',
          ask: { 'zh-CN': '?', en: '?' },
          limits: { min: 3, max: 5, marginal: { min: 6 } },
        },
      ],
      'limits.marginal: marks every value that passes',
    ],
    [
      'a line end in letters',
      [{ verb: 'send', text: 'LED=1\\r\\n' }],
      'text: \\r\\n is sent as these characters: leave it out, the line end is added',
    ],
    [
      'a byte in letters',
      [{ verb: 'request', text: '\\x1bV', expect: 'V' }],
      "text: \\x1b is sent as these characters: write bytes in hex, as hex: '1B'",
    ],
    [
      'a lost relay',
      [{ verb: 'power', to: 'on' }],
      'verb: needs device.board, the relay board of the fixture',
    ],
    ['a reset by nothing', [{ verb: 'reset' }], 'verb: needs device.reset, which says how the unit is reset'],
  ])('has %s', (_what, steps, message) => {
    expect(mistakesIn(steps).join('\n')).toContain(message);
  });
});
