/** What binds a data directory to its place in the world: the station's name and its registry. */
import { hostname } from 'node:os';
import { Fault } from '#shared/domain/fault.ts';
import { stationName } from '#shared/registry-api/index.ts';
import { RECORDING_LIMITS, type RecordingLimits } from '../recordings/index.ts';
import { type Actor, type AuditTrail, STATION_ITSELF } from '../audit/index.ts';
import type { Vault } from '../identity/index.ts';
import type { Store } from '../store/index.ts';

const NAME = 'station.name';
const REGISTRY_URL = 'registry.url';
const RECORDINGS = 'recordings.limits';
const REGISTRY_TOKEN = 'registry.token';
/** Settings that are sealed; each belongs to its own name. */
export const SEALED_SETTINGS: readonly string[] = [REGISTRY_TOKEN];

export interface RegistryBinding {
  readonly url: string;
  readonly token: string;
}

export interface Settings {
  station(): string;
  registry(): RegistryBinding | null;
  /** How much of what was recorded is kept. */
  recordings(): RecordingLimits;
  /**
   * Faults: `bad-input` when any of it is malformed, and for another name while triples are leased to this one; then
   * nothing is changed.
   */
  configure(
    change: {
      station?: string | undefined;
      registry?: RegistryBinding | undefined;
      recordings?: Partial<RecordingLimits> | undefined;
    },
    by?: Actor,
  ): void;
}

export function createSettings(store: Store, vault: Vault, audit: AuditTrail): Settings {
  const settings: Settings = {
    station: () => store.meta.get(NAME) ?? hostname(),
    registry() {
      const url = store.meta.get(REGISTRY_URL);
      const sealed = store.meta.get(REGISTRY_TOKEN);
      if (url === null || sealed === null) return null;
      return { url, token: vault.reveal(Buffer.from(sealed, 'base64'), REGISTRY_TOKEN, (token) => token) };
    },
    recordings: () => recordingLimits(store),
    configure({ station, registry, recordings }, by = STATION_ITSELF) {
      if (station !== undefined && !stationName.safeParse(station).success) {
        throw new Fault('bad-input', `"${station}" cannot be a station's name`, {
          hint: 'Use 1 to 64 printable characters.',
        });
      }
      const url = registry === undefined ? null : checkedUrl(registry.url);
      const limits =
        recordings === undefined ? null : checkedLimits({ ...settings.recordings(), ...recordings });
      store.transaction(() => {
        // What is said again is no change, and nothing to keep a record of.
        if (station !== undefined && station !== store.meta.get(NAME)) {
          refuseWhileLeased(store, settings.station(), station);
          audit.note(by, 'settings.station', NAME, { from: store.meta.get(NAME), to: station });
          store.meta.set(NAME, station);
        }
        const kept = settings.recordings();
        if (limits !== null && JSON.stringify(limits) !== JSON.stringify(kept)) {
          audit.note(by, 'settings.recordings', RECORDINGS, {
            from: JSON.stringify(kept),
            to: JSON.stringify(limits),
          });
          store.meta.set(RECORDINGS, JSON.stringify(limits));
        }
        if (registry === undefined || url === null) return;
        const before = settings.registry();
        const newToken = before?.token !== registry.token;
        if (before?.url === url && !newToken) return;
        audit.note(by, 'settings.registry', REGISTRY_URL, { from: before?.url ?? null, to: url, newToken });
        store.meta.set(REGISTRY_URL, url);
        store.meta.set(
          REGISTRY_TOKEN,
          Buffer.from(vault.seal(registry.token, REGISTRY_TOKEN)).toString('base64'),
        );
      });
    },
  };
  return settings;
}

/** The registry takes the results of a lease from the station that has it, and knows that one by its name. */
function refuseWhileLeased(store: Store, from: string, to: string): void {
  const inHand = store.leases.inHand();
  if (inHand === 0 || from === to) return;
  throw new Fault(
    'bad-input',
    `${inHand} triples are leased to "${from}": as "${to}" their results would be refused`,
    {
      hint: 'Give back what is unused ("triples return"), send the rest ("sync drain"), retire what never comes back ("triples retire"); then change the name.',
      details: { from, to, inHand },
    },
  );
}

/** As somebody set them, or as they are by themselves. */
export function recordingLimits(store: Store): RecordingLimits {
  const text = store.meta.get(RECORDINGS);
  return text === null
    ? RECORDING_LIMITS
    : { ...RECORDING_LIMITS, ...(JSON.parse(text) as Partial<RecordingLimits>) };
}

function checkedLimits(limits: RecordingLimits): RecordingLimits {
  const { maxAgeDays, maxBytes, keepDays } = limits;
  const sound = keepDays >= 1 && maxAgeDays >= keepDays && maxBytes >= 1_000_000;
  if (sound && [maxAgeDays, maxBytes, keepDays].every(Number.isInteger))
    return { maxAgeDays, maxBytes, keepDays };
  throw new Fault('bad-input', 'recordings cannot be kept like that', {
    hint: 'Keep them for at least a day, no longer than their greatest age, and give them at least 1 MB.',
  });
}

function checkedUrl(text: string): string {
  const url = URL.parse(text);
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:')) return url.origin;
  throw new Fault('bad-input', `"${text}" is not the address of a registry`, {
    hint: 'It looks like http://host:port.',
  });
}
