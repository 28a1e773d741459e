import {
  AMPE_UNANSWERED,
  type AmpeAction,
  type AmpeCallName,
  type AmpeDelivery,
  type AmpeListener,
  type AmpeReply,
  atPath,
} from '#shared/domain/ampe.ts';
import { type AmpeRefusal, refusalOf } from '#shared/domain/ampe-refusal.ts';
import { Fault } from '#shared/domain/fault.ts';
import { encodeMessage, type SerialIo, unreadableBytes, unreadableFault } from '../../serial-io/index.ts';
import { AmpeReader } from './ampe-reader.ts';

/** How much of a terminal's own text a fault has. */
const MESSAGE_CHARACTERS = 200;
const TASK_CHARACTERS = 64;
/** How much of it is shown to the operator. */
const SHOWN_CHARACTERS = 60;

/** A value of a parameter: JSON of any depth. */
export type AmpeValue =
  | string
  | number
  | boolean
  | null
  | readonly AmpeValue[]
  | { readonly [key: string]: AmpeValue };

export interface AmpeRequest {
  /** The action or call to request; with neither, nothing is sent and only a delivery is awaited. */
  readonly action?: AmpeAction | undefined;
  readonly call?: AmpeCallName | undefined;
  readonly event?: 'open' | 'close' | undefined;
  /** Generated when absent. */
  readonly taskId?: string | undefined;
  readonly params?: Readonly<Record<string, AmpeValue>> | undefined;
  /** The listener whose delivery is awaited after the reply. */
  readonly listener?: AmpeListener | undefined;
  /** False when the terminal must refuse; true when absent. */
  readonly success?: boolean | undefined;
  /** A message without this path is skipped, unless it is a refusal. */
  readonly awaitPath?: string | undefined;
}

/**
 * Sends a request to a terminal and waits for the reply to its task, then for the listener's delivery, both within
 * `timeoutMs`. Of an action without a printed reply (`AMPE_UNANSWERED`) the delivery is enough. A listener that reports a failed search is awaited until the time is over. Faults: `device-silent`;
 * `device-unreadable` for noise; `device-garbled` when the received text is no message, or a reply without a result;
 * `device-rejected` when the terminal refuses an action, or performs one that it should refuse, with the words of
 * document 004; `port-lost`, the signal's reason.
 */
export async function callAmpe(
  io: SerialIo,
  request: AmpeRequest,
  { timeoutMs }: { readonly timeoutMs: number },
  signal: AbortSignal,
): Promise<AmpeReply | AmpeDelivery> {
  const { action, call, listener, success: wanted = true } = request;
  const name = action ?? call;
  const taskId = request.taskId ?? `${name ?? 'listen'}-${io.nextRequestNumber()}`;
  // A reply may come before the last byte of the request has left.
  using reader = new AmpeReader(io, name === undefined ? io.received.text : '');
  if (name !== undefined) {
    const { event = 'open', params = {} } = request;
    const message = action === undefined ? { call, taskId, params } : { action, event, taskId, params };
    await io.send(encodeMessage({ text: JSON.stringify(message), end: 'lf' }, io), signal);
  }
  let replied = name === undefined;
  const needsReply = name === undefined || !AMPE_UNANSWERED.includes(name);
  /** A reply without the awaited path came: recipes without `listener` await that path in a delivery. */
  let skippedReply = false;
  let otherTask: string | null = null;
  /** A reply that says neither done nor refused, such as the echo of the request. */
  let unclear: AmpeReply | null = null;
  let failed: { readonly message: AmpeDelivery; readonly refusal: AmpeRefusal } | null = null;
  const take = (): AmpeReply | AmpeDelivery | null => {
    for (let message = reader.next(); message !== null; message = reader.next()) {
      const refusal = refusalOf(message);
      if (message.kind === 'reply') {
        // A late reply to an earlier task.
        if (replied || message.action !== name) continue;
        if (message.taskId !== null && message.taskId !== taskId) {
          otherTask = message.taskId;
          continue;
        }
        if (message.success === null && (refusal?.code ?? null) === null) {
          unclear = message;
          continue;
        }
        if (refusal !== null) return checked(message, refusal, wanted);
        if (listener !== undefined) replied = true;
        else if (!isSkipped(message)) return checked(message, null, wanted);
        else skippedReply = true;
      } else if (
        listener === undefined ? skippedReply : (replied || !needsReply) && message.listener === listener
      ) {
        if (isSkipped(message)) continue;
        if (refusal === null) return checked(message, null, wanted);
        if (!wanted) return message;
        failed = { message, refusal };
      }
    }
    return null;
  };
  const found = await io.waitFor(take, timeoutMs, signal);
  if (found !== null) return found;
  const last = failed as { message: AmpeDelivery; refusal: AmpeRefusal } | null;
  if (last !== null) throw refused(last.message, last.refusal);
  if (unclear !== null && !replied) throw undecided(unclear);
  if (replied && listener !== undefined && !reader.hasOther) throw undelivered(io, listener, timeoutMs);
  throw noReply(io, reader, replied ? (listener ?? name ?? '') : (name ?? ''), {
    timeoutMs,
    taskId,
    otherTask,
  });

  function isSkipped(message: AmpeReply | AmpeDelivery): boolean {
    return request.awaitPath !== undefined && atPath(message, request.awaitPath) === undefined;
  }
}

