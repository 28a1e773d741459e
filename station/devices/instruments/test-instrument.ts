import type { InstrumentSetting } from '#shared/domain/instrument.ts';
import type { Platform } from '../../core/platform/index.ts';
import { SecretMask } from '../../core/secret-mask/index.ts';
import { InstrumentSession } from './instrument-session.ts';
import type { Instruments } from './instruments.ts';

/** How long a test waits while a slot has the instrument. */
const TURN_MS = 10_000;
const ANSWER_MS = 5000;

export interface InstrumentAnswer {
  /** What it says about itself, `*IDN?`; `null` for a device that is asked nothing, which is connected, and for a place. */
  readonly identification: string | null;
  /** Time from the connection to the answer, milliseconds. */
  readonly ms: number;
}

/**
 * Connects to an instrument and asks what it is, when no slot has it. Faults: `instrument-busy`, `instrument-unreachable`,
 * `instrument-silent`, `instrument-error`, the signal's reason.
 */
export async function testInstrument(
  setting: InstrumentSetting,
  instruments: Instruments,
  { devicePorts: ports, clock }: Pick<Platform, 'devicePorts' | 'clock'>,
  signal: AbortSignal,
): Promise<InstrumentAnswer> {
  using _turn = await instruments.takeSetting(setting, TURN_MS, signal);
  if (setting.kind === 'place') return { identification: null, ms: 0 };
  const startedMs = clock.monotonicMs();
  // No secret is sent to an instrument here.
  const surroundings = { ports, clock, mask: new SecretMask() };
  const isDoubtful = instruments.isDoubtful(setting);
  await using session = await InstrumentSession.open(setting, surroundings, isDoubtful, signal);
  const ask = (): Promise<string> => session.query('*IDN?', ANSWER_MS, signal);
  const asking = setting.kind === 'text' ? null : session.exchange(ask, { checksErrors: false }, signal);
  const identification = await asking?.catch((error: unknown) => {
    // It may still answer.
    instruments.setProven(setting, false);
    throw error;
  });
  return { identification: identification ?? null, ms: Math.round(clock.monotonicMs() - startedMs) };
}
