import { Fault } from '#shared/domain/fault.ts';
import type { RegistryClient } from '../../registry-sync/client/index.ts';
import type { Json } from './format.ts';
import type { Tape } from './run-io.ts';

type Method = (...parameters: unknown[]) => Promise<unknown>;

/**
 * The registry as a run sees it: every call is a question, the signal its last parameter. `real` is null on replay.
 */
export function tapeRegistry(tape: Tape, real: RegistryClient | null): RegistryClient {
  const through =
    (name: string): Method =>
    async (...parameters) => {
      const signal = parameters.at(-1) as AbortSignal;
      const words = parameters
        .slice(0, -1)
        .map((part) => (typeof part === 'string' ? part : JSON.stringify(part)));
      const { v } = await tape.ask(
        { kind: 'registry', key: [name, ...words].join(' '), signal },
        async () => {
          if (real === null) throw new Fault('not-configured', 'a replay has no registry');
          return { v: (await (Reflect.get(real, name) as Method).apply(real, parameters)) as Json };
        },
      );
      return v;
    };
  return new Proxy((real ?? {}) as RegistryClient, {
    get(target, name) {
      const own: unknown = Reflect.get(target, name);
      const isCall = typeof own === 'function' || (real === null && name !== 'then');
      return isCall && typeof name === 'string' ? through(name) : own;
    },
  });
}
