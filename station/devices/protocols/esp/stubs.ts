import type { EspChip } from './chips.ts';

/** A program for the RAM of a chip. */
export interface Stub {
  readonly entry: number;
  readonly parts: readonly { readonly address: number; readonly bytes: Uint8Array }[];
}

interface StubJson {
  readonly entry: number;
  readonly text: string;
  readonly text_start: number;
  readonly data?: string;
  readonly data_start?: number;
}

/**
 * Espressif's flasher stubs (esp-flasher-stub, Apache-2.0 or MIT) from the package esptool-js, which has them as JSON with
 * base64. A bundle contains them; each is read when it is needed.
 */
const STUBS: Readonly<Record<EspChip['name'], () => Promise<{ readonly default: StubJson }>>> = {
  esp32: () => import('esptool-js/lib/targets/stub_flasher/esp32.json', { with: { type: 'json' } }),
  esp32s2: () => import('esptool-js/lib/targets/stub_flasher/esp32s2.json', { with: { type: 'json' } }),
  esp32s3: () => import('esptool-js/lib/targets/stub_flasher/esp32s3.json', { with: { type: 'json' } }),
  esp32c2: () => import('esptool-js/lib/targets/stub_flasher/esp32c2.json', { with: { type: 'json' } }),
  esp32c3: () => import('esptool-js/lib/targets/stub_flasher/esp32c3.json', { with: { type: 'json' } }),
  esp32c6: () => import('esptool-js/lib/targets/stub_flasher/esp32c6.json', { with: { type: 'json' } }),
  esp32h2: () => import('esptool-js/lib/targets/stub_flasher/esp32h2.json', { with: { type: 'json' } }),
};

export async function loadStub(name: EspChip['name']): Promise<Stub> {
  const { default: json } = await STUBS[name]();
  const { entry, text, text_start, data, data_start } = json;
  const parts = [{ address: text_start, bytes: Buffer.from(text, 'base64') }];
  if (data !== undefined && data_start !== undefined)
    parts.push({ address: data_start, bytes: Buffer.from(data, 'base64') });
  return { entry, parts };
}
