import type { FlashChip } from '#shared/domain/flash.ts';
import { createEspProtocol } from './esp/index.ts';
import type { FlashProtocol } from './flashing/index.ts';
import { createXmodemProtocol } from './xmodem/index.ts';

const ESP = createEspProtocol();

/** The protocol of each chip; `null` for a chip that this version cannot write yet. */
const PROTOCOLS: Readonly<Record<FlashChip, FlashProtocol | null>> = {
  auto: ESP,
  esp32: ESP,
  esp32s2: ESP,
  esp32s3: ESP,
  esp32c2: ESP,
  esp32c3: ESP,
  esp32c6: ESP,
  esp32h2: ESP,
  'su-03t': createXmodemProtocol('US516P6'),
  ci130x: null,
  bl602: null,
};

export function flashProtocolOf(chip: FlashChip): FlashProtocol | null {
  return PROTOCOLS[chip];
}
