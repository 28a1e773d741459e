import type { DeviceContext } from '../../profiles/profile.ts';

export interface Firmware {
  readonly model: string;
  readonly version: string;
}

const USUAL_MV = 3_300;

/** The answer to a question that the text consoles have in common; `null` for any other line. */
export function aboutUnit(line: string, context: DeviceContext, firmware: Firmware): string | null {
  switch (line) {
    case 'MAC?':
      return `MAC ${context.mac}`;
    case 'VER?':
      return `VER ${firmware.model} ${firmware.version}`;
    case 'SN?':
      return `SN ${context.serialNumber}`;
    case 'VCC?':
      return `VCC ${supplyMv(context)}`;
    default:
      return null;
  }
}

/** The measured supply in millivolts: the value `vcc` of the unit, with noise. */
export function supplyMv({ measure, random }: DeviceContext): number {
  return Math.round(measure('vcc', USUAL_MV)) + random.integer(-6, 6);
}
