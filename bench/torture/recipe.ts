import { describedDevice } from './described-device.ts';
import type { TortureDevice } from './devices.ts';
import { NVS_DEVICE } from './nvs-device.ts';

/** ProductId of all units. */
export const PRODUCT = 'GWTORTURE1';

/** The phases of each recipe. */
export const PHASES = ['identify', 'burn', 'test', 'online', 'label', 'leave'] as const;

const AT_MODULE = {
  device: `  profile: at-module
  region: ap-guangzhou
  serial:
    baudRate: 115200
    commandTimeoutMs: 1500`,
  test: `      - verb: at-command
        name: flash-size
        send: AT+TCMODULE
        expect: '[Ff]lash size\\s*:\\s*(\\d+)\\s*MB'
        measure:
          - { name: flash-size, group: 1, as: number, unit: MB, limits: { min: 1, max: 16 } }`,
} as const;

/** What a recipe has in addition. */
export interface MoreSteps {
  /** Steps at the end of the test, as lines of YAML. */
  readonly test: string;
  /** Keys of the step that labels. */
  readonly label: string;
}

/** A short recipe for units of this kind. It burns, tests, proves by a login and labels. */
export function recipeFor(kind: TortureDevice, more: MoreSteps | null = null): string {
  const { device, test } = partsFor(kind);
  const burn =
    kind === 'at-registration' ? '{ verb: burn-triple, by: registration }' : '{ verb: burn-triple }';
  // A read-back of the name proves nothing of the secret, so that only a login that the registry saw counts.
  const confirm = kind === 'described-name' ? 'registry' : 'registry-if-reachable';
  // The application of an ESP32-C3 has no network.
  const hasLogin = kind !== 'esp32c3';
  const online = hasLogin ? `{ verb: prove-online, timeoutMs: 15000, confirm: ${confirm} }` : PAUSE;
  return `
gongwei: recipe/1
name: torture
version: 1.0.0
title: { zh-CN: 折磨, en: Torture }
product: ${PRODUCT}
serialNumber:
  pattern: 'SN\\d{6}'
  example: SN000001
device:
${device}
phases:
  - name: identify
    kind: setup
    steps:
      - verb: identify
  - name: burn
    steps:
      - ${burn}
  - name: test
    steps:
${more === null ? test : `${test}\n${more.test}`}
  - name: online
    steps:
      - ${online}
  - name: label
    steps:
      - ${more === null ? '{ verb: label }' : `{ verb: label, ${more.label} }`}
  - name: leave
    kind: teardown
    steps:
      - ${hasLogin ? '{ verb: log-out }' : PAUSE}
`;
}

const PAUSE = '{ verb: wait, ms: 1 }';

function partsFor(kind: TortureDevice): { readonly device: string; readonly test: string } {
  if (kind === 'at-module' || kind === 'at-registration') return AT_MODULE;
  return kind === 'esp32c3' ? NVS_DEVICE : describedDevice(kind);
}
