import { describe, expect, it } from 'vitest';
import { checkWritten } from '#shared/recipe/index.ts';

const code = { verb: 'wifi-code', network: 'line', withinMs: 60_000 };
const burn = [{ verb: 'identify' }, { verb: 'burn-triple' }];

/** The mistakes of a recipe with these phases about the release of its unit. */
function mistakes(...phases: readonly object[]): string[] {
  const written = {
    gongwei: 'recipe/1',
    name: 'bound',
    version: '1.0.0',
    title: { 'zh-CN': '配网', en: 'Bound' },
    product: 'GWTEST0001',
    serialNumber: { pattern: '.+', example: 'SN1' },
    device: { profile: 'at-module' },
    phases,
  };
  return checkWritten(written)
    .mistakes.map(({ path, message }) => `${path.join('.')}: ${message.en}`)
    .filter((text) => text.includes('unbind'));
}

describe('a recipe that provisions its unit', () => {
  it('must release it afterwards, in whatever phase', () => {
    const main = { name: 'main', steps: [...burn, code] };
    expect(mistakes(main)).toEqual([
      'phases.0.steps.2.verb: wifi-code binds the unit: an unbind step must follow, best in the teardown',
    ]);
    expect(mistakes({ name: 'main', steps: [...burn, { verb: 'unbind' }, code] })).toHaveLength(1);
    expect(mistakes({ name: 'main', steps: [...burn, code, { verb: 'unbind' }] })).toEqual([]);
    // Teardown comes last, wherever it is written.
    expect(mistakes({ name: 'end', kind: 'teardown', steps: [{ verb: 'unbind' }] }, main)).toEqual([]);
    expect(mistakes({ name: 'main', steps: burn })).toEqual([]);
  });
});
