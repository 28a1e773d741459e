import { describe, expect, it } from 'vitest';
import { checkWritten } from '#shared/recipe/index.ts';

const code = { verb: 'wifi-code', network: 'line', withinMs: 60_000 };
const burn = [{ verb: 'identify' }, { verb: 'burn-triple' }];

/** The mistakes of a recipe with these phases about networks and the release of its unit. */
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
    .filter((text) => text.includes('unbind') || text.includes('network'));
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

  it('names a network of the station, never its name on air and its password', () => {
    const wrong = { ...code, network: undefined, ssid: 'GW-LINE', password: 'secret' };
    const [first = '', second = ''] = mistakes({
      name: 'main',
      steps: [...burn, wrong, { verb: 'unbind' }],
    }).filter((text) => text.includes('unknown'));
    for (const text of [first, second])
      expect(text).toContain(
        'is unknown here: write network, with the name of a Wi-Fi network of the station',
      );
  });
});
