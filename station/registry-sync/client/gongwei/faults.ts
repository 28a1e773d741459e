import { Fault, type FaultDetails } from '#shared/domain/fault.ts';
import { registryError } from '#shared/registry-api/index.ts';

/**
 * The fault for a reply outside 2xx.
 * @param body the parsed JSON; null when the body is not JSON
 */
export function faultOfReply(status: number, body: unknown, address: string): Fault {
  const parsed = registryError.safeParse(body);
  if (!parsed.success) {
    if (status >= 500 || status === 429) return unreachable(address, `answered ${status}`);
    return new Fault(
      'registry-refused',
      `${address} answered ${status}, and not as a Gongwei registry does`,
      {
        hint: 'Check the address of the registry.',
        details: { place: address, status },
      },
    );
  }
  const { code, message, hint, details } = parsed.data;
  if (code === 'pool-empty') return new Fault('pool-empty', message, { hint, details: details ?? {} });
  // A full disk stays full until a person frees space.
  const isTemporary = (status >= 500 && code !== 'disk-full') || status === 429;
  if (isTemporary) return unreachable(address, `answered ${status}: ${message}`);
  return new Fault('registry-refused', `${address} refused: ${message}`, {
    hint,
    details: { ...details, place: address, status, code },
  });
}

/** The registry does not answer, or asks to try later. */
export function unreachable(address: string, why: string, cause?: unknown): Fault {
  const details: FaultDetails = { place: address };
  const options = {
    hint: 'Check that the registry runs and that this computer reaches it; work goes on offline.',
    details,
  };
  return new Fault(
    'registry-unreachable',
    `the registry at ${address} ${why}`,
    cause === undefined ? options : { ...options, cause },
  );
}

/** A server answers, and not as the registry API says. */
export function unexpectedReply(address: string, what: string): Fault {
  return new Fault('registry-refused', `${address} does not answer as a Gongwei registry does (${what})`, {
    hint: 'Check the address of the registry, and that it is not older than this station.',
    details: { place: address },
  });
}

/**
 * The certificate is not the pinned one, or no certificate authority of this computer has signed it.
 * @param shown fingerprint of the certificate that the server shows
 * @param pinned fingerprint that the station was bound to; null without one
 */
export function untrusted(address: string, shown: string, pinned: string | null): Fault {
  const details: FaultDetails = { place: address, shown, pinned };
  if (pinned === null) {
    return new Fault(
      'registry-untrusted',
      `no certificate authority of this computer has signed the certificate of the registry at ${address}; its fingerprint is ${shown}`,
      {
        hint: `Compare it with the fingerprint that "registry serve" printed on the registry's computer. Only when both are the same: "station configure --fingerprint ${shown}" together with the address and the token.`,
        details,
      },
    );
  }
  return new Fault(
    'registry-untrusted',
    `the registry at ${address} shows another certificate than the one this station was bound to; its fingerprint is ${shown}`,
    {
      hint: 'Either the registry was given a new certificate, or another program answers in its address. Nothing was sent. Ask the administrator of the registry; if the certificate is theirs, configure the station with the new fingerprint.',
      details,
    },
  );
}

/** The reason why a connection failed, from the system error behind the error of `fetch`. */
export function connectionFailure(error: unknown): string {
  switch (systemCodeOf(error)) {
    case 'ECONNREFUSED':
      return 'does not listen';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'has a name that cannot be resolved';
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ENETDOWN':
      return 'cannot be reached over this network';
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
      return 'broke the connection';
    default:
      return 'cannot be asked';
  }
}

function systemCodeOf(error: unknown): string {
  for (
    let cause: unknown = error, depth = 0;
    cause instanceof Error && depth < 5;
    cause = cause.cause, depth += 1
  ) {
    if (cause instanceof AggregateError && cause.errors.length > 0) return systemCodeOf(cause.errors[0]);
    if ('code' in cause && typeof cause.code === 'string') return cause.code;
  }
  return '';
}