function checked<S extends AmpeReply | AmpeDelivery>(
  message: S,
  refusal: AmpeRefusal | null,
  wanted: boolean,
): S {
  if ((refusal === null) === wanted) return message;
  if (refusal !== null) throw refused(message, refusal);
  const what = nameOf(message);
  throw new Fault('device-rejected', `the terminal did ${what}, which it should have refused`, {
    hint: 'Try once more; when it fails again, the unit is faulty.',
    details: { command: what, code: null },
  });
}

function undecided(message: AmpeReply): Fault {
  return new Fault(
    'device-garbled',
    `the reply to ${nameOf(message)} does not say whether it was done: "success" is not true or false`,
    {
      hint: 'Check the bridge on the terminal, and whether the line echoes: a reply has "success", true or false.',
    },
  );
}

function refused(message: AmpeReply | AmpeDelivery, { code, reason }: AmpeRefusal): Fault {
  const text = message.kind === 'reply' ? message.message.trim().slice(0, MESSAGE_CHARACTERS) : '';
  const own = text === '' || text === '成功' || text === reason?.zh ? [] : [`it says "${text}"`];
  const words = [
    ...(reason === null ? [] : [`${reason.en} (${reason.zh})`]),
    ...(code === null ? [] : [`code ${code}`]),
    ...own,
  ];
  const command = nameOf(message);
  return new Fault(
    'device-rejected',
    `the terminal refused ${command}: ${words.join(', ') || 'it says nothing more'}`,
    {
      hint: 'Try once more; when it fails again, the unit is faulty.',
      details: {
        command,
        code,
        ...(reason === null && own.length > 0 ? { said: text.slice(0, SHOWN_CHARACTERS) } : {}),
        ...(reason === null ? {} : { reason: reason.en, reasonZh: reason.zh, remedy: reason.remedy }),
      },
    },
  );
}

function nameOf(message: AmpeReply | AmpeDelivery): string {
  return message.kind === 'reply' ? message.action : message.listener;
}

/** The terminal works: it has replied, or got no request. */
function undelivered({ path }: SerialIo, listener: AmpeListener, timeoutMs: number): Fault {
  return new Fault('device-silent', `${listener} delivered nothing on ${path} in ${timeoutMs} ms`, {
    hint: 'Check that the expected event happened (a card, a person), and that the bridge program forwards deliveries.',
    details: { port: path, command: listener, timeoutMs },
  });
}

function noReply(
  io: SerialIo,
  reader: AmpeReader,
  what: string,
  task: { readonly timeoutMs: number; readonly taskId: string; readonly otherTask: string | null },
): Fault {
  const { timeoutMs, taskId, otherTask } = task;
  const details = { port: io.path, command: what, timeoutMs };
  if (io.isUnreadable) return unreadableFault(unreadableBytes(io), what, 'no text');
  if (reader.hasOther) {
    return new Fault('device-garbled', `the text on ${io.path} in ${timeoutMs} ms is no reply to ${what}`, {
      hint: 'Check the bridge program and the baud rate: it sends one JSON object a line, in UTF-8.',
      details,
    });
  }
  const other =
    otherTask === null
      ? ''
      : `; one came for the task "${otherTask.slice(0, TASK_CHARACTERS)}", not "${taskId}"`;
  return new Fault('device-silent', `no reply to ${what} on ${io.path} in ${timeoutMs} ms${other}`, {
    hint: 'Check that the terminal is on and its bridge program runs.',
    details,
  });
}
