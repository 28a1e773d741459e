import type { Yielder } from '#node-kit/async/index.ts';
import { unitIdOf } from '#shared/domain/unit-id.ts';
import type { DeviceView } from '#shared/registry-api/index.ts';
import type {
  BalanceCounts,
  BalanceEntry,
  BalanceList,
  BatchBalance,
  OpenReason,
} from '#shared/signed/index.ts';
import { STATION_OWNER } from '#shared/domain/device-owner.ts';
import type { BalanceRows, IssuedRow, UnsentIdentityRow } from '../../core/database/index.ts';

/** What a registry has of an identity. */
export type RegistryDevice = Pick<DeviceView, 'state' | 'chipId' | 'owner'>;

/** The devices of the registry by `PRODUCT/DEVICE`; a name that it does not know has no entry. */
export type RegistryDevices = ReadonlyMap<string, RegistryDevice>;

export type BalanceLists = BatchBalance['lists'];

export interface ComposedBalance {
  readonly lists: BalanceLists;
  readonly counts: BalanceCounts;
  /** False with an open identity, or a run that has not ended. */
  readonly addsUp: boolean;
}

type Placed = readonly [BalanceList, BalanceEntry];

/**
 * Puts each identity that a batch has issued into exactly one list. Faults: those of `Yielder.afterRows`.
 *
 * @param devices null: the registry was not asked
 */
export async function composeBalance(
  rows: BalanceRows,
  devices: RegistryDevices | null,
  yielder: Yielder,
): Promise<ComposedBalance> {
  const lists: Record<BalanceList, BalanceEntry[]> = {
    registered: [],
    retired: [],
    quarantined: [],
    returned: [],
    inDoubt: [],
    open: [],
  };
  const unsent = groupByName(rows.unsent);
  const seen = new Set<string>();
  for (const row of rows.issued) {
    const name = nameOf(row);
    const [list, entry] = place(row, unsent.get(name) ?? [], devices);
    if (seen.has(name)) throw new Error(`${name} is twice in the ledger`);
    seen.add(name);
    lists[list].push(entry);
    await yielder.afterRows(1);
  }
  const { registered, retired, quarantined, returned, inDoubt, open } = lists;
  const counts = {
    issued: rows.issued.length,
    registered: registered.length,
    retired: retired.length,
    quarantined: quarantined.length,
    returned: returned.length,
    inDoubt: inDoubt.length,
    open: open.length,
  };
  return { lists, counts, addsUp: open.length === 0 && rows.running === 0 && rows.unissued.length === 0 };
}

export function nameOf({ productId, deviceName }: Pick<IssuedRow, 'productId' | 'deviceName'>): string {
  return `${productId}/${deviceName}`;
}

function place(
  row: IssuedRow,
  unsent: readonly UnsentIdentityRow[],
  devices: RegistryDevices | null,
): Placed {
  const entry = entryOf(row);
  const open = (reason: OpenReason, detail = ''): Placed => ['open', { ...entry, open: { reason, detail } }];
  const contradiction = contradictionOf(row);
  if (contradiction !== null) return open('contradiction', contradiction);
  if (row.isLatest === 0) return ['returned', entry];
  const differs = devices === null ? null : differenceOf(row, devices.get(nameOf(row)) ?? null);
  if (differs !== null) return open('registry-differs', differs);
  const owner = devices?.get(nameOf(row))?.owner ?? null;
  // A customer may have bound it already; a station is no customer.
  if (owner?.startsWith(STATION_OWNER) === true && row.state === 'registered')
    return open('still-bound', `it is bound to ${owner}`);
  switch (row.state) {
    case 'claimed':
    case 'burning':
      return open(row.state);
    case 'burned':
      return open(...unsentReason(unsent));
    case 'registered':
      return ['registered', entry];
    case 'in-doubt':
      return ['inDoubt', entry];
    case 'quarantined':
      return ['quarantined', entry];
    case 'retired': {
      const waiting = unsent.find(({ kind, setAside }) => kind === 'identity.retired' && setAside === null);
      return waiting === undefined ? ['retired', entry] : open('retirement-not-sent', waiting.reason ?? '');
    }
    case 'available':
      return ['returned', entry];
    case 'returned':
      return open('contradiction', 'it was given back to the registry although it was issued before');
  }
}

function entryOf(row: IssuedRow): BalanceEntry {
  const { productId, deviceName, serialNumber, note, runId, at } = row;
  return {
    productId,
    deviceName: deviceName.toWellFormed(),
    serialNumber: serialNumber?.toWellFormed() ?? null,
    unit: unitIdOf(row).text.toWellFormed(),
    since: new Date(at).toISOString(),
    why: note.toWellFormed(),
    run: runId,
  };
}

const LIVE: ReadonlySet<string> = new Set(['claimed', 'burning', 'burned', 'registered', 'in-doubt']);

/** What contradicts itself in the ledger, in words; null for nothing. */
function contradictionOf(row: IssuedRow): string | null {
  const { state, isLatest, event, toState, heldBy, chipId, live, isConfirmed } = row;
  if (isLatest === 0)
    return event === 'release' ? null : 'another batch has issued it, and it was never released before';
  if (toState !== state) return `it is ${state}, and its history ends in ${toState}`;
  if (!LIVE.has(state)) return null;
  if (heldBy !== chipId) return `it was issued for unit ${chipId} and is of unit ${heldBy ?? 'none'}`;
  if (live > 1) return `unit ${chipId} has ${live} live identities`;
  if ((state === 'burned' || state === 'registered') && isConfirmed === 0)
    return `it is ${state}, and no device was read with it`;
  return null;
}

/** What the registry says that the ledger does not, in words; null for nothing. */
function differenceOf({ state, chipId }: IssuedRow, device: RegistryDevice | null): string | null {
  const isBound = device?.state === 'bound';
  switch (state) {
    case 'registered':
      if (device === null) return 'the registry does not know it';
      if (!isBound) return `at the registry it is ${device.state}`;
      return device.chipId === chipId ? null : `the registry has it on unit ${device.chipId ?? 'none'}`;
    // The registry may have seen its login before the burn was recorded here.
    case 'in-doubt':
      return isBound && device.chipId !== chipId
        ? `the registry has it on unit ${device.chipId ?? 'none'}`
        : null;
    case 'available':
      return isBound ? `the registry has it on unit ${device.chipId ?? 'none'}` : null;
    // Burned and retired identities wait for their messages, which `unsent` shows; support decides about quarantined ones.
    default:
      return null;
  }
}

function unsentReason(unsent: readonly UnsentIdentityRow[]): [OpenReason, string] {
  const waiting = unsent.filter(({ kind }) => kind !== 'identity.retired');
  const parked = waiting.find(({ state }) => state === 'parked');
  if (parked === undefined) return [waiting.length === 0 ? 'not-reported' : 'not-sent', ''];
  return parked.setAside === null ? ['refused', parked.reason ?? ''] : ['set-aside', parked.setAside];
}

function groupByName(rows: readonly UnsentIdentityRow[]): Map<string, UnsentIdentityRow[]> {
  const groups = new Map<string, UnsentIdentityRow[]>();
  for (const row of rows) {
    const name = nameOf(row);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [row]);
    else group.push(row);
  }
  return groups;
}
