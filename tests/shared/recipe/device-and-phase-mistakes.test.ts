import { describe, expect, it } from 'vitest';
import { ask, DESCRIBED, mistakesIn, type Shape } from './written.ts';

describe('a recipe that every unit would fail', () => {
  it.each<[string, Shape, string]>([
    [
      'no group that says who it is',
      { profile: 'described', identify: [{ text: 'V?', expect: 'V=(?<firmware>\\S+)' }] },
      'device.identify: no request has a group named mac or id',
    ],
    [
      'a group nearly of that name',
      { profile: 'described', identify: [{ text: 'V?', expect: '(?<Mac>\\S+)' }] },
      'device.identify.0.expect: a group named Mac is not used; did you mean mac?',
    ],
    [
      'an arrival that awaits nothing',
      { ...DESCRIBED, arrival: {} },
      'device.arrival: needs expect, hex or both',
    ],
    [
      'two ways to find its relay',
      { ...DESCRIBED, board: { kind: 'numato', channel: 5, firstChannel: 1 } },
      'device.board.firstChannel: has no effect beside channel, which is one relay for all slots',
    ],
    [
      'a payload of another size',
      { ...DESCRIBED, frames: { start: 'AA', payloadBytes: 2 } },
      'frame: has 3 bytes, and device.frames says that payloads have 2',
    ],
    [
      'blanks in a pattern of bytes',
      { ...DESCRIBED, frames: { start: 'AA', length: {} } },
      'expectFrame: " " never matches: bytes are upper-case hex without blanks, as 01A0FF',
    ],
  ])('has a device with %s', (_what, device, message) => {
    const step = { verb: 'request', frame: '01 02 03', expectFrame: '^81 (..)' };
    expect(mistakesIn([step], { device }).join('\n')).toContain(message);
  });

  it.each<[string, Shape[], string]>([
    [
      'a label before the burn',
      [{ name: 'a', steps: [{ verb: 'identify' }, { verb: 'label' }, { verb: 'burn-triple' }] }],
      'phases.0.steps.1.verb: label needs a burn-triple step before it',
    ],
    [
      'a burn before the question',
      [{ name: 'a', steps: [{ verb: 'burn-triple' }, { verb: 'identify' }] }],
      'phases.0.steps.0.verb: burn-triple needs an identify step before it',
    ],
    [
      'a word of a unit that nobody asked',
      [{ name: 'a', steps: [{ verb: 'send', text: '{mac}' }, { verb: 'identify' }] }],
      'phases.0.steps.0.text: {mac} needs an identify step before it',
    ],
    [
      'a variable of teardown in main',
      [
        { name: 'z', kind: 'teardown', steps: [{ verb: 'identify' }, ask({ capture: { t: 1 } })] },
        { name: 'a', steps: [{ verb: 'send', text: '${t}' }] },
      ],
      'text: ${t} is set by no step before this one: request sets it',
    ],
    [
      'more waits in teardown than time',
      [
        {
          name: 'z',
          kind: 'teardown',
          steps: [
            { verb: 'wait', ms: 20_000 },
            { verb: 'wait', ms: 20_000 },
          ],
        },
      ],
      'phases.0.steps.1.ms: with this the waits of teardown take 40000 ms',
    ],
    [
      'more waits than the time of the phase',
      [
        {
          name: 'a',
          timeoutMs: 30,
          steps: [
            { verb: 'wait', ms: 20 },
            { verb: 'wait', ms: 20 },
          ],
        },
      ],
      'phases.0.timeoutMs: 30 ms are over before the waits of this phase, which take 40 ms together',
    ],
    [
      'two phases of a name',
      [
        { name: 'a', steps: [{ verb: 'identify' }] },
        { name: 'a', steps: [{ verb: 'wait', ms: 1 }] },
      ],
      'phases.1.name: is used twice',
    ],
  ])('has phases with %s', (_what, phases, message) => {
    expect(mistakesIn([], { phases, device: { profile: 'at-module' } }).join('\n')).toContain(message);
  });

  it('has a deadline before the wait of the board or of the reset', () => {
    const device = {
      ...DESCRIBED,
      board: { kind: 'numato', settleMs: 2000 },
      reset: { line: 'rts', settleMs: 2000 },
    };
    const steps = [
      { verb: 'power', to: 'cycle', timeoutMs: 1000 },
      { verb: 'power', to: 'off', timeoutMs: 1000 },
      { verb: 'power', to: 'on', settleMs: 900, timeoutMs: 1000 },
      { verb: 'reset', timeoutMs: 1000 },
    ];
    expect(mistakesIn(steps, { device })).toEqual([
      'timeoutMs: 1000 ms are over before offMs and settleMs of device.board (3000 ms): make timeoutMs longer, or offMs and settleMs of device.board shorter',
      'phases.1.steps.1.timeoutMs: 1000 ms are over before settleMs of device.board (2000 ms): make timeoutMs longer, or settleMs of device.board shorter',
      'phases.1.steps.3.timeoutMs: 1000 ms are over before activeMs and settleMs of device.reset (2100 ms): make timeoutMs longer, or activeMs and settleMs of device.reset shorter',
    ]);
  });

  it('accepts a message of arrival with text and bytes', () => {
    const device = { ...DESCRIBED, arrival: { expect: 'A', hex: '41' } };
    expect(mistakesIn([], { device, phases: [{ name: 'a', steps: [{ verb: 'identify' }] }] })).toEqual([]);
  });

  it('accepts long waits of the device without a limit of time', () => {
    const device = {
      ...DESCRIBED,
      board: { kind: 'numato', settleMs: 90_000 },
      reset: { line: 'rts', settleMs: 90_000 },
    };
    expect(mistakesIn([{ verb: 'power', to: 'on' }, { verb: 'reset' }], { device })).toEqual([]);
  });
});
