import type { UnitReport, PendingCase } from '#shared/contract/index.ts';
import { parseScan } from '#shared/domain/scan/index.ts';
import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import { type FaultView, type CallContext, useCall, useStationClient } from '#services/client/index.ts';
import type { Translator } from '#services/i18n/index.ts';
import { useToasts } from '#services/toasts/index.ts';
import { useSession, useSlots } from '#stores/index.ts';
import { isOfApprover } from '../approval/index.ts';

/** `flash`: other firmware, and the identity stays as it is. */
export type ReturnAction = UnitReport['actions'][number] | 'flash';

/** The pending call about the unit. */
export interface PendingWork {
  readonly kind: 'read' | 'find' | ReturnAction;
  readonly sinceMs: number;
}

/** A finished action. */
export interface Done {
  readonly action: ReturnAction;
  readonly deviceName: string | null;
}

/** The second person who approves, and their PIN. */
export interface Approver {
  readonly name: string;
  /** Empty at a station without PINs. */
  readonly pin: string;
}

/** What was entered for an action, without the PIN. */
export interface ReturnInput {
  readonly action: ReturnAction;
  readonly reason: string;
  readonly approver: string;
  /** The firmware that is written first; `null` for none. */
  readonly firmwareId: string | null;
}

/** Asking a unit takes seconds, more when it does not answer; writing, reading back and logging in take longer. */
const READ_MS = 60_000;
const ACT_MS = 180_000;
/** The largest image at the lowest speed takes 40 minutes. */
const FLASH_MS = 2_700_000;

