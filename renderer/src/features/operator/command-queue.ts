import { type ShallowRef, shallowRef, watch } from 'vue';
import { Fault, type FaultCode } from '#shared/domain/fault.ts';
import { asFault } from '../../services/client/index.ts';
import { pressedAgo } from '../../services/scanner/index.ts';
import { type Sounder, useSounder } from '../../services/sound/index.ts';
import { useBatch, useLink, usePreferences, useSlots } from '../../stores/index.ts';
import { type Said, saidBusy, saidNote, saidRefused } from './feedback.ts';
import { type UntoldRead, withUntold } from './unsent-reads.ts';

/** More of a line than this the station does not take, in UTF-16 units. */
const LONGEST_READ = 512;

export interface Errands {
  /** What came of the last thing that the operator did. */
  readonly said: ShallowRef<Said | null>;
  /**
   * Asks the station, after everything that was asked before, and says what it answered. `scanned`: by a scan. Nothing
   * waits for a station that does not answer: it is refused. `read`: the line that it was asked with; the station is told
   * of it where it may not have heard it. Gives whether it was done.
   */
  ask(scanned: string | null, work: () => Promise<Said>, read?: UntoldRead): Promise<boolean>;
  /**
   * Tells the station of a read that was thrown away, in the same order, as soon as it answers; nothing is said of it.
   * Else a label that lay before the scanner while the station was gone would be a new read afterwards.
   */
  noteRead(read: UntoldRead): void;
  note(what: Said['what']): void;
  /** Not done, and why; with the sound of a refusal. */
  refuse(what: Said['what'], scanned?: string): void;
  play(name: Parameters<Sounder['play']>[0]): void;
}

/** Things asked of the station go one after another, so that "slot 3" is settled before the serial behind it. */
export function useErrands(): Errands {
  const batch = useBatch();
  const link = useLink();
  const preferences = usePreferences();
  const slots = useSlots();
  const sounder = useSounder();
  const said = shallowRef<Said | null>(null);
  let queue = Promise.resolve();
  let untold: readonly UntoldRead[] = [];

  const play: Errands['play'] = (name) => {
    if (preferences.sound) sounder.play(name);
  };
  const context = (): Record<string, string> =>
    batch.active === null ? {} : { example: batch.active.recipe.serialExample };

  // The page cannot know whether the station did it, so it reports the loss; the station's state shows it later.
  watch(
    () => link.losses,
    () => {
      if (said.value?.tone !== 'busy') return;
      said.value = saidRefused(said.value.scanned, performance.now(), asFault(unanswered()), context());
      play('refused');
    },
  );

  async function tellReads(): Promise<void> {
    while (link.answers) {
      const [first] = untold;
      if (first === undefined) return;
      try {
        await slots.noteRead(first.text.slice(-LONGEST_READ), pressedAgo(first, false));
      } catch (error) {
        if (isUnheard(asFault(error).code)) return;
      }
      // What goes on meanwhile is told once more.
      untold = untold.filter((read) => read !== first);
    }
  }
  function tellSoon(): void {
    queue = queue.then(tellReads);
  }
  function noteRead(read: UntoldRead): void {
    untold = withUntold(untold, read);
    tellSoon();
  }
  watch(
    () => link.answers,
    (answers) => {
      if (answers) tellSoon();
    },
    { flush: 'sync' },
  );

  return {
    said,
    play,
    noteRead,
    note: (what) => (said.value = saidNote(performance.now(), what)),
    refuse(what, scanned) {
      said.value = { ...saidNote(performance.now(), what, 'refused'), scanned: scanned ?? null };
      play('refused');
    },
    ask(scanned, work, read) {
      const atMs = performance.now();
      const { losses } = link;
      const refused = (error: unknown): false => {
        const fault = asFault(error);
        said.value = saidRefused(scanned, atMs, fault, context());
        play('refused');
        if (read !== undefined && isUnheard(fault.code)) noteRead(read);
        return false;
      };
      if (!link.answers) return Promise.resolve(refused(unanswered()));
      said.value = saidBusy(scanned, atMs);
      const done = queue.then(async () => {
        try {
          if (link.losses !== losses) throw unanswered();
          said.value = await work();
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

/** The station has not judged the read, or the page cannot know whether it has. */
function isUnheard(code: FaultCode): boolean {
  return code === 'disconnected' || code === 'timeout';
}

function unanswered(): Fault {
  return new Fault('disconnected', 'the station does not answer');
}
