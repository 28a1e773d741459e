import type { FlashChip } from '#shared/domain/flash.ts';
import { createBouffaloProtocol } from './bouffalo/index.ts';
import { createCi130xProtocol } from './ci130x/index.ts';
import type { FlashProtocol } from './flashing/index.ts';
import { createXmodemProtocol } from './xmodem/index.ts';

/** The protocol of each chip; `null` for a chip that this version cannot write yet. */
const PROTOCOLS: Readonly<Record<FlashChip, FlashProtocol | null>> = {
  auto: null,
  esp32: null,
  esp32s2: null,
  esp32s3: null,
  esp32c2: null,
  esp32c3: null,
  esp32c6: null,
  esp32h2: null,
  'su-03t': createXmodemProtocol('US516P6'),
  ci130x: createCi130xProtocol(),
  bl602: createBouffaloProtocol(),
};

export function flashProtocolOf(chip: FlashChip): FlashProtocol | null {
  return PROTOCOLS[chip];
}
