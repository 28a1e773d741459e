import { describe, expect, it } from 'vitest';
import { findVerb } from '#shared/recipe/verbs/index.ts';
import { device } from '#shared/recipe/index.ts';
import { mistakesIn, type Shape } from './written.ts';

const NVS = {
  namespace: 'identity',
  productId: 'product_id',
  deviceName: 'device_name',
  deviceSecret: 'secret',
};

const found = (nvs: Shape, more: { device?: Shape; identity?: Shape } = {}): string[] =>
  mistakesIn([{ verb: 'burn-triple' }], {
    device: { profile: 'described', ...more.device, identity: { nvs, ...more.identity } },
  });

describe('an identity in the NVS of the flash', () => {
  it('is right without requests that identify the unit, and with them', () => {
    expect(found(NVS)).toEqual([]);
    const identify = [{ text: 'MAC?', expect: '^(?<mac>[0-9A-F]{12})$' }];
    expect(
      found({ ...NVS, chip: 'esp32c3', partition: 'fctry', as: 'blob' }, { device: { identify } }),
    ).toEqual([]);
    expect(found({ ...NVS, region: 'region' }, { device: { region: 'ap-guangzhou' } })).toEqual([]);
  });

  it.each<[string, Shape, { device?: Shape; identity?: Shape }, string]>([
    ['a long key', { ...NVS, deviceSecret: 'device_secret_key' }, {}, '1 to 15 characters'],
    ['one key for two values', { ...NVS, deviceSecret: 'device_name' }, {}, 'a key of its own'],
    ['a chip of another family', { ...NVS, chip: 'bl602' }, {}, 'esp32c3'],
    ['a table between sectors', { ...NVS, tableOffset: 0x8004 }, {}, 'a multiple of 4096'],
    [
      'exchanges beside it',
      NVS,
      { identity: { erase: [{ text: 'CLR', expect: '^OK$' }] } },
      'no prepare, write, read and erase',
    ],
    ['unproven', NVS, { identity: { unproven: true } }, 'leave unproven out'],
    ['a key of a region that is none', { ...NVS, region: 'region' }, {}, 'identity.nvs.region is its key'],
    ['a line with an echo', NVS, { device: { echo: true } }, 'does not work on a line with an echo'],
    ['an AT module', NVS, { device: { profile: 'at-module' } }, 'an AT module has commands'],
  ])('is wrong with %s', (_what, nvs, more, message) => {
    expect(found(nvs, more).join('\n')).toContain(message);
  });

  it('gives the steps the time of their visits to the boot loader', () => {
    const settings = device.parse({ profile: 'described', identity: { nvs: NVS } });
    const step = { verb: 'identify' as const, retries: 0 };
    expect(findVerb('identify')?.deviceMs?.(step as never, settings)).toBe(20_000);
    expect(findVerb('burn-triple')?.deviceMs?.(step as never, settings)).toBe(100_000);
  });
});
