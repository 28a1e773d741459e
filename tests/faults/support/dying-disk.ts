import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const CHANGING = ['renameSync', 'rmSync', 'writeFileSync', 'copyFileSync', 'fsyncSync', 'mkdirSync'] as const;

/** Of `fs/promises`. */
const CHANGING_LATER = ['copyFile'] as const;

export class Died extends Error {}

/**
 * Simulates a kill before the n-th change of the file system: that change and all later ones do nothing, also in a
 * `finally`. `died`: whether the n-th change was reached.
 */
export function dieBefore(n: number): Disposable & { readonly died: boolean } {
  const real = Object.fromEntries(CHANGING.map((name) => [name, fs[name]]));
  const realLater = Object.fromEntries(CHANGING_LATER.map((name) => [name, fs.promises[name]]));
  let calls = 0;
  const count = (name: string): void => {
    calls += 1;
    if (calls >= n) throw new Died(`killed before ${name}`);
  };
  for (const name of CHANGING) {
    const original = fs[name] as (...args: unknown[]) => unknown;
    Object.assign(fs, {
      [name]: (...args: unknown[]) => {
        count(name);
        return original(...args);
      },
    });
  }
  for (const name of CHANGING_LATER) {
    const original = fs.promises[name] as (...args: unknown[]) => Promise<unknown>;
    Object.assign(fs.promises, {
      [name]: async (...args: unknown[]) => {
        count(name);
        return original(...args);
      },
    });
  }
  syncBuiltinESMExports();
  return {
    get died() {
      return calls >= n;
    },
    [Symbol.dispose]() {
      Object.assign(fs, real);
      Object.assign(fs.promises, realLater);
      syncBuiltinESMExports();
    },
  };
}
