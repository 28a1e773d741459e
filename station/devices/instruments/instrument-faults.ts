import { Fault, type FaultCode } from '#shared/domain/fault.ts';
import { type InstrumentSetting, instrumentTitle } from '#shared/domain/instrument.ts';

const HINTS = {
  'instrument-unreachable': 'Check its power, its cable and its address.',
  'instrument-silent':
    'Check that it is switched on, and its address, line end and baud rate at the station.',
  'instrument-error': 'Check what the recipe sends to it; the recording has the whole exchange.',
} as const;

/** What a fault of a port or of a unit means when an instrument is at the other end. */
const MEANING: Partial<Record<FaultCode, keyof typeof HINTS>> = {
  'port-missing': 'instrument-unreachable',
  'port-busy': 'instrument-unreachable',
  'port-denied': 'instrument-unreachable',
  'port-lost': 'instrument-unreachable',
  'device-silent': 'instrument-silent',
  'device-unreadable': 'instrument-error',
  'device-garbled': 'instrument-error',
};

/** A fault of an instrument in place of one of the unit: the unit is not to blame. Another error is returned unchanged. */
export function toInstrumentFault(error: unknown, setting: InstrumentSetting): unknown {
  if (!(error instanceof Fault)) return error;
  const code = MEANING[error.code];
  if (code === undefined) return error;
  const { name, address } = setting;
  // Only these hints are about the port itself.
  const isOfPort = error.code === 'port-busy' || error.code === 'port-denied';
  const hint = isOfPort ? (error.hint ?? HINTS[code]) : HINTS[code];
  return new Fault(code, `${instrumentTitle(setting)}: ${error.message}`, {
    hint,
    details: { ...error.details, instrument: name, address, value: error.message.slice(0, 200) },
    cause: error,
  });
}

/** The instrument reports an error of its own, or answers what cannot be read. */
export function instrumentError(setting: InstrumentSetting, problem: string): Fault {
  const { name, address } = setting;
  return new Fault('instrument-error', `${instrumentTitle(setting)} ${problem}`, {
    hint: HINTS['instrument-error'],
    details: { instrument: name, address, value: problem.slice(0, 200) },
  });
}
