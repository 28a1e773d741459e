import { type ShallowRef, shallowRef, watch } from 'vue';
import { Fault, type FaultCode } from '#shared/domain/fault.ts';
import { asFault } from '#services/client/index.ts';
import { pressedAgo } from '#services/scanner/index.ts';
import { type Sounder, useSounder } from '#services/sound/index.ts';
import { useBatch, useConnection, usePreferences, useSlots } from '#stores/index.ts';
import { type Feedback, busyFeedback, infoFeedback, refusalFeedback } from './feedback.ts';
import { type UnusedScan, withUnusedScan } from './unused-scans.ts';

/** The station accepts at most this much of a line, in UTF-16 units. */
const MAX_SCAN_CHARACTERS = 512;

export interface CommandQueue {
  /** The result of the operator's last action. */
  readonly feedback: ShallowRef<Feedback | null>;
  /**
   * Runs a command after all earlier ones and shows its result. `scanned`: the text of the scan that caused it. While the
   * station does not answer the command is refused at once. `scan`: the line that caused it; the line is reported to the
   * station when it may not have arrived. Resolves with whether the command was done.
   */
  ask(scanned: string | null, work: () => Promise<Feedback>, scan?: UnusedScan): Promise<boolean>;
  /**
   * Reports an unused scan to the station, in order, as soon as the station answers. Without the report a label that lay
   * before the scanner while the station was away would count as a new scan afterwards.
   */
  reportUnusedScan(scan: UnusedScan): void;
  /** Shows a message that is not the result of a command. */
  inform(message: Feedback['message']): void;
  /** Shows a refusal with its reason, and plays its sound. */
  refuse(message: Feedback['message'], scanned?: string): void;
  play(name: Parameters<Sounder['play']>[0]): void;
}

/** Commands go to the station one after another, so that "slot 3" is done before the serial number that follows. */
export function useCommandQueue(): CommandQueue {
  const batch = useBatch();
  const connection = useConnection();
  const preferences = usePreferences();
  const slots = useSlots();
  const sounder = useSounder();
  const feedback = shallowRef<Feedback | null>(null);
  let queue = Promise.resolve();
  let unused: readonly UnusedScan[] = [];

  const play: CommandQueue['play'] = (name) => {
    if (preferences.sound) sounder.play(name);
  };
  const context = (): Record<string, string> =>
    batch.active === null ? {} : { example: batch.active.recipe.serialExample };

  // The page cannot know whether the station did it, so it reports the loss; the station's state shows it later.
  watch(
    () => connection.losses,
    () => {
      if (feedback.value?.kind !== 'busy') return;
      feedback.value = refusalFeedback(
        feedback.value.scanned,
        performance.now(),
        asFault(unanswered()),
        context(),
      );
      play('refused');
    },
  );

  async function sendUnusedScans(): Promise<void> {
    while (connection.responsive) {
      const [first] = unused;
      if (first === undefined) return;
      try {
        await slots.reportUnusedScan(first.text.slice(-MAX_SCAN_CHARACTERS), pressedAgo(first, false));
      } catch (error) {
        if (isUnanswered(asFault(error).code)) return;
      }
      // A scan that continued meanwhile is sent once more.
      unused = unused.filter((scan) => scan !== first);
    }
  }
  function sendSoon(): void {
    queue = queue.then(sendUnusedScans);
  }
  function reportUnusedScan(scan: UnusedScan): void {
    unused = withUnusedScan(unused, scan);
    sendSoon();
  }
  watch(
    () => connection.responsive,
    (answers) => {
      if (answers) sendSoon();
    },
    { flush: 'sync' },
  );

  return {
    feedback,
    play,
    reportUnusedScan,
    inform: (message) => (feedback.value = infoFeedback(performance.now(), message)),
    refuse(message, scanned) {
      feedback.value = { ...infoFeedback(performance.now(), message, 'refused'), scanned: scanned ?? null };
      play('refused');
    },
    ask(scanned, work, scan) {
      const atMs = performance.now();
      const { losses } = connection;
      const refused = (error: unknown): false => {
        const fault = asFault(error);
        feedback.value = refusalFeedback(scanned, atMs, fault, context());
        play('refused');
        if (scan !== undefined && isUnanswered(fault.code)) reportUnusedScan(scan);
        return false;
      };
      if (!connection.responsive) return Promise.resolve(refused(unanswered()));
      feedback.value = busyFeedback(scanned, atMs);
      const done = queue.then(async () => {
        try {
          if (connection.losses !== losses) throw unanswered();
          feedback.value = await work();
          return true;
        } catch (error) {
          return refused(error);
        }
      });
      queue = done.then(() => undefined);
      return done;
    },
  };
}

/** The station has not handled the scan, or the page cannot know whether it has. */
function isUnanswered(code: FaultCode): boolean {
  return code === 'disconnected' || code === 'timeout';
}

function unanswered(): Fault {
  return new Fault('disconnected', 'the station does not answer');
}
