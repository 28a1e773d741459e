import {
  type AmpeAction,
  type AmpeCallName,
  type AmpeDelivery,
  type AmpeListener,
  type AmpeReply,
  atPath,
} from '#shared/domain/ampe.ts';
import { type AmpeRefusal, refusalOf } from '#shared/domain/ampe-refusal.ts';
import { Fault } from '#shared/domain/fault.ts';
import { encodeMessage, heardOn, unreadable, type Wire } from '../../serial-io/index.ts';
import { type AmpeLines, listenToAmpe } from './ampe-reader.ts';

/** So much of a terminal's own text is told. */
const TOLD_CHARACTERS = 200;
const TASK_CHARACTERS = 64;
/** And so much of it on the operator's screen. */
const SHOWN_CHARACTERS = 60;

/** A value of a parameter: JSON of any depth. */
export type AmpeValue =
  string | number | boolean | null | readonly AmpeValue[] | { readonly [key: string]: AmpeValue };

export interface AmpeRequest {
  /** What is asked; with neither, nothing is sent and only a delivery is awaited. */
  readonly action?: AmpeAction | undefined;
  readonly call?: AmpeCallName | undefined;
  readonly event?: 'open' | 'close' | undefined;
  /** One of the station's own when left out. */
  readonly taskId?: string | undefined;
  readonly params?: Readonly<Record<string, AmpeValue>> | undefined;
  /** The delivery that is awaited after the reply. */
  readonly listener?: AmpeListener | undefined;
  /** False: it must be refused; true when left out. */
  readonly success?: boolean | undefined;
  /** A message without this path is passed over, unless it is a refusal. */
  readonly awaitPath?: string | undefined;
}

/**
 * Asks a terminal and awaits the reply to that task, then what the listener delivers, both within `withinMs`. A listener
 * that reports a failed search is listened to until the time is over. Faults: `device-silent`; `device-unreadable` for noise;
 * `device-garbled` when what came is no message, or a reply that does not say whether it was done; `device-rejected` when
 * it refuses what it should do, or does what it should refuse, with the words
 * of document 004; `port-lost`, the signal's reason.
 */
export async function callAmpe(
  wire: Wire,
  request: AmpeRequest,
  { withinMs }: { readonly withinMs: number },
  signal: AbortSignal,
): Promise<AmpeReply | AmpeDelivery> {
  const { action, call, listener, success: wanted = true } = request;
  const name = action ?? call;
  const taskId = request.taskId ?? `${name ?? 'listen'}-${wire.nextNumber()}`;
  // A reply may come before the last byte of the request has left.
  using lines = listenToAmpe(wire, name === undefined ? wire.heard.text : '');
  if (name !== undefined) {
    const { event = 'open', params = {} } = request;
    const asked = action === undefined ? { call, taskId, params } : { action, event, taskId, params };
    await wire.send(encodeMessage({ text: JSON.stringify(asked), end: 'lf' }, wire), signal);
  }
  let replied = name === undefined;
  /** A reply came that has not what is awaited: a recipe of before the listeners awaits it of a delivery. */
  let passed = false;
  let otherTask: string | null = null;
  /** Says neither that it was done nor that it was refused: the echo of a line, or a reply that proves nothing. */
  let unclear: AmpeReply | null = null;
  let failed: { readonly said: AmpeDelivery; readonly refusal: AmpeRefusal } | null = null;
  const take = (): AmpeReply | AmpeDelivery | null => {
    for (let said = lines.next(); said !== null; said = lines.next()) {
      const refusal = refusalOf(said);
      if (said.kind === 'reply') {
        // The reply to an earlier task comes late.
        if (replied || said.action !== name) continue;
        if (said.taskId !== null && said.taskId !== taskId) {
          otherTask = said.taskId;
          continue;
        }
        if (said.success === null && (refusal?.code ?? null) === null) {
          unclear = said;
          continue;
        }
        if (refusal !== null) return checked(said, refusal, wanted);
        if (listener !== undefined) replied = true;
        else if (!passedOver(said)) return checked(said, null, wanted);
        else passed = true;
      } else if (listener === undefined ? passed : replied && said.listener === listener) {
        if (passedOver(said)) continue;
        if (refusal === null) return checked(said, null, wanted);
        if (!wanted) return said;
        failed = { said, refusal };
      }
    }
    return null;
  };
  const found = await wire.until(take, withinMs, signal);
  if (found !== null) return found;
  const last = failed as { said: AmpeDelivery; refusal: AmpeRefusal } | null;
  if (last !== null) throw refused(last.said, last.refusal);
  if (unclear !== null && !replied) throw undecided(unclear);
  if (replied && listener !== undefined && !lines.heardOther) throw undelivered(wire, listener, withinMs);
  throw silent(wire, lines, replied ? (listener ?? name ?? '') : (name ?? ''), {
    withinMs,
    taskId,
    otherTask,
  });

  function passedOver(said: AmpeReply | AmpeDelivery): boolean {
    return request.awaitPath !== undefined && atPath(said, request.awaitPath) === undefined;
  }
}

