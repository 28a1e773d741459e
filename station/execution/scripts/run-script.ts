import { setImmediate as nextTurn } from 'node:timers/promises';
import { abortFault, Fault, FAULT_CODES, type FaultCode, throwIfAborted } from '#shared/domain/fault.ts';
import { readLines } from './read-lines.ts';
import { createScriptUsage, overrun, SCRIPT_BOUNDS } from './script-bounds.ts';
import type { ScriptSandbox } from './script-sandbox.ts';
import { parseScriptMessage, type ScriptError, type ScriptMessage } from './script-message.ts';
import { SCRIPT_RUNTIME } from './script-runtime.ts';
import { startScript } from './start-script.ts';
import { outgrows } from './watch-memory.ts';

/** So many faults of its calls are kept to be told apart from a script's own. */
const FAULTS_KEPT = 100;
/** Of what it throws, which may be its own text. */
const TOLD_CHARACTERS = 500;
/** A call that took as many steps as this takes milliseconds: the rest of the station goes first before the next one. */
const STEPS_PER_TURN = 100_000;
const NO_MEMORY = /out of memory|allocation failed|Failed to allocate|Invalid array buffer length/i;

/** One call of a script's API. */
export interface ScriptCall {
  readonly call: string;
  readonly args: readonly unknown[];
}

export interface ScriptServices {
  /** Does what the script asked for. What it rejects with is thrown in the script. */
  perform(call: ScriptCall, signal: AbortSignal): Promise<unknown>;
  /** Steps that calls took of this process since this was last asked. What it throws ends the script. */
  worked(): number;
  /** What the script wrote to its output. */
  log(text: string): void;
  /** The script is at work by itself and asks for nothing, until it is disposed of. */
  busy(): Disposable;
}

export interface ScriptRequest {
  /** Name for people. */
  readonly file: string;
  /** JavaScript, as `compileScript` makes it. */
  readonly code: string;
  readonly options: Readonly<Record<string, string | number | boolean>>;
  readonly unit: Readonly<Record<string, string | null>>;
}

/**
 * Runs a script to its end in a process of its own that has the language, the script API and nothing else, within
 * `SCRIPT_BOUNDS`; a script that hangs is killed when `signal` fires. Nothing that the process says or does throws here
 * but as a fault of this promise: what a call rejected with, `script-failed` with the place in the file or the bound,
 * `recipe-invalid`, `tool-missing`, the signal's reason.
 */
