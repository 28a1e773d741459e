import { type ShallowRef, shallowRef, watch } from 'vue';
import { Fault } from '#shared/domain/fault.ts';
import { asFault } from '../../link/index.ts';
import { type Sounder, useSounder } from '../../sound/index.ts';
import { useBatch, useLink, usePreferences } from '../../stores/index.ts';
import { type Said, saidBusy, saidNote, saidRefused } from './said.ts';

export interface Errands {
  /** What came of the last thing that the operator did. */
  readonly said: ShallowRef<Said | null>;
  /**
   * Asks the station, after everything that was asked before, and says what it answered. `scanned`: by a scan. Nothing
   * waits for a station that does not answer: it is refused. Gives whether it was done.
   */
  ask(scanned: string | null, work: () => Promise<Said>): Promise<boolean>;
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
  const link = useLink();
  const preferences = usePreferences();
  const sounder = useSounder();
  const said = shallowRef<Said | null>(null);
  let queue = Promise.resolve();

  const play: Errands['play'] = (name) => {
    if (preferences.sound) sounder.play(name);
  };
  const context = (): Record<string, string> =>
    batch.active === null ? {} : { example: batch.active.recipe.serialExample };

  // What becomes of it nobody here knows; when the station answers again it is said.
  watch(
    () => link.losses,
    () => {
      if (said.value?.tone !== 'busy') return;
      said.value = saidRefused(said.value.scanned, performance.now(), asFault(unanswered()), context());
      play('refused');
    },
  );

  return {
    said,
    play,
    note: (what) => (said.value = saidNote(performance.now(), what)),
    refuse(what, scanned) {
      said.value = { ...saidNote(performance.now(), what, 'refused'), scanned: scanned ?? null };
      play('refused');
    },
    tell(work) {
      queue = queue.then(async () => {
        await work().catch(() => undefined);
      });
    },
    ask(scanned, work) {
      const atMs = performance.now();
      const { losses } = link;
      const refused = (error: unknown): false => {
        said.value = saidRefused(scanned, atMs, asFault(error), context());
        play('refused');
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

function unanswered(): Fault {
  return new Fault('disconnected', 'the station does not answer');
}
