/** What binds a data directory to its place in the world: the station's name and its registry. */
import { createHmac } from 'node:crypto';
import { hostname } from 'node:os';
import { Fault } from '#shared/domain/fault.ts';
import { stationName } from '#shared/registry-api/index.ts';
import { counted, pluralForm } from '#shared/words/index.ts';
import { RECORDING_LIMITS, type RecordingLimits } from '../../execution/recording/index.ts';
import { type Actor, type AuditTrail, STATION_ITSELF } from '../../core/audit-log/index.ts';
import { SECRET_DIGEST_KEY, type Vault } from '../../identity/index.ts';
import type { Random } from '../../core/platform/index.ts';
import { registryBaseUrl } from '../../registry-sync/client/index.ts';
import type { WritableDatabase } from '../../core/database/index.ts';

const NAME = 'station.name';
const REGISTRY_URL = 'registry.url';
const RECORDINGS = 'recordings.limits';
const REGISTRY_TOKEN = 'registry.token';
/** '1' when the token is this station's own. */
const TOKEN_IS_OWN = 'registry.token-is-own';
/** SHA-256 of the registry's certificate; '' when none was agreed on. */
const REGISTRY_FINGERPRINT = 'registry.fingerprint';
const STATION_SECRET = 'station.secret';
/** Settings that are sealed; each belongs to its own name. */
export const SEALED_SETTINGS: readonly string[] = [REGISTRY_TOKEN, STATION_SECRET, SECRET_DIGEST_KEY];

export interface RegistryBinding {
  readonly url: string;
  readonly token: string;
  /** SHA-256 of its certificate; left out, this computer's authorities decide. */
  readonly fingerprint?: string | null | undefined;
}

/** As it is kept: `isOwn` when the token is this station's alone, and no more to be exchanged for one. */
export interface KeptBinding extends RegistryBinding {
  readonly isOwn: boolean;
  readonly fingerprint: string | null;
}

