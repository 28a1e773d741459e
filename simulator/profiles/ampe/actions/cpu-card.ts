import { CardChip } from '../card-chip.ts';
import {
  done,
  doneWithoutData,
  failed,
  integerOf,
  type ActionResult,
  WRONG_PARAMETERS,
} from '../envelope.ts';
import { repeatedly } from '../repeatedly.ts';
import type { Action, Actions, Task } from '../task.ts';

const LOOP = 'cpu-card';
const SEARCH_MS = 300;
const EXCHANGE_MS = 25;
const SAME_CARD_MS = 1_000;
const TYPE = { card: 1, psam: 2 } as const;
const SLOTS = [1, 2];
/** Failure codes of document 004: of the reader, of a card, of an APDU. */
const INIT = -1;
const NO_CARD = -2;
const APDU = -2;
const STATUS = -100;
const COLD_RESET = -2;
const NOT_FOUND = -1;
const ATR = '3B6800000073C84012009000';

interface Exchange {
  readonly results: readonly string[];
  /** `null` when each command was executed and its status is 9000. */
  readonly code: number | null;
}

/** The addressed chip: a PSAM in its slot, or the card on the reader; `null` when none has power. */
function chip({ context, terminal, request }: Task): CardChip | null {
  const number = Buffer.from(context.mac.replaceAll(':', ''), 'hex');
  const type = integerOf(request.params['type']);
  if (terminal.isActive(LOOP)) return null;
  if (type === TYPE.psam) {
    const slot = integerOf(request.params['slot'] ?? 1);
    return SLOTS.includes(slot) ? new CardChip(number, context.random) : null;
  }
  const there = terminal.cpuCard && terminal.cardPowered && context.faults.take('no-card') === null;
  return there ? new CardChip(Buffer.concat([Buffer.of(0x86, 0x98), number]), context.random) : null;
}

async function exchange(task: Task, commands: readonly string[]): Promise<Exchange> {
  const results: string[] = [];
  const card = chip(task);
  if (card === null) return { results, code: INIT };
  for (const command of commands) {
    if (!/^(?:[0-9a-f]{2}){4,}$/i.test(command)) return { results, code: APDU };
    await task.context.wait(EXCHANGE_MS, task.signal);
    const response = card.execute(Buffer.from(command, 'hex'));
    results.push(response);
    if (!response.endsWith('9000')) return { results, code: STATUS };
  }
  return { results, code: null };
}

function isType(value: unknown): boolean {
  return Object.values(TYPE).some((type) => type === integerOf(value));
}

/** Reports a failure in the message, with `success` false and the results so far. */
const sendCPUCardApduCommands: Action = async (task) => {
  const { commandApdus, type } = task.request.params;
  const commands: unknown[] = Array.isArray(commandApdus) ? commandApdus : [];
  if (commands.length === 0 || !commands.every((one) => typeof one === 'string') || !isType(type))
    return WRONG_PARAMETERS;
  const { results, code } = await exchange(task, commands);
  const data = { nfc_commandResults: results };
  return code === null ? done(data) : failed(`失败:${code}`, data);
};

/** Reports a failure as text instead of the result, with `success` true. A status of the card is a result. */
const sendCPUCardCommand: Action = async (task) => {
  const { commandApdu, type } = task.request.params;
  if (typeof commandApdu !== 'string' || !isType(type)) return WRONG_PARAMETERS;
  const { results, code } = await exchange(task, [commandApdu]);
  return done({ nfc_resultInfo: results[0] ?? String(code) });
};

/** Reads the card on the reader and gives it power, which the commands need. */
const readOnceCPUCardInfo: Action = async (task) => {
  const { context, signal, terminal } = task;
  const reply = (nfc_cardInfo: string): ActionResult => done({ nfc_cardInfo });
  await context.wait(SEARCH_MS, signal);
  if (terminal.isActive(LOOP)) return reply(String(INIT));
  if (!terminal.cpuCard || context.faults.take('no-card') !== null) return reply(String(NO_CARD));
  terminal.cardPowered = true;
  return reply(cardInfo(task));
};

/** 32 hex digits, as in the document's example. Their meaning is not described. */
function cardInfo({ context }: Task): string {
  return `1078800220908698${context.mac.replaceAll(':', '')}0000`;
}

/** Reports a card at once and then every `intervalTime`. A failed search is reported only with `isComeBackFailed`. */
const startCPUCardLoopRead: Action = async (task) => {
  const { context, request, terminal } = task;
  const intervalMs = integerOf(request.params['intervalTime'] ?? SAME_CARD_MS);
  if (!(intervalMs > 0)) return WRONG_PARAMETERS;
  const loop = terminal.start(LOOP, task.signal);
  terminal.cardPowered = false;
  const search = (): void => {
    if (terminal.cpuCard) task.deliver('CPUCardListener', { nfc_cardInfo: cardInfo(task), code: 0 });
    else if (request.params['isComeBackFailed'] === true)
      task.deliver('CPUCardListener', { nfc_cardInfo: '', code: NOT_FOUND });
  };
  const searching = async (): Promise<void> => {
    await context.wait(SEARCH_MS, loop);
    search();
    await repeatedly(task, intervalMs, loop, search);
  };
  task.track(searching());
  return doneWithoutData();
};

const stopCPUCardLoopRead: Action = async ({ terminal }) => {
  terminal.end(LOOP);
  return doneWithoutData();
};

const psamCardColdReset: Action = async ({ context, signal, request, terminal }) => {
  await context.wait(120, signal);
  if (terminal.isActive(LOOP)) return done({ nfc_resultInfo: String(INIT) });
  const there = SLOTS.includes(integerOf(request.params['slot'] ?? 1));
  return done({ nfc_resultInfo: there ? ATR : String(COLD_RESET) });
};

export const CARD_ACTIONS: Actions = {
  sendCPUCardApduCommands,
  sendCPUCardCommand,
  readOnceCPUCardInfo,
  startCPUCardLoopRead,
  stopCPUCardLoopRead,
  psamCardColdReset,
};
