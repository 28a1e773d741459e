import { expect, it } from 'vitest';
import { batchNeeds } from '#station';
import { describedRecipe, moduleRecipe, parsedRecipe } from '../../../kit/recipes.ts';

const STEPS = `- { verb: send, instrument: psu, text: 'OUTP ON' }
- { verb: run-tool, command: [esptool, version] }
- { verb: run-tool, command: [openocd] }
- verb: flash
  chip: esp32c3
  images: [{ from: firmware, offset: 0 }]`;

const equipment = (
  missing: readonly (readonly string[])[],
  programs: readonly string[],
  board: boolean,
  portPath = '/dev/ttyUSB0',
) => ({
  slots: {
    state: { slots: missing.map((_, index) => ({ slot: index + 1, portPath })) },
    hasBoard: () => board,
  },
  instruments: { missing: (_names: readonly string[], slot: number) => missing[slot - 1] ?? ['psu'] },
  tools: { all: () => programs.map((name) => ({ name })) },
  networks: { all: () => [{ name: 'line' }] },
  printerSettings: { get: () => null },
  quotas: { of: () => null },
});

it('names what a recipe needs and the station does not have', () => {
  const { recipe } = parsedRecipe(describedRecipe(STEPS));
  expect(batchNeeds(recipe, equipment([], [], false))).toEqual({
    productId: recipe.product,
    firmware: true,
    instruments: ['psu'],
    programs: ['esptool', 'openocd'],
    networks: [],
    board: false,
    printer: false,
    quota: null,
    lines: null,
  });
  // One slot is enough.
  expect(batchNeeds(recipe, equipment([['psu'], []], ['esptool'], false))).toMatchObject({
    instruments: [],
    programs: ['openocd'],
  });
});

it('names the Wi-Fi networks that it does not have', () => {
  const steps = `  - name: online
    steps:
      - { verb: wifi-code, network: line }
      - { verb: provision-softap, network: test-2, accessPoint: ap }
      - { verb: unbind }
`;
  const { recipe } = parsedRecipe(moduleRecipe({ steps }));
  expect(batchNeeds(recipe, equipment([[]], [], false)).networks).toEqual(['ap', 'test-2']);
});

it('a recipe that names its firmware needs none of the batch, and a relay board is looked for', () => {
  const { recipe } = parsedRecipe(describedRecipe(STEPS));
  const named = { ...recipe, firmware: { sha256: 'a'.repeat(64) } };
  const device = { ...recipe.device, board: { kind: 'lcus', relays: {} } } as unknown as typeof recipe.device;
  const needs = (board: boolean) => batchNeeds({ ...named, device }, equipment([[]], [], board));
  expect(needs(false)).toMatchObject({ firmware: false, board: true });
  expect(needs(true)).toMatchObject({ board: false });
});

it.each([
  [STEPS, null],
  // The application was used before.
  [`- { verb: request, name: ask, text: Q, expect: A }\n${STEPS}`, { loader: 'flash', application: 'ask' }],
  // A person, a relay or a program may have led the unit into its boot loader again.
  [
    `- { verb: request, text: Q, expect: A }\n- { verb: prompt, name: again, kind: pass-fail, title: { zh-CN: 重, en: Again }, ask: { zh-CN: 重, en: Again } }\n${STEPS}`,
    null,
  ],
])(
  'names the slots whose port cannot start the boot loader, and the step that needs it again',
  (steps, again) => {
    const { recipe } = parsedRecipe(describedRecipe(steps.replace(/- \{ verb: (send|run-tool).*\n/g, '')));
    const needs = (path: string) => batchNeeds(recipe, equipment([[], []], [], true, path));
    expect(needs('tcp://10.0.0.1:4001').lines).toEqual({ slots: [1, 2], again });
    expect(needs('rfc2217://10.0.0.1:4001').lines).toBeNull();
    expect(needs('/dev/ttyUSB0').lines).toBeNull();
  },
);

it('a recipe without the boot loader of an ESP32 needs no control lines', () => {
  const { recipe } = parsedRecipe(describedRecipe('- { verb: request, text: Q, expect: A }'));
  expect(batchNeeds(recipe, equipment([[]], [], false, 'tcp://10.0.0.1:4001')).lines).toBeNull();
});

it('a recipe that prints labels by itself needs a label printer', () => {
  const needs = (print: string, printer: object | null) => {
    const { recipe } = parsedRecipe(
      moduleRecipe({ steps: `  - name: label\n    steps: [{ verb: label, print: ${print} }]\n` }),
    );
    return batchNeeds(recipe, { ...equipment([[]], [], false), printerSettings: { get: () => printer } });
  };
  expect(['on-pass', 'ask', 'never'].map((print) => needs(print, null).printer)).toEqual([true, true, false]);
  expect(needs('on-pass', { place: 'tcp://127.0.0.1:9100' }).printer).toBe(false);
});
