import { setTimeout as sleep } from 'node:timers/promises';
import { PATIENCE_MS } from './patience.ts';

const LOOK_EVERY_MS = 5;

/**
 * Polls `find` until it returns something other than `undefined` or `false`, and returns that.
 * Fails after 45 s with an error that says what was waited for.
 */
export async function until<T>(
  find: () => T | Promise<T>,
  what: string,
): Promise<Exclude<T, undefined | false>> {
  const endsAtMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const found = await find();
    if (found !== undefined && found !== false) return found as Exclude<T, undefined | false>;
    if (performance.now() > endsAtMs) throw new Error(`waited in vain for ${what}`);
    await sleep(LOOK_EVERY_MS);
  }
}

/** The waits of a helper that knows when what it holds has changed: each looks again then, and at no other time. */
export class Changes {
  readonly #looks = new Set<() => void>();

  notify(): void {
    for (const look of [...this.#looks]) look();
  }

  /** The first value other than `undefined` that `find` gives; fails with `describe` after `withinMs`. */
  until<T>(find: () => T | undefined, describe: () => string, withinMs = PATIENCE_MS): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#looks.delete(look);
      };
      const look = (): void => {
        try {
          const found = find();
          if (found === undefined) return;
          end();
          resolve(found);
        } catch (error) {
          end();
          reject(error as Error);
        }
      };
      const timer = setTimeout(() => {
        end();
        reject(new Error(describe()));
      }, withinMs);
      this.#looks.add(look);
      look();
    });
  }
}
