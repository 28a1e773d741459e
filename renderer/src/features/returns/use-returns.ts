import type { UnitReport, PendingCase } from '#shared/contract/index.ts';
import type { FaultCode } from '#shared/domain/fault.ts';
import { parseScan } from '#shared/domain/scan/index.ts';
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { asFault, type FaultView, useStationClient } from '#services/client/index.ts';
import { useSlots } from '#stores/index.ts';

export type ReturnAction = UnitReport['actions'][number];

/** What the desk is waiting for. */
export interface Work {
  readonly kind: 'read' | 'find' | ReturnAction;
  readonly sinceMs: number;
}

/** What an action came to. */
export interface Done {
  readonly action: ReturnAction;
  readonly deviceName: string | null;
}

/** The second person who approves, and their PIN. */
export interface Approver {
  readonly name: string;
  /** Empty at a station where nobody has a PIN. */
  readonly pin: string;
}

/** What was to be done, when the second person's word was not taken: nothing was changed, and it can be tried again. */
export interface Unapproved {
  readonly action: ReturnAction;
  readonly reason: string;
  readonly approver: string;
  readonly fault: FaultView;
}
const OF_THE_APPROVER: ReadonlySet<string> = new Set([
  'approver-refused',
  'pin-wrong',
  'pin-locked',
  'pin-short',
] satisfies FaultCode[]);

/** Asking a unit takes seconds, more when it does not answer; writing, reading back and logging in take longer. */
const READ_MS = 60_000;
const ACT_MS = 180_000;

/** The unit on the desk, and what is being done with it. */
export const useReturns = defineStore('returns', () => {
  const client = useStationClient();
  const slots = useSlots();

  const report = shallowRef<UnitReport | null>(null);
  /** The slot where the unit lies; `null` when it was found without it. */
  const slot = ref<number | null>(null);
  /** What the unit was found by; `null` when it was read on a slot. */
  const sought = ref<string | null>(null);
  const work = shallowRef<Work | null>(null);
  const fault = shallowRef<FaultView | null>(null);
  const done = shallowRef<Done | null>(null);
  const unapproved = shallowRef<Unapproved | null>(null);
  /** Units that stopped a slot and that nobody has decided about. */
  const waiting = shallowRef<readonly PendingCase[]>([]);
  let stop = new AbortController();

  const acting = computed(
    () => work.value !== null && work.value.kind !== 'read' && work.value.kind !== 'find',
  );

  async function during(
    kind: Work['kind'],
    task: (signal: AbortSignal) => Promise<UnitReport>,
  ): Promise<boolean> {
    // A write that is under way is not abandoned for something else.
    if (acting.value) return false;
    stop.abort();
    const mine = (stop = new AbortController());
    work.value = { kind, sinceMs: performance.now() };
    fault.value = null;
    done.value = null;
    unapproved.value = null;
    try {
      const found = await task(mine.signal);
      if (mine === stop) report.value = found;
      return mine === stop;
    } catch (error) {
      if (mine === stop) fault.value = asFault(error);
      return false;
    } finally {
      if (mine === stop) work.value = null;
    }
  }

  async function read(number: number): Promise<void> {
    report.value = null;
    sought.value = null;
    slot.value = number;
    await during('read', (signal) =>
      client.call('returns.read', { slot: number }, { signal, timeoutMs: READ_MS }),
    );
  }

  async function find(text: string): Promise<void> {
    report.value = null;
    sought.value = text;
    slot.value = null;
    await during('find', (signal) => client.call('returns.find', { text }, { signal, timeoutMs: READ_MS }));
  }

  /** One line from the field: the number of a slot, a card's slot code, or a name of the unit. */
  function take(line: string): void {
    const text = line.trim();
    if (text === '') return;
    const scan = parseScan(text);
    const plain = scan.kind === 'serial' ? scan.serialNumber : text;
    const number = scan.kind === 'slot' ? scan.slot : /^\d{1,2}$/.test(plain) ? Number(plain) : null;
    if (number !== null && slots.slots.some((one) => one.slot === number)) void read(number);
    else void find(text);
  }

  async function act(action: ReturnAction, reason: string, { name: approver, pin }: Approver): Promise<void> {
    const number = slot.value;
    if (number === null) return;
    const order = { slot: number, action, reason, approver, ...(pin === '' ? {} : { approverPin: pin }) };
    const ended = await during(action, (signal) =>
      client.call('returns.act', order, { signal, timeoutMs: ACT_MS }),
    );
    if (fault.value !== null && OF_THE_APPROVER.has(fault.value.code)) {
      unapproved.value = { action, reason, approver, fault: fault.value };
      fault.value = null;
    }
    if (ended) done.value = { action, deviceName: report.value?.bound?.deviceName ?? null };
  }

  /** A list to begin with: without it the desk works as well. */
  async function look(): Promise<void> {
    try {
      waiting.value = (await client.call('returns.pendingCases', {})).units;
    } catch {
      waiting.value = [];
    }
  }

  /** Stops reading or searching; a write goes to its end. */
  function cancel(): void {
    if (acting.value) return;
    stop.abort();
  }

  function clear(): void {
    if (acting.value) return;
    stop.abort();
    stop = new AbortController();
    report.value = null;
    sought.value = null;
    slot.value = null;
    work.value = null;
    fault.value = null;
    done.value = null;
    unapproved.value = null;
  }

  return {
    report,
    sought,
    slot,
    work,
    fault,
    done,
    unapproved,
    waiting,
    acting,
    look,
    read,
    find,
    take,
    act,
    cancel,
    clear,
  };
});
