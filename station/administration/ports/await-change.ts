import { Fault } from '#shared/domain/fault.ts';
import type { Clock } from '../../core/platform/index.ts';

/** How often the list of ports is read; a person needs longer to move a cable. */
const POLL_MS = 250;

export interface AwaitedChange {
  /** The places of the ports that were seen before. */
  readonly before: readonly string[];
  readonly want: 'gone' | 'came';
  readonly timeoutMs: number;
}

/**
 * Waits until a port that was there is gone, or one appears that was not. Returns the places of all ports that changed
 * at once. Faults: `timeout`, the signal's reason.
 */
export async function awaitChange(
  clock: Clock,
  list: () => Promise<readonly string[]>,
  { before, want, timeoutMs }: AwaitedChange,
  signal: AbortSignal,
): Promise<string[]> {
  const beganMs = clock.monotonicMs();
  for (;;) {
    const now = await list();
    const changed =
      want === 'gone'
        ? before.filter((place) => !now.includes(place))
        : now.filter((place) => !before.includes(place));
    if (changed.length > 0) return changed;
    if (clock.monotonicMs() - beganMs >= timeoutMs)
      throw new Fault('timeout', want === 'gone' ? 'no port was unplugged' : 'no port was plugged in', {
        hint: 'Begin again when the cable is at hand.',
      });
    await clock.sleep(POLL_MS, signal);
  }
}
