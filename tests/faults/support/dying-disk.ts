import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const CHANGING = ['renameSync', 'rmSync', 'writeFileSync', 'copyFileSync', 'fsyncSync', 'mkdirSync'] as const;

export class Died extends Error {}

/**
 * As if the process had been killed before its n-th change of the file system: that one and all after it do nothing,
 * the ones of every `finally` included. `died` says whether it came to that.
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
