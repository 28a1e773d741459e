import { done, failed, listOf, type Outcome } from '../envelope.ts';
import type { Action, Actions, Task } from '../task.ts';

const READING = 'id-card';
const READ_MS = 900;
/** Document 004: so long it waits for a card. */
const TIMEOUT_MS = 15_000;
const POLL_MS = 250;

/** The fixture's test card: nobody's. */
const CARD = {
  base: {
    name: '测试卡',
    sex: '男',
    nation: '汉',
    birth: '20000101',
    address: '测试地址',
    idNumber: '000000200001010000',
  },
  photo: { photo: 'iVBORw0KGgo=' },
  other: { issuer: '测试机关', validFrom: '20200101', validTo: '20400101' },
} as const;

const getIDCardInfo: Action = async (task) => {
  const { terminal, signal, request } = task;
  if (request.event === 'close') return close(task);
  const reading = terminal.begin(READING, signal);
  try {
    return await read(task, reading);
  } catch (error) {
    // Ended by another request, not by power: then it is still answered.
    if (signal.aborted || !reading.aborted) throw error;
    return failed('主动退出');
  }
};

async function read(task: Task, reading: AbortSignal): Promise<Outcome> {
  const { context, terminal, request } = task;
  const missing = context.faults.take('no-card') !== null;
  for (let waitedMs = 0; missing || !terminal.idCard; waitedMs += POLL_MS) {
    if (waitedMs >= TIMEOUT_MS) {
      terminal.end(READING);
      return failed('读卡超时');
    }
    await context.wait(POLL_MS, reading);
  }
  await context.wait(READ_MS, reading);
  terminal.end(READING);
  const wanted = listOf(request.params['types'] ?? 'base');
  const parts = Object.entries(CARD).filter(([type]) => wanted.includes(type));
  return parts.length === 0 ? failed('参数有误') : done(Object.assign({}, ...parts.map(([, part]) => part)));
}

async function close({ terminal, context, signal }: Task): Promise<Outcome> {
  await context.wait(20, signal);
  return terminal.end(READING) ? done() : failed('读卡未打开');
}

export const ID_CARD_ACTIONS: Actions = { getIDCardInfo, closeIDCardInfo: close };
