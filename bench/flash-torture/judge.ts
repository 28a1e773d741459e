import { Fault, type FaultCode } from '#shared/domain/fault.ts';
import type { FlashResult } from '../../station/devices/protocols/flashing/index.ts';
import type { DrawnFlash } from './draw-flash.ts';

/** How a flash ended. */
export type FlashEnd =
  | { readonly kind: 'done'; readonly result: FlashResult }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'hung' };

/** What a disturbed line may look like from the station. */
const LINE: readonly FaultCode[] = [
  'device-silent',
  'device-rejected',
  'device-garbled',
  'flash-mismatch',
  'timeout',
];
/** A byte that was changed in the answer to a question may name another chip, or a lock. */
const ANSWER: readonly FaultCode[] = [...LINE, 'device-locked', 'bad-input'];

/** The faults by which a station may report each fault of a unit. Success is right whenever the flash holds the images. */
const RIGHT: Readonly<Record<string, readonly FaultCode[]>> = {
  'lose-bytes': ANSWER,
  'change-bytes': ANSWER,
  'late-bytes': LINE,
  stall: LINE,
  unplug: ['port-lost', ...LINE],
  reboot: LINE,
  garbage: ANSWER,
  'wrong-baud': LINE,
  'flash-brown-out': LINE,
  'flash-sector-stuck': ['flash-mismatch'],
  'flash-bit-stuck': ['flash-mismatch'],
  'flash-small': ['bad-input'],
  // The ESP32 has no command that tells secure download mode: it refuses the questions.
  'chip-locked': ['device-locked', 'device-rejected'],
};

/** What is wrong with the end of a flash; `null` when nothing is. `holdsImages` is what the flash of the unit says. */
export function judge(
  flash: DrawnFlash,
  end: FlashEnd,
  holdsImages: boolean,
): { readonly kind: 'wrongBytes' | 'wrongFaults' | 'hangs'; readonly what: string } | null {
  const faults = flash.faults.map(({ fault }) => fault);
  const drawn = `${flash.profile}, ${flash.stub ? 'stub' : 'ROM'}, ${JSON.stringify(flash.faults)}`;
  if (end.kind === 'hung') return { kind: 'hangs', what: `${drawn}: did not end` };
  if (end.kind === 'done') {
    const proven = end.result.images.every(({ verifiedBy }) => verifiedBy !== 'acknowledged');
    if (holdsImages && proven && end.result.images.length === flash.images.length) return null;
    return {
      kind: 'wrongBytes',
      what: `${drawn}: success, and the flash holds other bytes or nothing is proven`,
    };
  }
  const { error } = end;
  if (!(error instanceof Fault))
    return { kind: 'wrongFaults', what: `${drawn}: ${error instanceof Error ? (error.stack ?? '') : ''}` };
  if (faults.some((fault) => RIGHT[fault]?.includes(error.code) === true)) return null;
  return { kind: 'wrongFaults', what: `${drawn}: ${error.code}, ${error.message}` };
}
