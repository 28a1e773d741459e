import { Fault } from '#shared/domain/fault.ts';
import type { BleAdvertisement, BleFound, BleLimits, BleSearch } from '../../../core/platform/index.ts';
import type { SharedScan } from './shared-scan.ts';

/** An answer is valid for all slots of the station this long, so that sixteen slots do not ask every unit sixteen times. */
const ANSWER_LIFE_MS = 60_000;
/** A unit that breaks off is asked this often. */
const MAX_TRIES = 3;
/** Faults of a unit that was asked; the search goes on with the next one. */
const UNIT_FAULTS: readonly string[] = ['ble-unseen', 'ble-lost', 'device-silent', 'device-rejected'];

/** What units answered, shared by all slots. */
export class Answers {
  readonly #known = new Map<string, { readonly value: Promise<Uint8Array>; readonly atMs: number }>();

  /** The recent answer, or a new one. A failure is not kept, and does not fail another slot that waits for the same answer. */
  async of(unit: string, question: string, ask: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const key = `${question} of ${unit}`;
    const known = this.#known.get(key);
    if (known !== undefined && performance.now() - known.atMs < ANSWER_LIFE_MS) {
      const value = await known.value.catch(() => null);
      if (value !== null) return value;
    }
    const value = ask();
    this.#known.set(key, { value, atMs: performance.now() });
    try {
      return await value;
    } catch (error) {
      if (this.#known.get(key)?.value === value) this.#known.delete(key);
      throw error;
    }
  }
}

/** Finds the one unit whose advertisements fit. Faults: `ble-unseen`, `ble-ambiguous`. */
export async function findByAdvertisement(
  scan: SharedScan,
  search: BleSearch,
  { timeoutMs, signal }: BleLimits,
): Promise<BleFound> {
  const found = new Set<string>();
  const heard = new Set<string>();
  const look = (enough: number, forMs: number): Promise<boolean> =>
    scan.receive(
      null,
      (advertisement) => {
        heard.add(advertisement.address);
        if (search.fits(advertisement)) found.add(advertisement.address);
        return found.size >= enough;
      },
      forMs,
      signal,
    );
  if (!(await look(1, timeoutMs))) throw unseen(`heard ${heard.size} that do not fit`, timeoutMs);
  if (search.aloneMs > 0 && (await look(2, search.aloneMs))) throw ambiguous([...found]);
  const [address = ''] = found;
  return { address, asked: [] };
}

interface AskLimits extends BleLimits {
  readonly question: NonNullable<BleSearch['question']>;
  readonly answers: Answers;
  ask(address: string, signal: AbortSignal): Promise<Uint8Array>;
}

/**
 * Asks the units that fit, one after the other in the order in which they are heard, until one gives the answer of the
 * wanted one. Faults: `ble-unseen`, those of the adapter.
 */
export async function findByAnswer(
  scan: SharedScan,
  search: BleSearch,
  { timeoutMs, signal, question, answers, ask }: AskLimits,
): Promise<BleFound> {
  const waiting: string[] = [];
  const given = new Map<string, Uint8Array | null>();
  const tries = new Map<string, number>();
  const heard = new Set<string>();
  const over = new AbortController();
  let wake = Promise.withResolvers<void>();
  const consider = (advertisement: BleAdvertisement): boolean => {
    const { address } = advertisement;
    heard.add(address);
    const mayBe = (given.get(address) ?? null) === null && (tries.get(address) ?? 0) < MAX_TRIES;
    if (mayBe && !waiting.includes(address) && search.fits(advertisement)) {
      waiting.push(address);
      wake.resolve();
    }
    return false;
  };
  // It scans as long as no unit is connected to; the time of scanning alone counts.
  const listening = scan
    .receive(null, consider, timeoutMs, AbortSignal.any([signal, over.signal]))
    .then(
      () => null,
      (error: unknown) => error,
    )
    .finally(() => over.abort());
  over.signal.addEventListener('abort', () => wake.resolve());
  const key = `${question.service}/${question.characteristic}`;
  try {
    while (!over.signal.aborted || waiting.length > 0) {
      const address = waiting[0];
      if (address === undefined) {
        await wake.promise;
        wake = Promise.withResolvers<void>();
        continue;
      }
      tries.set(address, (tries.get(address) ?? 0) + 1);
      const value = await answers.of(address, key, () => ask(address, signal)).catch(noAnswer);
      given.set(address, value);
      waiting.shift();
      if (value !== null && question.isAnswer(value)) return { address, asked: hexOf(given) };
    }
  } finally {
    over.abort();
  }
  const error = await listening;
  if (error !== null) throw error;
  const others = [...given.values()].filter((value) => value !== null).length;
  throw unseen(`heard ${heard.size}, and ${others} of them answered as another unit`, timeoutMs);
}

function noAnswer(error: unknown): null {
  if (error instanceof Fault && UNIT_FAULTS.includes(error.code)) return null;
  throw error;
}

function hexOf(given: ReadonlyMap<string, Uint8Array | null>): BleFound['asked'] {
  return [...given].map(([address, value]) => ({
    address,
    value: value === null ? null : Buffer.from(value).toString('hex').toUpperCase(),
  }));
}

/** @param what what was heard instead */
function unseen(what: string, timeoutMs: number): Fault {
  return new Fault(
    'ble-unseen',
    `no unit that fits device.ble.find was received over Bluetooth in ${timeoutMs} ms: ${what}`,
    {
      hint: 'Check that the unit has power, then test it again.',
      details: { timeoutMs },
    },
  );
}

function ambiguous(addresses: readonly string[]): Fault {
  return new Fault('ble-ambiguous', `device.ble.find fits more than one unit: ${addresses.join(', ')}`, {
    hint: 'Take the others away, or add an answer to device.ble.find.',
    details: { addresses: addresses.join(', ') },
  });
}