/** The returned unit and the work on it. */
export const useReturns = defineStore('returns', () => {
  const slots = useSlots();
  const session = useSession();
  const client = useStationClient();
  const toasts = useToasts();

  const report = shallowRef<UnitReport | null>(null);
  /** The slot that holds the unit; `null` when the unit was found by a search. */
  const slot = ref<number | null>(null);
  /** Bluetooth address of a unit that is near; `null` for one on a slot or found by a search. */
  const address = ref<string | null>(null);
  /** The text that the unit was found by; `null` when it was read. */
  const searchText = ref<string | null>(null);
  const current = shallowRef<PendingWork | null>(null);
  const done = shallowRef<Done | null>(null);
  /** The input of an action that has not succeeded, for another attempt. */
  const input = shallowRef<ReturnInput | null>(null);
  /** Why the action was not begun: the approver was refused, or the call was not sent. Nothing was changed. */
  const notBegun = shallowRef<FaultView | null>(null);
  /** The user has stopped the writing of firmware: the unit may hold half an image. */
  const isFlashStopped = ref(false);
  /** Units that stopped a slot and wait for a decision. */
  const cases = useCall(({ call }) => call('returns.pendingCases', {}), { repeatAfterLoss: true });
  const pendingCases = computed((): readonly PendingCase[] => cases.data?.units ?? []);

  const request = useCall((context, task: (context: CallContext) => Promise<UnitReport>) => task(context));
  const work = computed(() => (request.pending ? current.value : null));
  const fault = computed(() => (notBegun.value === null ? request.fault : null));
  const acting = computed(
    () => work.value !== null && work.value.kind !== 'read' && work.value.kind !== 'find',
  );

  /** The firmware that is being written; `null` before and after that. */
  const transfer = computed(() =>
    acting.value ? (slots.slots.find((one) => one.slot === slot.value)?.transfer ?? null) : null,
  );
  /** A search can be given up, and the writing of firmware stopped; the writing of an identity goes to its end. */
  const canCancel = computed(() => work.value !== null && (!acting.value || transfer.value !== null));

  let isPageOpen = false;
  /** An action ended while the page was closed. Its result stays for its user, until they open the page again. */
  let isUnseen = false;
  watch(
    () => session.state?.user,
    () => isUnseen && clear(),
  );

  /**
   * Called when the page opens. Returns whether there is an action to show: one that goes on, or one that ended while the
   * page was closed.
   */
  function openPage(): boolean {
    isPageOpen = true;
    const hasAction = acting.value || isUnseen;
    isUnseen = false;
    return hasAction;
  }

  /** The next visit begins with an empty page, except while an action goes on. */
  function closePage(): void {
    isPageOpen = false;
    clear();
  }

  /** Whether the task succeeded. A pending write is not abandoned for another task. */
  async function perform(
    kind: PendingWork['kind'],
    task: (context: CallContext) => Promise<UnitReport>,
  ): Promise<boolean> {
    if (acting.value) return false;
    current.value = { kind, sinceMs: performance.now() };
    done.value = null;
    notBegun.value = null;
    isFlashStopped.value = false;
    const found = await request.run(task);
    if (found !== undefined) report.value = found;
    return found !== undefined;
  }

  async function read(number: number): Promise<void> {
    if (acting.value) return;
    place({ slot: number });
    await perform('read', ({ call }) => call('returns.read', { slot: number }, { timeoutMs: READ_MS }));
  }

  /** Reads the unit near with this Bluetooth address. */
  async function readNear(near: string): Promise<void> {
    if (acting.value) return;
    place({ address: near });
    await perform('read', ({ call }) => call('returns.read', { address: near }, { timeoutMs: READ_MS }));
  }

  /** Another unit: where it is, or what it is searched by. */
  function place(at: { slot?: number; address?: string; text?: string }): void {
    report.value = null;
    input.value = null;
    searchText.value = at.text ?? null;
    slot.value = at.slot ?? null;
    address.value = at.address ?? null;
  }

  async function find(text: string): Promise<void> {
    if (acting.value) return;
    place({ text });
    await perform('find', ({ call }) => call('returns.find', { text }, { timeoutMs: READ_MS }));
  }

  /** Reads or finds a unit by the text of the search field: a slot number, a slot code, or an identifier of the unit. */
  function readOrFind(input: string): void {
    const text = input.trim();
    if (text === '') return;
    const scan = parseScan(text);
    const plain = scan.kind === 'serial' ? scan.serialNumber : text;
    const number = scan.kind === 'slot' ? scan.slot : /^\d{1,2}$/.test(plain) ? Number(plain) : null;
    if (number !== null && slots.slots.some((one) => one.slot === number)) void read(number);
    else void find(text);
  }

  /** Shows the unit as it is now. */
  async function reload(): Promise<void> {
    if (slot.value !== null) await read(slot.value);
    else if (address.value !== null) await readNear(address.value);
    else if (searchText.value !== null) await find(searchText.value);
  }

  /** `firmwareId`: the firmware that is written first; `flash` needs one. */
  async function act(
    action: ReturnAction,
    reason: string,
    { name: approver, pin }: Approver,
    firmwareId: string | null = null,
  ): Promise<void> {
    const [number, near] = [slot.value, address.value];
    const signed = { reason, approver, ...(pin === '' ? {} : { approverPin: pin }) };
    if (number === null && (near === null || action === 'flash')) return;
    const isSent = client.responsive;
    const user = session.state?.user;
    input.value = { action, reason, approver, firmwareId };
    const timeoutMs = firmwareId === null ? ACT_MS : FLASH_MS;
    const succeeded = await perform(action, ({ call }) => {
      if (action === 'flash')
        return call(
          'returns.flash',
          { slot: number ?? 0, ...signed, firmwareId: firmwareId ?? '' },
          { timeoutMs },
        );
      const firmware = firmwareId === null ? {} : { firmwareId };
      const at = number === null ? { address: near ?? '' } : { slot: number };
      return call('returns.act', { ...at, ...signed, action, ...firmware }, { timeoutMs });
    });
    // It was stopped, so that the report is out of date.
    if (isFlashStopped.value) {
      report.value = null;
      input.value = null;
    }
    const { fault: failure } = request;
    // Another user has signed in meanwhile, and begins with an empty page.
    if (session.state?.user !== user) return clear();
    if (succeeded) {
      input.value = null;
      done.value = { action, deviceName: report.value?.bound?.deviceName ?? null };
    } else if (failure !== null && (!isSent || isOfApprover(failure))) notBegun.value = failure;
    if (!isPageOpen) tellElsewhere(failure);
  }

  /** Says on another page how the action ended, and keeps its result for the page. */
  function tellElsewhere(failure: FaultView | null): void {
    isUnseen = true;
    if (failure !== null) {
      const text = ({ fault: textsOf }: Translator): string => {
        const { message, action } = textsOf(failure.code, failure.details);
        return `${message} ${action}`;
      };
      toasts.show({ text, tone: 'bad' });
    } else if (done.value !== null) {
      const { action, deviceName } = done.value;
      const text = ({ t }: Translator): string =>
        t(`returns.done.${action}`, { deviceName: deviceName ?? '—' });
      toasts.show({ text, tone: 'good' });
    }
  }

  /** The user gives up the action that was entered. */
  function discardInput(): void {
    input.value = null;
    notBegun.value = null;
  }

  /** The page works without this list, so a fault of it is not shown. */
  async function loadPendingCases(): Promise<void> {
    await cases.run();
  }

  /** Stops reading, searching or the writing of firmware, see `canCancel`. */
  function cancel(): void {
    if (!canCancel.value) return;
    isFlashStopped.value = acting.value;
    request.cancel();
  }

  function clear(): void {
    if (acting.value) return;
    request.reset();
    place({});
    done.value = null;
    isUnseen = false;
    isFlashStopped.value = false;
    discardInput();
  }

  return {
    report,
    searchText,
    slot,
    address,
    work,
    fault,
    done,
    input,
    notBegun,
    isFlashStopped,
    pendingCases,
    acting,
    transfer,
    canCancel,
    openPage,
    closePage,
    loadPendingCases,
    read,
    readNear,
    find,
    readOrFind,
    reload,
    act,
    discardInput,
    cancel,
    clear,
  };
});
