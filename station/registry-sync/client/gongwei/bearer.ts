import { createHash } from 'node:crypto';
import { raceAbort } from '#node-kit/async/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { enrolReply, REGISTRY_PATH } from '#shared/registry-api/index.ts';
import { ask, type Endpoint } from './request.ts';

/** How a station comes to a token of its own, when it was given the one that all stations are given. */
export interface Enrolment {
  /** What it will show from then on; always the same for this station and the token it was given. */
  readonly ownToken: string;
  /** From here on `token` is good for this station's name at the registry. Called at most once. */
  keep(token: string): void;
}

/**
 * Gives the token to show, exchanging the one that was configured at the first contact. The exchange is asked for until it
 * is answered: the registry keeps only the hash, and takes the same one again. A registry that knows no enrolment is of
 * before, and gets what was configured. Faults: those of `ask`; `registry-refused` when the name is taken.
 */
export function createBearer(
  endpoint: Omit<Endpoint, 'bearer'>,
  enrolment: Enrolment | null,
): (signal: AbortSignal) => Promise<string> {
  const { token } = endpoint;
  if (enrolment === null) return () => Promise.resolve(token);
  const { ownToken, keep } = enrolment;
  let good: string | null = null;
  let asking: { readonly reply: Promise<string>; readonly signal: AbortSignal } | null = null;

  async function exchange(signal: AbortSignal): Promise<string> {
    try {
      const reply = await ask(
        { ...endpoint, bearer: () => Promise.resolve(token) },
        {
          method: 'POST',
          path: REGISTRY_PATH.enrol,
          body: { tokenSha256: createHash('sha256').update(ownToken).digest('hex') },
          reply: enrolReply,
          signal,
        },
      );
      const now = reply.token === 'own' ? token : ownToken;
      keep(now);
      good = now;
      return now;
    } catch (error) {
      if (!(error instanceof Fault) || error.details['code'] !== 'not-found') throw error;
      good = token;
      return token;
    }
  }

  return async (signal) => {
    for (;;) {
      if (good !== null) return good;
      asking ??= { reply: exchange(signal).finally(() => (asking = null)), signal };
      const { reply, signal: theirs } = asking;
      try {
        return await raceAbort(reply, signal);
      } catch (error) {
        // The caller whose signal the exchange has went away: this one asks for itself.
        if (signal.aborted || !theirs.aborted) throw error;
      }
    }
  };
}
