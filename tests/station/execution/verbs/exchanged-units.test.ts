import { expect, it } from 'vitest';
import type { DevicePorts } from '../../../../station/core/platform/index.ts';
import { parsedRecipe } from '../../../kit/recipes.ts';
import { PRODUCT } from '../../../kit/sample-rows.ts';
import { startStation } from '../../../kit/station.ts';
import type { Units } from '../../../kit/units.ts';
import { EspSocket } from '../../devices/protocols/esp/esp-socket.ts';
import { ScriptedEsp } from '../../devices/protocols/esp/scripted-esp.ts';
import { partitionTable } from '../../devices/protocols/nvs/flash-fake.ts';

const IMAGE = Buffer.alloc(9000, 'application ');
const FLASH = `
      - verb: flash
        name: NAME
        chip: esp32c3
        images: [{ from: recipe, file: app.bin, offset: 0x10000 }]`;

function recipeOf(steps: string): ReturnType<typeof parsedRecipe> {
  const text = `gongwei: recipe/1
name: nvs
version: 1.0.0
title: { zh-CN: 测试, en: Test }
product: ${PRODUCT}
serialNumber: { pattern: 'SN\\d{6}', example: SN000001 }
device:
  profile: described
  serial: { baudRate: 115200 }
  identity:
    nvs: { chip: esp32c3, namespace: id, productId: product_id, deviceName: device_name, deviceSecret: device_secret }
phases:
  - name: who
    kind: setup
    steps:${steps}
  - name: burn
    steps: [{ verb: burn-triple }]
`;
  return parsedRecipe(text, { 'app.bin': IMAGE });
}

/** A fixture on slot 1 in which one chip takes the place of another. */
class ExchangedChips implements Units {
  readonly first = new ScriptedEsp();
  readonly second = new ScriptedEsp({ mac: '24587CD00999' });
  readonly socket = new EspSocket(this.first);
  readonly slots = [{ slot: 1, portPath: '/dev/socket' }];
  readonly devicePorts: DevicePorts = { open: () => Promise.resolve(this.socket) };
  readonly platform = { devicePorts: this.devicePorts };

  constructor() {
    for (const { flash } of [this.first, this.second])
      flash.set(partitionTable([[1, 2, 0x9000, 0x6000, 'nvs']]), 0x8000);
  }

  serialOf(): string {
    return 'SN000001';
  }

  chipOf(): string {
    return '24587CD00142';
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}

const IDENTIFY = `
      - { verb: identify }`;

it.each([
  ['between flash and identify', FLASH.replace('NAME', 'flash') + IDENTIFY, 'identify'],
  ['between identify and flash', IDENTIFY + FLASH.replace('NAME', 'flash'), 'flash'],
  ['between two flashes', FLASH.replace('NAME', 'one') + FLASH.replace('NAME', 'two') + IDENTIFY, 'two'],
])('a unit that is exchanged %s gets nothing of the first one', async (_, steps, at) => {
  await using setup = await startStation({
    units: () => Promise.resolve(new ExchangedChips()),
    recipe: recipeOf(steps),
  });
  const { units, station } = setup;
  const before = Buffer.from(units.second.flash);
  station.onRunEvent((_slot, event) => {
    if (event.kind === 'step' && event.step.name === at) units.socket.put(units.second);
  });
  const result = await setup.run(1, 'SN000001');
  expect(result.failure).toMatchObject({
    code: 'identity-conflict',
    step: at,
    details: { because: 'unit-exchanged', chipId: '24587CD00142', found: '24587CD00999' },
  });
  expect(units.second.flash.equals(before)).toBe(true);
  expect(result.deviceName).toBeNull();
});
