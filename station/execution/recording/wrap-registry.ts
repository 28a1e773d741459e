import { Fault } from '#shared/domain/fault.ts';
import type { RegistryClient } from '../../registry-sync/client/index.ts';
import type { Json } from './format.ts';
import type { RunIo } from './run-io.ts';

/** Recordings name a call as its method was named first, so that a renamed method still finds them. */
const RECORDED_NAMES: Readonly<Record<string, string>> = { reportLogin: 'provenLogin' };

type Method = (...parameters: unknown[]) => Promise<unknown>;

/** A registry client whose calls are requests of the run; the last parameter of a call is its signal. `real` is null in a replay. */
export function wrapRegistry(io: RunIo, real: RegistryClient | null): RegistryClient {
  const wrap =
    (name: string): Method =>
    async (...parameters) => {
      const signal = parameters.at(-1) as AbortSignal;
      const parameterTexts = parameters
        .slice(0, -1)
        .map((part) => (typeof part === 'string' ? part : JSON.stringify(part)));
      const key = [RECORDED_NAMES[name] ?? name, ...parameterTexts].join(' ');
      const { value } = await io.request({ kind: 'registry', key, signal }, async () => {
        if (real === null) throw new Fault('not-configured', 'a replay has no registry');
        return { value: (await (Reflect.get(real, name) as Method).apply(real, parameters)) as Json };
      });
      return value;
    };
  return new Proxy((real ?? {}) as RegistryClient, {
    get(target, name) {
      const own: unknown = Reflect.get(target, name);
      const isCall = typeof own === 'function' || (real === null && name !== 'then');
      return isCall && typeof name === 'string' ? wrap(name) : own;
    },
  });
}
