import { Fault } from '#shared/domain/fault.ts';
import { hasErrno } from '../files/index.ts';

/** The socket that could not listen. */
export interface ListenTarget {
  /** What is served, as the message names it: `HTTP`, `MQTT`. */
  readonly service: string;
  readonly host: string;
  readonly port: number;
}

/**
 * Converts an error of `server.listen` to a fault with host, port and a hint. Returns any other error unchanged.
 *
 * ```ts
 * await app.listen({ host, port }).catch((error: unknown) => {
 *   throw asListenFault(error, { service: 'HTTP', host, port });
 * });
 * ```
 *
 * Faults made: `port-busy` (EADDRINUSE), `port-denied` (EACCES, EADDRNOTAVAIL).
 */
export function asListenFault(error: unknown, { service, host, port }: ListenTarget): unknown {
  if (hasErrno(error, 'EADDRINUSE')) {
    return new Fault('port-busy', `${service} port ${port} on ${host} is in use by another program`, {
      hint: 'Choose another port, or 0 for a free one.',
      cause: error,
    });
  }
  if (hasErrno(error, 'EACCES', 'EADDRNOTAVAIL')) {
    return new Fault('port-denied', `${service} cannot listen on ${host} port ${port}`, {
      hint: 'Choose a port above 1023, or 0 for a free one, and an address of this computer.',
      cause: error,
    });
  }
  return error;
}
