import type { InstrumentManner } from '../../devices/instruments/index.ts';
import type { Recording } from '../recording/index.ts';

/** What a device of lines was silent for after each exchange, in the second manner. */
const SILENCE_MS = 40;

/**
 * How the station of a recording talked to instruments. Recordings of the first two manners do not say it: the second one asked
 * `*IDN?` by itself, or waited for the silence of a device of lines.
 */
export function recordedManner({ header, entries }: Recording): InstrumentManner {
  const { instrumentManner: manner } = header;
  if (manner === 1 || manner === 2 || manner === 3) return manner;
  for (const entry of entries.values()) {
    const asks = entry.type === 'tx' && (entry.port ?? 0) > 0 && entry.bytes?.startsWith('*IDN?') === true;
    const isSilence = entry.type === 'timer' && entry.durationMs === SILENCE_MS;
    if (asks || isSilence) return 2;
  }
  return 1;
}
