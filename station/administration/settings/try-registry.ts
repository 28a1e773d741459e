import type { RegistryTest } from '#shared/contract/settings.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Clock } from '../../core/platform/index.ts';
import {
  createRegistryClient,
  isReadableOnTheWay,
  registryBaseUrl,
  type RegistryBinding,
  type RegistryClient,
} from '../../registry-sync/client/index.ts';
import type { Settings } from './settings.ts';

/** A chip id that no unit has: the reply shows whether the token is accepted. */
const NO_UNIT = '000000000000';

export interface RegistryContact {
  readonly isReachable: boolean;
  /** The station's own token, if the registry has exchanged the given one for it. */
  readonly ownToken: string | null;
}

/**
 * Sends one request to a registry, so that an invalid token is reported now and not at the first unit. An unreachable
 * registry is no fault, because a station may be configured before its network.
 * Faults: `bad-input`, `registry-refused`, `registry-untrusted`, the signal's reason.
 */
export async function tryRegistry(
  settings: Settings,
  { url, token, fingerprint = null }: RegistryBinding,
  station: string,
  signal: AbortSignal,
): Promise<RegistryContact> {
  let ownToken: string | null = null;
  const stored = settings.registry();
  const isOwn = stored?.isOwn === true && stored.token === token;
  const client = createRegistryClient({
    baseUrl: url,
    token,
    station,
    fingerprint,
    enrolment: isOwn
      ? null
      : {
          ownToken: settings.ownToken(token, station),
          storeToken: (accepted) => void (ownToken = accepted),
        },
  });
  try {
    await client.unit(NO_UNIT, signal);
    return { isReachable: true, ownToken };
  } catch (error) {
    if (error instanceof Fault && error.code === 'registry-unreachable')
      return { isReachable: false, ownToken };
    throw error;
  }
}

/**
 * Asks a registry for its version and clock. The stored token is sent to the stored address only; any other address gets
 * none. Faults: `bad-input` for an address or a fingerprint that is none, the signal's reason.
 */
export async function testRegistry(
  settings: Settings,
  clock: Clock,
  { url, fingerprint }: { readonly url: string; readonly fingerprint: string | null },
  signal: AbortSignal,
): Promise<RegistryTest> {
  const baseUrl = registryBaseUrl(url);
  const stored = settings.registry();
  const token = stored?.url === baseUrl ? stored.token : null;
  const client = createRegistryClient({
    baseUrl,
    token: token ?? '-',
    station: settings.station(),
    fingerprint: fingerprint === '' ? null : fingerprint,
  });
  const found = { version: null, tookMs: null, skewMs: null, tokenAccepted: null } as const;
  const isProtected = !isReadableOnTheWay(baseUrl);
  const before = clock.monotonicMs();
  try {
    const { version, nowMs } = await client.health(signal);
    const tookMs = clock.monotonicMs() - before;
    // The reply was sent half the round trip ago.
    const skewMs = clock.nowMs() - (nowMs + tookMs / 2);
    const { fault, tokenAccepted } = await askForToken(token === null ? null : client, signal);
    return { fault, version, tookMs, skewMs, tokenAccepted, isProtected };
  } catch (error) {
    return { ...found, fault: viewOf(error, signal), isProtected };
  }
}

/** @param client null when there is no token to be asked about */
async function askForToken(
  client: RegistryClient | null,
  signal: AbortSignal,
): Promise<Pick<RegistryTest, 'fault' | 'tokenAccepted'>> {
  if (client === null) return { fault: null, tokenAccepted: null };
  try {
    await client.unit(NO_UNIT, signal);
    return { fault: null, tokenAccepted: true };
  } catch (error) {
    return { fault: viewOf(error, signal), tokenAccepted: false };
  }
}

/** Any error that is no fault is a defect and thrown, and so is the end of the caller. */
function viewOf(error: unknown, signal: AbortSignal): RegistryTest['fault'] {
  if (!(error instanceof Fault) || signal.aborted) throw error;
  return error.toView();
}
