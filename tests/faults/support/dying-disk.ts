import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const CHANGING = ['renameSync', 'rmSync', 'writeFileSync', 'copyFileSync', 'fsyncSync', 'mkdirSync'] as const;

export class Died extends Error {}

/**
 * Simulates a kill before the n-th change of the file system: that change and all later ones do nothing, also in a
 * `finally`. `died`: whether the n-th change was reached.
 */
export function dieBefore(n: number): Disposable & { readonly died: boolean } {
  const real = Object.fromEntries(CHANGING.map((name) => [name, fs[name]]));
  let calls = 0;
  for (const name of CHANGING) {
    const original = fs[name] as (...args: unknown[]) => unknown;
    Object.assign(fs, {
      [name]: (...args: unknown[]) => {
        calls += 1;
        if (calls >= n) throw new Died(`killed before ${name}`);
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
      syncBuiltinESMExports();
    },
  };
}
