/** The simulated device families, by name. */
import { Fault } from '#shared/domain/fault.ts';

import { ampe } from './ampe/index.ts';
import { atModule } from './at-module/index.ts';
import { bl602 } from './bl602/index.ts';
import { bleBulb } from './ble-bulb/index.ts';
import { bleThermometer } from './ble-thermometer/index.ts';
import { blufiUnits } from './blufi/index.ts';
import { camera } from './camera/index.ts';
import { describedConsoles } from './described-console/index.ts';
import { describedFrames } from './described-frames/index.ts';
import { describedGatt } from './described-gatt/index.ts';
import { espModules } from './esp32/index.ts';
import { llsyncUnits } from './llsync/index.ts';
import { pictureLock } from './picture-lock/index.ts';
import type { DeviceProfile } from './profile.ts';
import { xmodem } from './su03t/index.ts';
import { videoLock } from './video-lock/index.ts';
import { ci130x, voiceCi03t } from './voice-ci03t/index.ts';
import { voiceJx12f } from './voice-jx12f/index.ts';
import { voiceSu63t } from './voice-su63t/index.ts';

export { DIALECT_CHOICES } from './profile.ts';
export type {
  ControlLines,
  Device,
  DeviceContext,
  DeviceProfile,
  DialectChoice,
  Stimulus,
} from './profile.ts';
export { STIMULI } from './stimulus.ts';
export type { StimulusKind } from './stimulus.ts';

const PROFILES: readonly DeviceProfile[] = [
  atModule,
  camera,
  pictureLock,
  videoLock,
  voiceSu63t,
  voiceCi03t,
  ci130x,
  xmodem,
  bl602,
  voiceJx12f,
  bleBulb,
  bleThermometer,
  ampe,
  ...describedConsoles,
  describedFrames,
  describedGatt,
  ...llsyncUnits,
  ...blufiUnits,
  ...espModules,
];

export const PROFILE_NAMES: readonly string[] = PROFILES.map((profile) => profile.name);

/** Faults: `not-found`. */
export function profileNamed(name: string): DeviceProfile {
  const profile = PROFILES.find((candidate) => candidate.name === name);
  if (profile !== undefined) return profile;
  throw new Fault('not-found', `there is no simulated device called ${JSON.stringify(name)}`, {
    hint: `choose one of: ${PROFILE_NAMES.join(', ')}`,
  });
}
