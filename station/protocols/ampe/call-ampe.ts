import {
  type AmpeAction,
  type AmpeReply,
  atPath,
  describeAmpeCode,
  readAmpeReply,
} from '#shared/domain/ampe.ts';
import { Fault } from '#shared/domain/fault.ts';
import { encodeMessage, type Heard, heardOn, unreadable, type Wire } from '../wire/index.ts';

export interface AmpeCall {
  readonly action: AmpeAction;
  readonly event?: 'open' | 'close' | undefined;
  readonly params: Readonly<Record<string, string | number | boolean>>;
  /** What `success` must be; true when left out. */
  readonly success?: boolean | undefined;
  /** A reply without this path is one on the way to the one that is awaited. */
  readonly awaitPath?: string | undefined;
}

/**
 * Asks a terminal and awaits the reply of that task. Faults: `device-silent`, `device-unreadable`, `device-rejected` when `success` is not
 * as it should be, with the document's words for its code, `port-lost`, the signal's reason.
 */
export async function callAmpe(
  wire: Wire,
  call: AmpeCall,
  { withinMs }: { readonly withinMs: number },
  signal: AbortSignal,
): Promise<AmpeReply> {
  const { action, event, params } = call;
  // Told from the replies to earlier questions that come late.
  const taskId = `${action}-${wire.nextNumber()}`;
  const line = JSON.stringify({ action, ...(event === undefined ? {} : { event }), taskId, params });
  await wire.send(encodeMessage({ text: line, end: 'lf' }, wire), signal);
  const reply = await wire.until((heard) => take(heard, call, taskId), withinMs, signal);
  if (reply === null) throw silent(wire, action, withinMs);
  if (reply.success === (call.success ?? true)) return reply;
  throw refused(reply);
}

function take(heard: Heard, { action, awaitPath }: AmpeCall, taskId: string): AmpeReply | null {
  for (;;) {
    const { lines } = heard;
    const end = lines.indexOf('\n');
    if (end < 0) return null;
    const reply = readAmpeReply(lines.slice(0, end));
    heard.take(end + 1);
    const ours =
      reply !== null && reply.action === action && (reply.taskId === null || reply.taskId === taskId);
    if (!ours) continue;
    const onTheWay = awaitPath !== undefined && reply.success && atPath(reply, awaitPath) === undefined;
    if (!onTheWay) return reply;
  }
}

function silent(wire: Wire, action: string, withinMs: number): Fault {
  if (wire.isUnreadable) return unreadable(heardOn(wire), action, 'no text');
  const what = wire.heardBytes === 0 ? 'no answer' : 'no reply';
  return new Fault('device-silent', `${what} to ${action} on ${wire.path} in ${withinMs} ms`, {
    hint: 'Check that the terminal is on and its test program runs.',
    details: { port: wire.path, command: action, timeoutMs: withinMs },
  });
}

function refused({ action, success, message, data }: AmpeReply): Fault {
  const code = Number(atPath(data, 'code') ?? Number.NaN);
  const meaning = Number.isInteger(code) ? describeAmpeCode(action, code) : null;
  const said = [message, Number.isInteger(code) ? `code ${code}` : '', meaning ?? ''].filter(
    (word) => word !== '',
  );
  return new Fault(
    'device-rejected',
    `the terminal ${success ? 'did' : 'refused'} ${action}: ${said.join(', ') || 'it says nothing more'}`,
    {
      hint: 'Try once more; when it stays so, the unit is faulty.',
      details: { command: action, code: Number.isInteger(code) ? code : null },
    },
  );
}
