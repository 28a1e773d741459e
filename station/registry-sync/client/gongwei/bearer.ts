import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import { sha256Hex } from '#node-kit/crypto/index.ts';
import { raceAbort } from '#node-kit/async/index.ts';
import { enrolReply, REGISTRY_PATH } from '#shared/registry-api/index.ts';
import { call, type Endpoint } from './request.ts';

/** The exchange of the enrolment token, which all stations share, for a token of the station. */
export interface Enrolment {
  /** The station's own token; always the same for this station and its enrolment token. */
  readonly ownToken: string;
  /** Stores the token that the registry accepts for this station's name. Called at most once. */
  storeToken(token: string): void;
}

/** An exchange under way. It ends by its own signal, which fires when no caller waits for it any more. */
interface Exchange {
  readonly token: Promise<string>;
  readonly stop: AbortController;
  callers: number;
}

/**
 * The token to send, from an exchange at the first call. The exchange may be repeated: the registry stores only the hash of
 * the own token, and accepts the same one again. A registry of a version without enrolment gets the configured token.
 */
export class Bearer {
  readonly #endpoint: Omit<Endpoint, 'bearer'>;
  readonly #enrolment: Enrolment;
  #token: string | null = null;
  #exchange: Exchange | null = null;

  constructor(endpoint: Omit<Endpoint, 'bearer'>, enrolment: Enrolment) {
    this.#endpoint = endpoint;
    this.#enrolment = enrolment;
  }

  /** Faults: those of `RegistryClient`; `registry-refused` when another station has the name. */
  async token(signal: AbortSignal): Promise<string> {
    if (this.#token !== null) return this.#token;
    throwIfAborted(signal);
    const exchange = (this.#exchange ??= this.#begin());
    exchange.callers += 1;
    try {
      return await raceAbort(exchange.token, signal);
    } finally {
      exchange.callers -= 1;
      if (exchange.callers === 0) this.#end(exchange);
    }
  }

  #begin(): Exchange {
    const stop = new AbortController();
    const token = this.#request(stop.signal);
    // Each caller handles the rejection; without callers it is not needed.
    token.catch(() => undefined);
    return { token, stop, callers: 0 };
  }

  #end(exchange: Exchange): void {
    exchange.stop.abort();
    if (this.#exchange === exchange) this.#exchange = null;
  }

  async #request(signal: AbortSignal): Promise<string> {
    const { token } = this.#endpoint;
    const { ownToken, storeToken } = this.#enrolment;
    try {
      const reply = await call(
        { ...this.#endpoint, bearer: () => Promise.resolve(token) },
        {
          method: 'POST',
          path: REGISTRY_PATH.enrol,
          body: { tokenSha256: sha256Hex(ownToken) },
          reply: enrolReply,
          signal,
        },
      );
      const accepted = reply.token === 'own' ? token : ownToken;
      storeToken(accepted);
      this.#token = accepted;
      return accepted;
    } catch (error) {
      if (!(error instanceof Fault) || error.details['code'] !== 'not-found') throw error;
      this.#token = token;
      return token;
    }
  }
}
