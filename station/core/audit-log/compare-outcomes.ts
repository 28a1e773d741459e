import type { StationRun, StationRunsReply } from '#shared/registry-api/index.ts';
import type { RunRow, ReadableDatabase } from '../database/index.ts';
import { readDetails } from './audit-trail.ts';
import { readAcceptedLoss } from './accepted-loss.ts';

/** A run that differs between the registry and this station. */
export interface Discrepancy {
  readonly runId: string;
  readonly serialNumber: string | null;
  readonly what: 'outcome' | 'serial-number' | 'unit' | 'triple' | 'missing-here' | 'missing-there';
  readonly here: string | null;
  readonly there: string | null;
}

export interface OutcomeComparison {
  readonly runs: number;
  /** Runs that remained in the database that a restore has replaced. */
  readonly leftBehind: number;
  /** Runs that are missing here, and no more of them than restores have accepted as lost. */
  readonly lost: number;
  /** At most 1000. */
  readonly discrepancies: readonly Discrepancy[];
  readonly count: number;
}

/** Fetches the runs after the named one; null at a registry that does not report them. */
type FetchRuns = (after: string) => Promise<StationRunsReply | null>;

const MAX_NAMED = 1000;

/**
 * Compares each run that the registry has of this station with the station's own, page by page, and checks that the registry has
 * each run whose message it has acknowledged. Null at a registry that does not report runs.
 *
 * @param now a connection without a snapshot: a run that ends meanwhile is in it before its message is sent
 * @param before a connection with a snapshot of before the registry was asked
 */
export async function compareOutcomes(
  now: ReadableDatabase,
  before: ReadableDatabase,
  fetchRuns: FetchRuns,
): Promise<OutcomeComparison | null> {
  const accepted = readAcceptedLoss(before);
  const acknowledged = before.runs.iterateAcknowledgedSince(acknowledgedSince(before))[Symbol.iterator]();
  const discrepancies: Discrepancy[] = [];
  let count = 0;
  let runs = 0;
  let leftBehind = 0;
  const missingHere: StationRun[] = [];
  let missing = 0;
  const add = (discrepancy: Discrepancy): void => {
    count += 1;
    if (discrepancies.length < MAX_NAMED) discrepancies.push(discrepancy);
  };
  const missingThere = (runId: string): void => {
    const { serialNumber = null, outcome = null } = before.runs.findById(runId) ?? {};
    add({ runId, serialNumber, what: 'missing-there', here: outcome, there: null });
  };
  let own = acknowledged.next();
  for (let after = '', more = true; more;) {
    const page = await fetchRuns(after);
    if (page === null) return null;
    for (const there of page.runs) {
      runs += 1;
      after = there.runId;
      for (; own.done !== true && own.value < there.runId; own = acknowledged.next()) missingThere(own.value);
      if (own.done !== true && own.value === there.runId) own = acknowledged.next();
      const here = now.runs.findById(there.runId);
      if (here !== null) for (const discrepancy of compare(here, there)) add(discrepancy);
      else if (accepted.leftBehind.has(there.runId)) leftBehind += 1;
      else {
        missing += 1;
        if (missingHere.length < MAX_NAMED) missingHere.push(there);
      }
    }
    more = page.more && page.runs.length > 0;
  }
  for (; own.done !== true; own = acknowledged.next()) missingThere(own.value);
  // Which runs were lost is unknown. With one more than was accepted, each of them may have been removed by hand.
  const lost = missing <= accepted.unnamed ? missing : 0;
  if (lost < missing) {
    for (const there of missingHere)
      add({ ...identityOf(there), what: 'missing-here', here: null, there: there.outcome });
    count += missing - missingHere.length;
  }
  return { runs, leftBehind, lost, discrepancies, count };
}

/** Earlier messages were sent to another registry or under another name. */
function acknowledgedSince(database: ReadableDatabase): number {
  const moves = [
    ...database.audit.listOfSubject('registry.url'),
    ...database.audit.listOfSubject('station.name'),
  ].filter(({ details }) => {
    const { from, to } = readDetails(details);
    return from !== to;
  });
  return Math.max(0, ...moves.map(({ at }) => at));
}

function* compare(here: RunRow, there: StationRun): Generator<Discrepancy> {
  const tripleOf = ({ productId, deviceName }: Pick<StationRun, 'productId' | 'deviceName'>): string | null =>
    productId === null || deviceName === null ? null : `${productId}/${deviceName}`;
  const pairs = [
    ['outcome', here.outcome, there.outcome],
    ['serial-number', here.serialNumber, there.serialNumber],
    ['unit', here.chipId, there.chipId],
    // The registry knows the triple of a run only when it was burned by then.
    ['triple', there.productId === null ? null : tripleOf(here), tripleOf(there)],
  ] as const;
  for (const [what, mine, theirs] of pairs)
    if (mine !== theirs) yield { ...identityOf(there), what, here: mine, there: theirs };
}

function identityOf({ runId, serialNumber }: StationRun): Pick<Discrepancy, 'runId' | 'serialNumber'> {
  return { runId, serialNumber };
}
