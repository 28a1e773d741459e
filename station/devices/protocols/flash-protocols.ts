import type { FlashChip } from '#shared/domain/flash.ts';
import { createBouffaloProtocol } from './bouffalo/index.ts';
import { createCi130xProtocol } from './ci130x/index.ts';
import { createEspProtocol } from './esp/index.ts';
import type { FlashProtocol } from './flashing/index.ts';
import { createXmodemProtocol } from './xmodem/index.ts';

const ESP = createEspProtocol();

/** The protocol of each chip. */
const PROTOCOLS: Readonly<Record<FlashChip, FlashProtocol>> = {
  auto: ESP,
  esp32: ESP,
  esp32s2: ESP,
  esp32s3: ESP,
  esp32c2: ESP,
  esp32c3: ESP,
  esp32c6: ESP,
  esp32h2: ESP,
  'su-03t': createXmodemProtocol('US516P6'),
  ci130x: createCi130xProtocol(),
  bl602: createBouffaloProtocol(),
};

export function flashProtocolOf(chip: FlashChip): FlashProtocol {
  return PROTOCOLS[chip];
}
