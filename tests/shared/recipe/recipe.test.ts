import { describe, expect, it } from 'vitest';
import { checkWritten, recipe, relayOf, serialMatches } from '#shared/recipe/index.ts';

type Shape = Record<string, unknown>;

function sound(changes: Shape = {}): Shape {
  return {
    gongwei: 'recipe/1',
    name: 'r',
    version: '1.0.0',
    title: { 'zh-CN': '工艺', en: 'recipe' },
    product: 'CS0SLTKSYA',
    serialNumber: { pattern: 'SN\\d{6}', example: 'SN000001' },
    device: { profile: 'at-module' },
    phases: [{ name: 'main', steps: [{ verb: 'identify' }] }],
    ...changes,
  };
}

const faultsOf = (changes: Shape): string[] =>
  checkWritten(sound(changes)).mistakes.map(({ path }) => path.join('.'));

describe('a recipe', () => {
  it('has defaults for what an engineer leaves out', () => {
    const made = recipe.parse(sound());
    expect(made.device.serial).toMatchObject({ baudRate: 460_800, parity: 'none', commandTimeoutMs: 10_000 });
    expect(made.phases[0]).toMatchObject({ kind: 'main' });
  });

  it('checks any scanned text, also with a slow pattern, and its own example', () => {
    const made = recipe.parse(
      sound({ serialNumber: { pattern: '([A-Z0-9]+-?)+[0-9]{2}', example: 'AB-CD-12' } }),
    );
    expect(serialMatches(made, `${'A'.repeat(60)}!`)).toBe(false);
    expect(serialMatches(made, `${'A'.repeat(58)}-42`)).toBe(true);
    const example = `${'a'.repeat(60)}!`;
    expect(faultsOf({ serialNumber: { pattern: '(a+)+$', example } })).toEqual(['serialNumber.example']);
  });

  it('powers a slot by the relay of its number, as each kind of board counts', () => {
    const relays = (board: Shape): (number | undefined)[] => {
      const settings = recipe.parse(sound({ device: { profile: 'at-module', board } })).device.board;
      return [1, 4].map((slot) => settings && relayOf(settings, slot));
    };
    expect(relays({ kind: 'lcus' })).toEqual([1, 4]);
    expect(relays({ kind: 'numato' })).toEqual([0, 3]);
    expect(relays({ kind: 'numato', firstChannel: 1 })).toEqual([1, 4]);
    expect(relays({ kind: 'lcus', channel: 7 })).toEqual([7, 7]);
  });

  it.each<[string, Shape, string]>([
    ['an unknown key', { colour: 'red' }, ''],
    ['a title in one language', { title: { en: 'x' } }, 'title.zh-CN'],
    ['no phases', { phases: [] }, 'phases'],
    [
      'relay 0 of an LCUS board',
      { device: { profile: 'at-module', board: { kind: 'lcus', channel: 0 } } },
      'device.board',
    ],
    ['a phase without steps', { phases: [{ name: 'a', steps: [] }] }, 'phases.0.steps'],
    ['an unknown verb', { phases: [{ name: 'a', steps: [{ verb: 'dance' }] }] }, 'phases.0.steps.0.verb'],
    [
      'an unknown key of a step',
      { phases: [{ name: 'a', steps: [{ verb: 'wait', ms: 1, second: 2 }] }] },
      'phases.0.steps.0',
    ],
    ['a pattern that is none', { serialNumber: { pattern: '(', example: 'x' } }, 'serialNumber.pattern'],
    ['an example that is refused', { serialNumber: { pattern: 'A', example: 'B' } }, 'serialNumber.example'],
    ['two phases of one name', { phases: [sound()['phases'], sound()['phases']].flat() }, 'phases.1.name'],
    ['an unknown device', { device: { profile: 'abacus' } }, 'device.profile'],
    ['a product that is none', { product: 'with blank' }, 'product'],
  ])('is refused with %s', (_what, changes, where) => {
    expect(faultsOf(changes)).toContain(where);
  });

  it('matches the whole serial number, whatever its pattern', () => {
    const made = recipe.parse(sound({ serialNumber: { pattern: 'SN\\d{6}|X', example: 'SN000001' } }));
    expect(serialMatches(made, 'SN000001')).toBe(true);
    expect(serialMatches(made, 'X')).toBe(true);
    for (const bad of ['xSN000001', 'SN0000012', 'SN00000', 'XX', '', 'SN000001\n'])
      expect(serialMatches(made, bad)).toBe(false);
  });
});
