import { fileURLToPath } from 'node:url';
import { type ParsedRecipe, parseRecipe, readRecipe } from '#station';
import { PRODUCT } from './sample-rows.ts';

const SAMPLES = new URL('../../resources/recipes/', import.meta.url);

/** The text of a recipe for an AT module: the steps of the sample recipe for another product. */
export function moduleRecipe(
  options: { readonly commandTimeoutMs?: number; readonly confirm?: string; readonly steps?: string } = {},
): string {
  return `gongwei: recipe/1
name: test-recipe
version: 1.0.0
title: { zh-CN: 测试, en: Test }
product: ${PRODUCT}
serialNumber: { pattern: 'SN\\d{6}', example: SN000001 }
device:
  profile: at-module
  region: ap-guangzhou
  serial: { baudRate: 115200, commandTimeoutMs: ${options.commandTimeoutMs ?? 5000} }
phases:
  - name: identify
    kind: setup
    steps: [{ verb: identify, firmware: '^QCloud_AT' }, { verb: log-out }]
  - name: burn
    steps: [{ verb: burn-triple }]
${
  options.steps ??
  `  - name: test
    steps:
      - verb: at-command
        name: flash-size
        send: AT+TCMODULE
        expect: '[Ff]lash size\\s*:\\s*(\\d+)\\s*MB'
        measure: [{ name: flash-size, group: 1, as: number, unit: MB, limits: { min: 1, max: 16 } }]
  - name: online
    steps: [{ verb: prove-online, timeoutMs: 20000, confirm: ${options.confirm ?? 'registry'} }]
  - name: label
    steps: [{ verb: label }]
`
}  - name: leave
    kind: teardown
    steps: [{ verb: log-out }]
`;
}

/** The text of a recipe for a device that answers `MAC?`, around the steps of a test. */
export function describedRecipe(
  steps: string,
  more: { readonly device?: string; readonly top?: string } = {},
): string {
  return `gongwei: recipe/1
name: peer
version: 1.0.0
title: { zh-CN: 测试, en: Test }
product: ${PRODUCT}
serialNumber: { pattern: '.+', example: SN1 }
${more.top ?? ''}
device:
  profile: described
  serial: { baudRate: 115200 }
  identify:
    - { text: 'MAC?', end: lf, expect: '(?<mac>[0-9A-F]{12})' }
${more.device ?? ''}
phases:
  - name: who
    kind: setup
    steps: [{ verb: identify }]
  - name: test
    steps:
${indented(steps, 6)}
`;
}

/** The text of a recipe for an AT module with Bluetooth; the steps of a test are its phase `bluetooth`. */
export function bluetoothRecipe(steps: string): string {
  return `gongwei: recipe/1
name: ble-test
version: 1.0.0
title: { zh-CN: 蓝牙, en: Bluetooth }
product: GWTEST0001
serialNumber: { pattern: 'SN\\d{6}', example: SN000001 }
device:
  profile: at-module
  serial: { baudRate: 115200, commandTimeoutMs: 10000 }
phases:
  - name: identify
    kind: setup
    steps: [{ verb: identify }]
  - name: bluetooth
    steps:
${steps}
  - name: last
    steps: [{ verb: wait, ms: 1 }]
`;
}

/** A recipe as it is imported, with the files that it names. */
export function parsedRecipe(
  text: string,
  files: Readonly<Record<string, string | Uint8Array>> = {},
): ParsedRecipe {
  const bytes = Object.entries(files).map(([name, content]) => [name, Buffer.from(content)] as const);
  return parseRecipe(text, 'recipe', new Map(bytes));
}

/** Recipes by file name. To read one takes longer than to open a station. */
const samples = new Map<string, Promise<ParsedRecipe>>();

/** A recipe that is shipped with the product, by its file name in `resources/recipes`. */
export function sampleRecipe(file: string): Promise<ParsedRecipe> {
  const recipe = samples.get(file) ?? readRecipe(fileURLToPath(new URL(file, SAMPLES)));
  samples.set(file, recipe);
  return recipe;
}

function indented(text: string, columns: number): string {
  return text
    .split('\n')
    .map((line) => `${' '.repeat(columns)}${line}`)
    .join('\n');
}

/** A recipe for ESP32-C3 units whose triple is in NVS, up to its phases, which follow from the next line on. */
export const NVS_DEVICE = `gongwei: recipe/1
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
`;
