import { isWeakPin } from '#shared/domain/weak-pin.ts';
import type { Role } from '#shared/rpc/index.ts';

/** The shortest PIN of each role, as the station checks it. */
export function minPinLength(role: Role): number {
  return role === 'operator' ? 4 : 6;
}

export type PinProblem = 'users.pinShort' | 'users.pinWeak' | 'users.pinDiffers';

/** What is wrong with a new PIN that was typed twice; null when nothing is. */
export function pinProblem(pin: string, again: string, role: Role): PinProblem | null {
  if (pin.normalize('NFKC').length < minPinLength(role)) return 'users.pinShort';
  if (isWeakPin(pin)) return 'users.pinWeak';
  return pin === again ? null : 'users.pinDiffers';
}