export async function runScript(
  order: ScriptRequest,
  services: ScriptServices,
  sandbox: ScriptSandbox,
  signal: AbortSignal,
): Promise<void> {
  throwIfAborted(signal);
  const child = startScript(sandbox, SCRIPT_RUNTIME);
  const over = new AbortController();
  const inScript = AbortSignal.any([signal, over.signal]);
  const { promise: ended, resolve: end, reject: fail } = Promise.withResolvers<void>();
  const meter = createScriptUsage(order.file);
  const faults = new Map<string, Fault>();
  let words = '';
  let printedChars = 0;
  let pending = 0;
  let busy = services.busy();

  const stop = (): void => fail(abortFault(signal));
  signal.addEventListener('abort', stop, { once: true });
  // It may be gone when it is told something.
  child.stdin.on('error', () => undefined);
  // Only Node itself writes there: why it dies.
  child.stderr.setEncoding('utf8').on('data', (text: string) => (words = (words + text).slice(-4000)));
  const gone = new Promise<string>((resolve) =>
    child.on('close', (code, killedBy) => resolve(killedBy ?? `status ${code ?? '?'}`)),
  );
  child.on('error', (cause) =>
    fail(new Fault('tool-missing', 'the process for scripts does not start', { cause })),
  );
  tell({ ...order });
  if (child.pid !== undefined && !sandbox.restrictions.includes('limits'))
    void outgrows(child.pid, over.signal).then((yes) => {
      if (yes) fail(noMemory(order.file));
    });
  listen().catch(fail);

  async function listen(): Promise<void> {
    const tooLong = (): Fault =>
      overrun(order.file, `says too much in one message (the bound is ${SCRIPT_BOUNDS.messageBytes} bytes)`);
    for await (const line of readLines(child.stdout, SCRIPT_BOUNDS.messageBytes, tooLong)) {
      if (over.signal.aborted) return;
      meter.heard(line.length);
      const message = parseScriptMessage(line);
      if (message === null) throw failed(order.file, 'its process said what is no message');
      switch (message.kind) {
        case 'call':
          meter.called(message.call);
          void answer(message).catch(fail);
          if (services.worked() > STEPS_PER_TURN) await nextTurn();
          break;
        case 'output':
          printedChars += message.text.length;
          if (printedChars <= SCRIPT_BOUNDS.outputChars) services.log(message.text);
          break;
        case 'done':
          return end();
        case 'failed':
          throw toFault(message.error);
      }
    }
    const how = await gone;
    throw NO_MEMORY.test(words) ? noMemory(order.file) : failed(order.file, `its process ended (${how})`);
  }

  async function answer({ id, call, args }: Extract<ScriptMessage, { kind: 'call' }>): Promise<void> {
    if (pending === 0) busy[Symbol.dispose]();
    pending += 1;
    try {
      tell({ id, value: await services.perform({ call, args }, inScript) });
    } catch (error) {
      const fault =
        error instanceof Fault
          ? error
          : new Fault('internal', 'something in Gongwei itself went wrong', { cause: error });
      // Kept here, so that a script which lets it pass ends with the same fault, details and all.
      if (faults.size < FAULTS_KEPT) faults.set(`${fault.code} ${fault.message}`, fault);
      tell({ id, fault: { code: fault.code, message: fault.message } });
    } finally {
      meter.answered();
      pending -= 1;
      if (pending === 0 && !over.signal.aborted) busy = services.busy();
    }
  }
  function tell(message: object): void {
    if (!child.stdin.writable) return;
    child.stdin.write(`${JSON.stringify(message, bytesAsText)}\n`);
    if (child.stdin.writableLength > order.code.length + SCRIPT_BOUNDS.unreadBytes)
      fail(
        overrun(order.file, `does not read its answers (the bound is ${SCRIPT_BOUNDS.unreadBytes} bytes)`),
      );
  }
  function toFault({ code, message: said, line, column }: ScriptError): Fault {
    const known = faults.get(`${code ?? ''} ${said}`);
    const place = line === null ? '' : `:${line}:${column ?? 1}`;
    if (known !== undefined) return atPlace(known, place);
    const message = said.length > TOLD_CHARACTERS ? `${said.slice(0, TOLD_CHARACTERS)}…` : said;
    if (code !== null && mayClaim(code))
      return new Fault(code, `${order.file}: ${message}`, {
        details: { measurement: order.file, value: message, limits: '' },
      });
    return NO_MEMORY.test(message)
      ? noMemory(`${order.file}${place}`)
      : failed(`${order.file}${place}`, message);
  }
  /** A call that was refused is a mistake of the script, and has its line. */
  function atPlace(fault: Fault, place: string): Fault {
    const begins = `${order.file}: `;
    if (fault.code !== 'recipe-invalid' || place === '' || !fault.message.startsWith(begins)) return fault;
    const { hint, details } = fault;
    const message = `${order.file}${place}: ${fault.message.slice(begins.length)}`;
    return new Fault(fault.code, message, { ...(hint === null ? {} : { hint }), details });
  }
  /** A script may fail the unit, be wrong itself, or say in other words what a call ended with; nothing else is believed. */
  function mayClaim(code: string): code is FaultCode {
    if (!FAULT_CODES.some((known) => known === code) || code === 'internal') return false;
    return (
      code === 'limit-exceeded' ||
      code === 'recipe-invalid' ||
      [...faults.values()].some((fault) => fault.code === code)
    );
  }

  try {
    await ended;
  } finally {
    signal.removeEventListener('abort', stop);
    busy[Symbol.dispose]();
    over.abort(new Fault('cancelled', 'the script has ended'));
    // Whatever it still does is of no use to anybody.
    child.kill('SIGKILL');
    child.stdout.destroy();
  }
}

/** JSON has no word for bytes; the script's side makes bytes of it again. */
function bytesAsText(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array
    ? { $bytes: Buffer.from(value.buffer, value.byteOffset, value.length).toString('base64') }
    : value;
}

function failed(where: string, what: string): Fault {
  return new Fault('script-failed', `${where}: ${what}`, {
    hint: 'Mend the script; the recording has what it wrote and did.',
    details: { measurement: where },
  });
}

function noMemory(where: string): Fault {
  const { heapMiB, memoryMiB } = SCRIPT_BOUNDS;
  return overrun(
    where,
    `needs more memory than a script may have (${heapMiB} MiB, with its byte arrays ${memoryMiB} MiB)`,
  );
}
