import { type ShallowRef, shallowRef } from 'vue';
import { asFault } from '../../link/index.ts';
import { type Sounder, useSounder } from '../../sound/index.ts';
import { useBatch, usePreferences } from '../../stores/index.ts';
import { type Said, saidBusy, saidNote, saidRefused } from './said.ts';

export interface Errands {
  /** What came of the last thing that the operator did. */
  readonly said: ShallowRef<Said | null>;
  /** Asks the station, after everything that was asked before, and says what it answered. `scanned`: by a scan. */
  ask(scanned: string | null, work: () => Promise<Said>): void;
  /** Tells the station something in the same order; nothing is said of it, and a station that is gone need not know. */
  tell(work: () => Promise<unknown>): void;
  note(what: Said['what']): void;
  /** Not done, and why; with the sound of a refusal. */
  refuse(what: Said['what'], scanned?: string): void;
  play(name: Parameters<Sounder['play']>[0]): void;
}

/** Things asked of the station go one after another, so that "slot 3" is settled before the serial behind it. */
export function useErrands(): Errands {
  const batch = useBatch();
  const preferences = usePreferences();
  const sounder = useSounder();
  const said = shallowRef<Said | null>(null);
  let queue = Promise.resolve();

  const play: Errands['play'] = (name) => {
    if (preferences.sound) sounder.play(name);
  };
  const context = (): Record<string, string> =>
    batch.active === null ? {} : { example: batch.active.recipe.serialExample };

  return {
    said,
    play,
    note: (what) => (said.value = saidNote(Date.now(), what)),
    refuse(what, scanned) {
      said.value = { ...saidNote(Date.now(), what, 'refused'), scanned: scanned ?? null };
      play('refused');
    },
    tell(work) {
      queue = queue.then(async () => {
        await work().catch(() => undefined);
      });
    },
    ask(scanned, work) {
      const atMs = Date.now();
      said.value = saidBusy(scanned, atMs);
      queue = queue.then(async () => {
        try {
          said.value = await work();
        } catch (error) {
          said.value = saidRefused(scanned, atMs, asFault(error), context());
          play('refused');
        }
      });
    },
  };
}