export interface Settings {
  station(): string;
  registry(): KeptBinding | null;
  /**
   * The token that this station exchanges an enrolment token for: the same whenever it is asked, and nothing about
   * another one of its tokens can be told from it.
   */
  ownToken(enrolmentToken: string, station: string): string;
  /** The registry has taken `token` for this station's own: what was `configured` is forgotten. */
  keepOwnToken(configured: string, token: string): void;
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

export function createSettings(
  database: WritableDatabase,
  vault: Vault,
  audit: AuditTrail,
  random: Pick<Random, 'bytes'>,
): Settings {
  const unseal = <T>(name: string, use: (secret: string) => T): T | null => {
    const sealed = database.meta.get(name);
    return sealed === null ? null : vault.reveal(Buffer.from(sealed, 'base64'), name, use);
  };
  const seal = (name: string, secret: string): void =>
    database.meta.set(name, Buffer.from(vault.seal(secret, name)).toString('base64'));

  const settings: Settings = {
    station: () => database.meta.get(NAME) ?? hostname(),
    registry() {
      const url = database.meta.get(REGISTRY_URL);
      const token = unseal(REGISTRY_TOKEN, (text) => text);
      if (url === null || token === null) return null;
      const fingerprint = database.meta.get(REGISTRY_FINGERPRINT) || null;
      return { url, token, fingerprint, isOwn: database.meta.get(TOKEN_IS_OWN) === '1' };
    },
    ownToken(enrolmentToken, station) {
      const derive = (secret: string): string =>
        createHmac('sha256', Buffer.from(secret, 'base64'))
          .update(JSON.stringify(['gongwei station token', enrolmentToken, station]))
          .digest('base64url');
      return database.transaction(() => {
        const known = unseal(STATION_SECRET, derive);
        if (known !== null) return known;
        const secret = Buffer.from(random.bytes(32)).toString('base64');
        seal(STATION_SECRET, secret);
        return derive(secret);
      });
    },
    keepOwnToken(configured, token) {
      database.transaction(() => {
        // Bound to another registry meanwhile: this answer is not about that one.
        if (settings.registry()?.token !== configured) return;
        seal(REGISTRY_TOKEN, token);
        database.meta.set(TOKEN_IS_OWN, '1');
      });
    },
    recordings: () => recordingLimits(database),
    configure({ station, registry, recordings }, by = STATION_ITSELF) {
      if (station !== undefined && !stationName.safeParse(station).success) {
        throw new Fault('bad-input', `"${station}" cannot be a station's name`, {
          hint: 'Use 1 to 64 printable characters.',
        });
      }
      const url = registry === undefined ? null : registryBaseUrl(registry.url);
      const limits =
        recordings === undefined ? null : checkedLimits({ ...settings.recordings(), ...recordings });
      database.transaction(() => {
        // What is said again is no change, and nothing to keep a record of.
        if (station !== undefined && station !== database.meta.get(NAME)) {
          refuseWhileLeased(database, settings.station(), station);
          refuseWhileUnsent(database, settings, station);
          if (registry === undefined) refuseWithOwnToken(settings, station);
          audit.record(by, 'settings.station', NAME, { from: database.meta.get(NAME), to: station });
          database.meta.set(NAME, station);
        }
        const kept = settings.recordings();
        if (limits !== null && JSON.stringify(limits) !== JSON.stringify(kept)) {
          audit.record(by, 'settings.recordings', RECORDINGS, {
            from: JSON.stringify(kept),
            to: JSON.stringify(limits),
          });
          database.meta.set(RECORDINGS, JSON.stringify(limits));
        }
        if (registry === undefined || url === null) return;
        const before = settings.registry();
        const exchanged =
          before?.isOwn === true && before.token === settings.ownToken(registry.token, settings.station());
        const newToken = !exchanged && before?.token !== registry.token;
        const fingerprint = registry.fingerprint ?? null;
        if (before?.url === url && before.fingerprint === fingerprint && !newToken) return;
        audit.record(by, 'settings.registry', REGISTRY_URL, {
          from: before?.url ?? null,
          to: url,
          newToken,
          ...(fingerprint === null ? {} : { fingerprint }),
        });
        database.meta.set(REGISTRY_FINGERPRINT, fingerprint ?? '');
        database.meta.set(REGISTRY_URL, url);
        if (!newToken) return;
        seal(REGISTRY_TOKEN, registry.token);
        database.meta.set(TOKEN_IS_OWN, '0');
      });
    },
  };
  return settings;
}

/** The registry takes the results of a lease from the station that has it, and knows that one by its name. */
function refuseWhileLeased(database: WritableDatabase, from: string, to: string): void {
  const inHand = database.leases.countOutstanding();
  if (inHand === 0 || from === to) return;
  throw new Fault(
    'bad-input',
    `${counted(inHand, 'triple is', 'triples are')} leased to "${from}": as "${to}" their results would be refused`,
    {
      hint: 'Give back what is unused ("triples return"), send the rest ("sync drain"), retire what never comes back ("triples retire"); then change the name.',
      details: { from, to, inHand },
    },
  );
}

/** What was done under one name is taken from the station of that name alone. */
function refuseWhileUnsent(database: WritableDatabase, settings: Settings, to: string): void {
  const from = settings.station();
  const { pending, parked } = database.outbox.getCounts();
  if (settings.registry() === null || from === to || pending + parked === 0) return;
  throw new Fault(
    'bad-input',
    `${counted(pending + parked, 'message')} of "${from}" ${pluralForm('en', pending + parked, ['is', 'are'])} not sent: as "${to}" they would be refused`,
    {
      hint: 'Send them first ("sync drain"), and settle what is parked ("sync status"); then change the name.',
      details: { from, to, unsent: pending + parked },
    },
  );
}

/** The registry knows this station by its token, and under no other name. */
function refuseWithOwnToken(settings: Settings, to: string): void {
  const from = settings.station();
  if (settings.registry()?.isOwn !== true || from === to) return;
  throw new Fault('bad-input', `the registry knows this station as "${from}" by its own token`, {
    hint: `Bind it again as "${to}": give --registry and --token (or --token-file) together with --station.`,
    details: { from, to },
  });
}

/** As somebody set them, or as they are by themselves. */
export function recordingLimits(database: WritableDatabase): RecordingLimits {
  const text = database.meta.get(RECORDINGS);
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