function checked<S extends AmpeReply | AmpeDelivery>(
  said: S,
  refusal: AmpeRefusal | null,
  wanted: boolean,
): S {
  if ((refusal === null) === wanted) return said;
  if (refusal !== null) throw refused(said, refusal);
  const what = nameOf(said);
  throw new Fault('device-rejected', `the terminal did ${what}, which it should have refused`, {
    hint: 'Try once more; when it stays so, the unit is faulty.',
    details: { command: what, code: null },
  });
}

function undecided(said: AmpeReply): Fault {
  return new Fault(
    'device-garbled',
    `the reply to ${nameOf(said)} does not say whether it was done: "success" is not true or false`,
    {
      hint: 'Check the bridge on the terminal, and whether the line echoes: a reply has "success", true or false.',
    },
  );
}

function refused(said: AmpeReply | AmpeDelivery, { code, reason }: AmpeRefusal): Fault {
  const message = said.kind === 'reply' ? said.message.trim().slice(0, TOLD_CHARACTERS) : '';
  const own = message === '' || message === '成功' || message === reason?.zh ? [] : [`it says "${message}"`];
  const words = [
    ...(reason === null ? [] : [`${reason.en} (${reason.zh})`]),
    ...(code === null ? [] : [`code ${code}`]),
    ...own,
  ];
  const command = nameOf(said);
  return new Fault(
    'device-rejected',
    `the terminal refused ${command}: ${words.join(', ') || 'it says nothing more'}`,
    {
      hint: 'Try once more; when it stays so, the unit is faulty.',
      details: {
        command,
        code,
        ...(reason === null && own.length > 0 ? { said: message.slice(0, SHOWN_CHARACTERS) } : {}),
        ...(reason === null ? {} : { reason: reason.en, reasonZh: reason.zh, remedy: reason.remedy }),
      },
    },
  );
}

function nameOf(said: AmpeReply | AmpeDelivery): string {
  return said.kind === 'reply' ? said.action : said.listener;
}

/** The terminal is there: it has replied, or was asked nothing. */
function undelivered({ path }: Wire, listener: AmpeListener, withinMs: number): Fault {
  return new Fault('device-silent', `${listener} delivered nothing on ${path} in ${withinMs} ms`, {
    hint: 'Check that what it waits for happened (a card, a person), and that the bridge program passes its deliveries on.',
    details: { port: path, command: listener, timeoutMs: withinMs },
  });
}

function silent(
  wire: Wire,
  lines: AmpeLines,
  what: string,
  task: { readonly withinMs: number; readonly taskId: string; readonly otherTask: string | null },
): Fault {
  const { withinMs, taskId, otherTask } = task;
  const details = { port: wire.path, command: what, timeoutMs: withinMs };
  if (wire.isUnreadable) return unreadable(heardOn(wire), what, 'no text');
  if (lines.heardOther) {
    return new Fault('device-garbled', `what came on ${wire.path} in ${withinMs} ms is no reply to ${what}`, {
      hint: 'Check the bridge program and the baud rate: it sends one JSON object a line, in UTF-8.',
      details,
    });
  }
  const other =
    otherTask === null
      ? ''
      : `; one came for the task "${otherTask.slice(0, TASK_CHARACTERS)}", not "${taskId}"`;
  return new Fault('device-silent', `no reply to ${what} on ${wire.path} in ${withinMs} ms${other}`, {
    hint: 'Check that the terminal is on and its bridge program runs.',
    details,
  });
}
