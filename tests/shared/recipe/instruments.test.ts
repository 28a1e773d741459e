import { describe, expect, it } from 'vitest';
import { checkWritten, neededInstruments } from '#shared/recipe/index.ts';

/** The mistakes of a recipe with these phases, as `path: message`. */
function mistakes(...phases: readonly object[]): string[] {
  const written = {
    gongwei: 'recipe/1',
    name: 'lent',
    version: '1.0.0',
    title: { 'zh-CN': '仪器', en: 'Lent' },
    product: 'GWTEST0001',
    serialNumber: { pattern: '.+', example: 'SN1' },
    device: { profile: 'described', identify: [{ text: 'MAC?', expect: '(?<mac>[0-9A-F]{12})' }] },
    phases,
  };
  return checkWritten(written).mistakes.map(({ path, message }) => `${path.join('.')}: ${message.en}`);
}

const on = { verb: 'send', name: 'on', instrument: 'psu', text: 'OUTP ON' };
const volts = {
  verb: 'measure',
  name: 'volts',
  instrument: 'dmm',
  text: 'MEAS:VOLT?',
  measure: [{ name: 'volts', as: 'number', limits: { min: 1 } }],
};

describe('instruments of a recipe', () => {
  it('are lent for a step, or held by phases one after another', () => {
    expect(mistakes({ name: 'a', steps: [on, volts] })).toEqual([]);
    expect(
      mistakes(
        { name: 'a', kind: 'setup', hold: ['psu', 'dmm'], steps: [on] },
        { name: 'b', hold: ['psu', 'dmm'], steps: [volts] },
        { name: 'c', kind: 'teardown', hold: ['psu'], steps: [on] },
      ),
    ).toEqual([]);
  });

  it('are not waited for by a run that holds another', () => {
    expect(mistakes({ name: 'a', hold: ['psu'], steps: [on, volts] })).toEqual([
      expect.stringContaining('phases.0.steps.1.instrument: is not held by this phase (psu)'),
    ]);
    expect(
      mistakes(
        { name: 'a', hold: ['psu'], steps: [on] },
        { name: 'b', hold: ['psu', 'dmm'], steps: [volts] },
      ),
    ).toEqual([expect.stringContaining('phases.1.hold.1: is not held by phase a before')]);
    // Teardown comes after main, wherever it is written.
    expect(
      mistakes(
        { name: 'off', kind: 'teardown', hold: ['psu'], steps: [on] },
        { name: 'a', hold: ['dmm'], steps: [volts] },
      ),
    ).toEqual([]);
    expect(mistakes({ name: 'a', hold: ['psu', 'psu'], steps: [on] })).toEqual([
      'phases.0.hold.1: is used twice',
    ]);
  });

  it('have texts and bytes, with the line end of the station', () => {
    const framed = { verb: 'send', instrument: 'psu', frame: '01' };
    expect(mistakes({ name: 'a', steps: [framed] }).join()).toContain('steps.0.frame: is for the unit');
    const ended = { ...on, end: 'crlf' };
    expect(mistakes({ name: 'a', steps: [ended] }).join()).toContain('steps.0.end: is set at the station');
    const awaited = { verb: 'expect', instrument: 'psu', expect: '^1$' };
    expect(mistakes({ name: 'a', steps: [awaited] }).join()).toContain('write hold: [psu] in the phase');
    const both = { ...volts, value: '1' };
    expect(mistakes({ name: 'a', steps: [both] }).join()).toContain(
      'exactly one of: value; instrument with text',
    );
  });

  it('are named, each once', () => {
    const script = {
      verb: 'script',
      file: 'own.ts',
      with: {},
      sets: [],
      relays: [],
      instruments: ['load', 'psu'],
    };
    const phases = [
      { name: 'a', kind: 'main', onFail: 'stop', hold: ['psu'], steps: [on, script] },
      { name: 'b', kind: 'main', onFail: 'stop', steps: [volts] },
    ] as unknown as Parameters<typeof neededInstruments>[0]['phases'];
    expect(neededInstruments({ phases })).toEqual(['dmm', 'load', 'psu']);
  });
});
