import { done, failed, listIn, type ActionResult, WRONG_PARAMETERS } from '../envelope.ts';
import type { Action, Actions, Task } from '../task.ts';

const READING = 'id-card';
const READ_MS = 900;
/** Time limit for a card in document 004. */
const TIMEOUT_MS = 15_000;
const POLL_MS = 250;

/** The fixture's test card, which belongs to no person. */
const CARD: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  base: { name: '测试卡', idNum: '000000200001010000' },
  photo: { photoBase64: '/9j/4AAQSkZJRgABAQAAAQABAAD/2Q==' },
  other: {
    signingOrganization: '测试机关',
    address: '测试地址',
    nation: '汉',
    sex: '男',
    beginTime: '20200101',
    endTime: '20400101',
    birthDate: '20000101',
  },
};

/** The parts of the test card by the values of `infoType`. */
export function idCardOf(types: readonly string[]): Readonly<Record<string, string>> {
  return Object.assign({}, ...types.map((type) => CARD[type] ?? {})) as Record<string, string>;
}

/** A read that another request closes has no reply, because the document does not describe one. */
const getIDCardInfo: Action = async (task) => {
  const { terminal, signal, request } = task;
  const types = listIn(request.params['infoType'] ?? 'base');
  if (types.length === 0 || !types.every((type) => Object.hasOwn(CARD, type))) return WRONG_PARAMETERS;
  const reading = terminal.start(READING, signal);
  try {
    return await read(task, types, reading);
  } catch (error) {
    if (signal.aborted || !reading.aborted) throw error;
    return null;
  }
};

async function read(task: Task, types: readonly string[], reading: AbortSignal): Promise<ActionResult> {
  const { context, terminal } = task;
  const missing = context.faults.take('no-card') !== null;
  for (let waitedMs = 0; missing || !terminal.idCard; waitedMs += POLL_MS) {
    if (waitedMs >= TIMEOUT_MS) {
      terminal.end(READING);
      return { ...failed('超时'), plainKey: true };
    }
    await context.wait(POLL_MS, reading);
  }
  await context.wait(READ_MS, reading);
  terminal.end(READING);
  return done(idCardOf(types));
}

const closeIDCardInfo: Action = async ({ terminal, context, signal }) => {
  await context.wait(20, signal);
  terminal.end(READING);
  return { ...done(), message: '关闭成功', event: 'close', plainKey: true };
};

export const ID_CARD_ACTIONS: Actions = { getIDCardInfo, closeIDCardInfo };
