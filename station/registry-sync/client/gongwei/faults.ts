import { Fault, type FaultDetails } from '#shared/domain/fault.ts';
import { registryError } from '#shared/registry-api/index.ts';

/** The fault that a reply outside 2xx stands for. `body` is what came with it, JSON or not. */
export function faultOfReply(status: number, body: unknown, place: string): Fault {
  const parsed = registryError.safeParse(body);
  if (!parsed.success) {
    if (status >= 500 || status === 429) return unreachable(place, `answered ${status}`);
    return new Fault('registry-refused', `${place} answered ${status}, and not as a Gongwei registry does`, {
      hint: 'Check the address of the registry.',
      details: { place, status },
    });
  }
  const { code, message, hint, details } = parsed.data;
  if (code === 'pool-empty') return new Fault('pool-empty', message, { hint, details: details ?? {} });
  // A full disk over there stays full until somebody frees it.
  const later = (status >= 500 && code !== 'disk-full') || status === 429;
  if (later) return unreachable(place, `answered ${status}: ${message}`);
  return new Fault('registry-refused', `${place} refused: ${message}`, {
    hint,
    details: { ...details, place, status, code },
  });
}

/** Nobody there, or nobody who can answer now. */
export function unreachable(place: string, why: string, cause?: unknown): Fault {
  const details: FaultDetails = { place };
  const options = {
    hint: 'Check that the registry runs and that this computer reaches it; work goes on offline.',
    details,
  };
  return new Fault(
    'registry-unreachable',
    `the registry at ${place} ${why}`,
    cause === undefined ? options : { ...options, cause },
  );
}

/** Somebody is there who does not speak our contract. */
export function foreign(place: string, what: string): Fault {
  return new Fault('registry-refused', `${place} does not answer as a Gongwei registry does (${what})`, {
    hint: 'Check the address of the registry, and that it is not older than this station.',
    details: { place },
  });
}

/**
 * The certificate is not the one that was agreed on, or none was agreed on and nobody vouches for it.
 * @param pinned what the station was bound to; null when to nothing.
 */
export function untrusted(place: string, shown: string, pinned: string | null): Fault {
  const details: FaultDetails = { place, shown, pinned };
  if (pinned === null) {
    return new Fault(
      'registry-untrusted',
      `nobody this computer trusts vouches for the certificate of the registry at ${place}; its fingerprint is ${shown}`,
      {
        hint: `Compare it with the one that "registry serve" printed there. Only when it is the same: "station configure --fingerprint ${shown}" together with the address and the token.`,
        details,
      },
    );
  }
  return new Fault(
    'registry-untrusted',
    `the registry at ${place} shows another certificate than the one this station was bound to; its fingerprint is ${shown}`,
    {
      hint: 'Either the registry was given a new certificate, or another program answers in its place. Nothing was sent. Ask the administrator of the registry; if the certificate is theirs, configure the station with the new fingerprint.',
      details,
    },
  );
}

/** Why a connection failed, in words, from the system error below the one that fetch throws. */
export function connectionTrouble(error: unknown): string {
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
      return 'could not be asked';
  }
}

function systemCodeOf(error: unknown): string {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if (at instanceof AggregateError && at.errors.length > 0) return systemCodeOf(at.errors[0]);
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return '';
}
