import { CardChip } from '../card-chip.ts';
import { done, failed, listOf, type Outcome } from '../envelope.ts';
import { repeatedly } from '../repeatedly.ts';
import type { Action, Actions, Task } from '../task.ts';

const LOOP = 'cpu-card';
const EXCHANGE_MS = 25;
const LOOP_MS = 1_000;
const PSAM_TYPE = 2;
const SLOTS = [1, 2];
/** Document 004, error codes of cards and of APDUs. */
const ERROR = { init: -1, noCard: -2, apdu: -2, status: -100, coldReset: -2 } as const;
const TEXT = {
  init: '初始化失败',
  noCard: '寻卡失败',
  apdu: '执行APDU失败',
  status: '执行APDU命令成功但状态不对',
  coldReset: '冷复位失败',
} as const;
const ATR = '3B6800000073C84012009000';
const ATS = '1078807002202063CBA3';

/** The chip that is meant: a PSAM in its slot, or the card on the reader; `null` when there is none. */
function chip({ context, terminal, request }: Task): CardChip | null {
  const number = Buffer.from(context.mac.replaceAll(':', ''), 'hex');
  if (request.params['type'] === PSAM_TYPE) {
    return SLOTS.includes(Number(request.params['slot'] ?? 1)) ? new CardChip(number, context.random) : null;
  }
  const there = terminal.cpuCard && context.faults.take('no-card') === null;
  return there ? new CardChip(uid(number), context.random) : null;
}

function uid(number: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(0x86, 0x98), Buffer.from(number)]);
}

async function exchange(task: Task, commands: readonly string[]): Promise<Outcome & { results: string[] }> {
  const results: string[] = [];
  const error = (code: number, message: string) => ({
    ...failed(message, { code, apduResults: results }),
    results,
  });
  const card = chip(task);
  if (card === null) return error(ERROR.init, TEXT.init);
  for (const command of commands) {
    if (!/^(?:[0-9a-f]{2}){4,}$/i.test(command)) return error(ERROR.apdu, TEXT.apdu);
    await task.context.wait(EXCHANGE_MS, task.signal);
    const result = card.execute(Buffer.from(command, 'hex'));
    results.push(result);
    if (!result.endsWith('9000')) return error(ERROR.status, TEXT.status);
  }
  return { ...done({ code: 0, apduResults: results }), results };
}

const sendCPUCardApduCommands: Action = async (task) => {
  const commands = listOf(task.request.params['apduCommands']);
  return commands.length === 0 ? failed('参数有误') : exchange(task, commands);
};

const sendCPUCardCommand: Action = async (task) => {
  const command = task.request.params['apduCommand'];
  if (typeof command !== 'string') return failed('参数有误');
  const { success, message, data, results } = await exchange(task, [command]);
  return { success, message, data: { code: data['code'], apduResult: results[0] ?? '' } };
};

const readOnceCPUCardInfo: Action = async (task) => {
  const { context, signal, terminal } = task;
  await context.wait(300, signal);
  if (!terminal.cpuCard || context.faults.take('no-card') !== null) {
    return failed(TEXT.noCard, { code: ERROR.noCard });
  }
  return done({ code: 0, ...cardInfo(task) });
};

function cardInfo({ context }: Task): Readonly<Record<string, string>> {
  return {
    uid: uid(Buffer.from(context.mac.replaceAll(':', ''), 'hex'))
      .toString('hex')
      .toUpperCase(),
    ats: ATS,
  };
}

const startCPUCardLoopRead: Action = async (task) => {
  const loop = task.terminal.begin(LOOP, task.signal);
  const tell = (): void => {
    if (task.terminal.cpuCard) task.tell('CPUCardListener', cardInfo(task));
  };
  task.track(repeatedly(task, LOOP_MS, loop, tell));
  return done();
};

const stopCPUCardLoopRead: Action = async ({ terminal }) =>
  terminal.end(LOOP) ? done() : failed('循环读卡未打开');

const psamCardColdReset: Action = async ({ context, signal, request }) => {
  await context.wait(120, signal);
  return SLOTS.includes(Number(request.params['slot'] ?? 1))
    ? done({ code: 0, atr: ATR })
    : failed(TEXT.coldReset, { code: ERROR.coldReset });
};

export const CARD_ACTIONS: Actions = {
  sendCPUCardApduCommands,
  sendCPUCardCommand,
  readOnceCPUCardInfo,
  startCPUCardLoopRead,
  stopCPUCardLoopRead,
  psamCardColdReset,
};
