import type { InstrumentSetting } from '#shared/domain/instrument.ts';
import type { Platform } from '../../core/platform/index.ts';
import { SecretMask } from '../../core/secret-mask/index.ts';
import { InstrumentSession } from './instrument-session.ts';
import type { Instruments } from './instruments.ts';

/** How long the start of the station waits for one instrument that a slot has by then. */
const TURN_MS = 10_000;

/**
 * Sends what is set for giving back to instruments that a killed station did not give back. What fails is written to the log:
 * the next run that needs the instrument has the fault. Faults: the signal's reason.
 */
export async function releaseAll(
  settings: readonly InstrumentSetting[],
  instruments: Instruments,
  { devicePorts: ports, clock, log }: Pick<Platform, 'devicePorts' | 'clock' | 'log'>,
  signal: AbortSignal,
): Promise<void> {
  for (const setting of settings) {
    if (setting.onRelease === null) continue;
    const { name: instrument } = setting;
    try {
      using _turn = await instruments.takeSetting(setting, TURN_MS, signal);
      const surroundings = { ports, clock, mask: new SecretMask() };
      await using session = await InstrumentSession.open(setting, surroundings, true, signal);
      await session.release();
      instruments.setProven(setting, session.isProven);
      log.info('instrument.released', { instrument });
    } catch (error) {
      if (signal.aborted) throw error;
      log.error('instrument.not-released', error, { instrument });
    }
  }
}
