import { Fault } from '#shared/domain/fault.ts';
import type { BindTokenReply, ProductRegistrationReply } from '#shared/registry-api/index.ts';
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
  /** The recording does not get the token; a replay makes one of its own. */
  const makeBindToken: RegistryClient['makeBindToken'] = async (request, signal) => {
    let token: string | null = null;
    const key = `makeBindToken ${JSON.stringify(request)}`;
    const { value } = await io.request({ kind: 'registry', key, signal }, async () => {
      if (real === null) throw new Fault('not-configured', 'a replay has no registry');
      const reply = await real.makeBindToken(request, signal);
      token = reply.token;
      // Before the reply is recorded, and before the token is sent to a unit.
      io.mask.protect([token]);
      return { value: { ...reply, token: '' } as Json };
    });
    const recorded = value as unknown as BindTokenReply;
    const own = token ?? replayedToken(recorded.tokenId);
    io.mask.protect([own]);
    return { ...recorded, token: own };
  };
  /** The recording gets asterisks as many as the product secret has characters; a replay has a secret of its own. */
  const readRegistration: RegistryClient['readRegistration'] = async (productId, signal) => {
    let secret: string | null = null;
    const request = { kind: 'registry', key: `readRegistration ${productId}`, signal };
    const { value } = await io.request(request, async () => {
      if (real === null) throw new Fault('not-configured', 'a replay has no registry');
      const reply = await real.readRegistration(productId, signal);
      secret = reply.productSecret;
      // Before it is sent to a unit.
      if (secret !== null) io.mask.protect([secret]);
      const hidden = secret === null ? null : '*'.repeat(secret.length);
      return { value: { ...reply, productSecret: hidden } as Json };
    });
    const recorded = value as unknown as ProductRegistrationReply;
    const own = secret ?? replayedProductSecret(recorded.productSecret);
    if (own !== null) io.mask.protect([own]);
    return { ...recorded, productSecret: own };
  };
  return new Proxy((real ?? {}) as RegistryClient, {
    get(target, name) {
      if (name === 'makeBindToken') return makeBindToken;
      if (name === 'readRegistration') return readRegistration;
      const own: unknown = Reflect.get(target, name);
      const isCall = typeof own === 'function' || (real === null && name !== 'then');
      return isCall && typeof name === 'string' ? wrap(name) : own;
    },
  });
}

/** As long as a token of the registry, so that it takes its place in the recording. */
function replayedToken(tokenId: string): string {
  return `v3_${tokenId.replaceAll('-', '').slice(0, 29)}`;
}

/** As long as the recorded one. */
function replayedProductSecret(hidden: string | null): string | null {
  return hidden === null ? null : 'ReplayedProductSecret0123456789x'.slice(0, hidden.length);
}
