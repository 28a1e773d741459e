import { setImmediate as nextTurn } from 'node:timers/promises';
import { abortFault, Fault, FAULT_CODES, type FaultCode, throwIfAborted } from '#shared/domain/fault.ts';
import { readLines } from './read-lines.ts';
import { createScriptUsage, boundExceeded, SCRIPT_BOUNDS } from './script-bounds.ts';
import type { ScriptSandbox } from './script-sandbox.ts';
import { parseScriptMessage, type ScriptError, type ScriptMessage } from './script-message.ts';
import { SCRIPT_RUNTIME } from './script-runtime.ts';
import { startScript } from './start-script.ts';
import { exceedsMemory } from './watch-memory.ts';

/** Faults of calls that are remembered, to tell them from faults of the script itself. */
const MAX_FAULTS = 100;
/** Longest message of an error that the script throws. */
const MAX_MESSAGE_CHARACTERS = 500;
/** After a call with more matching steps, which take milliseconds, the rest of the station gets its turn. */
const MAX_STEPS_PER_TURN = 100_000;
const NO_MEMORY = /out of memory|allocation failed|Failed to allocate|Invalid array buffer length/i;

/** One call of a script's API. */
export interface ScriptCall {
  readonly call: string;
  readonly args: readonly unknown[];
}

export interface ScriptServices {
  /** Performs a call of the script. Its fault is thrown in the script. */
  perform(call: ScriptCall, signal: AbortSignal): Promise<unknown>;
  /** Matching steps of calls since the last call of this function. Its fault ends the script. */
  stepsTaken(): number;
  /** Takes the output of the script. */
  log(text: string): void;
  /** The script computes and awaits no call, until this is disposed of. */
  busy(): Disposable;
}

export interface ScriptRequest {
  /** Name of the file, for messages. */
  readonly file: string;
  /** JavaScript, as `compileScript` makes it. */
  readonly code: string;
  readonly options: Readonly<Record<string, string | number | boolean>>;
  readonly unit: Readonly<Record<string, string | null>>;
}

/**
 * Runs a script to its end, in a process of its own that has the language and the script API alone, within
 * `SCRIPT_BOUNDS`; kills it when the signal fires. Faults: those of calls; `script-failed` with the position in the file or
 * the bound; `limit-exceeded`, `recipe-invalid`, `tool-missing`; the signal's reason.
 */
export async function runScript(
  request: ScriptRequest,
  services: ScriptServices,
  sandbox: ScriptSandbox,
  signal: AbortSignal,
): Promise<void> {
  throwIfAborted(signal);
  const child = startScript(sandbox, SCRIPT_RUNTIME);
  const ending = new AbortController();
  const inScript = AbortSignal.any([signal, ending.signal]);
  const { promise: ended, resolve: end, reject: fail } = Promise.withResolvers<void>();
  const usage = createScriptUsage(request.file);
  const faults = new Map<string, Fault>();
  let stderr = '';
  let printedChars = 0;
  let pending = 0;
  let busy = services.busy();

  const stop = (): void => fail(abortFault(signal));
  signal.addEventListener('abort', stop, { once: true });
  // The process may have ended already.
  child.stdin.on('error', () => undefined);
  // Only Node itself writes to it: the reason of a crash.
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-4000)));
  const exited = new Promise<string>((resolve) =>
    child.on('close', (code, killedBy) => resolve(killedBy ?? `status ${code ?? '?'}`)),
  );
  child.on('error', (cause) =>
    fail(new Fault('tool-missing', 'the process for scripts does not start', { cause })),
  );
  send({ ...request });
  if (child.pid !== undefined && !sandbox.restrictions.includes('limits'))
    void exceedsMemory(child.pid, ending.signal).then((yes) => {
      if (yes) fail(noMemory(request.file));
    });
  listen().catch(fail);

  async function listen(): Promise<void> {
    const tooLong = (): Fault =>
      boundExceeded(
        request.file,
        `sends too much in one message (the bound is ${SCRIPT_BOUNDS.messageBytes} bytes)`,
      );
    for await (const line of readLines(child.stdout, SCRIPT_BOUNDS.messageBytes, tooLong)) {
      if (ending.signal.aborted) return;
      usage.received(line.length);
      const message = parseScriptMessage(line);
      if (message === null) throw failed(request.file, 'its process sent no valid message');
      switch (message.kind) {
        case 'call':
          usage.called(message.call);
          void answer(message).catch(fail);
          if (services.stepsTaken() > MAX_STEPS_PER_TURN) await nextTurn();
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
    const how = await exited;
    throw NO_MEMORY.test(stderr)
      ? noMemory(request.file)
      : failed(request.file, `its process ended (${how})`);
  }

  async function answer({ id, call, args }: Extract<ScriptMessage, { kind: 'call' }>): Promise<void> {
    if (pending === 0) busy[Symbol.dispose]();
    pending += 1;
    try {
      send({ id, value: await services.perform({ call, args }, inScript) });
    } catch (error) {
      const fault =
        error instanceof Fault
          ? error
          : new Fault('internal', 'something in Gongwei itself went wrong', { cause: error });
      // Remembered, so that a script that does not catch it ends with the same fault and its details.
      if (faults.size < MAX_FAULTS) faults.set(`${fault.code} ${fault.message}`, fault);
      send({ id, fault: { code: fault.code, message: fault.message } });
    } finally {
      usage.answered();
      pending -= 1;
      if (pending === 0 && !ending.signal.aborted) busy = services.busy();
    }
  }
  function send(message: object): void {
    if (!child.stdin.writable) return;
    child.stdin.write(`${JSON.stringify(message, bytesAsText)}\n`);
    if (child.stdin.writableLength > request.code.length + SCRIPT_BOUNDS.unreadBytes)
      fail(
        boundExceeded(
          request.file,
          `does not read its answers (the bound is ${SCRIPT_BOUNDS.unreadBytes} bytes)`,
        ),
      );
  }
  function toFault({ code, message: text, line, column }: ScriptError): Fault {
    const fault = faults.get(`${code ?? ''} ${text}`);
    const position = line === null ? '' : `:${line}:${column ?? 1}`;
    if (fault !== undefined) return atPosition(fault, position);
    const message = text.length > MAX_MESSAGE_CHARACTERS ? `${text.slice(0, MAX_MESSAGE_CHARACTERS)}…` : text;
    if (code !== null && mayClaim(code))
      return new Fault(code, `${request.file}: ${message}`, {
        details: { measurement: request.file, value: message, limits: '' },
      });
    return NO_MEMORY.test(message)
      ? noMemory(`${request.file}${position}`)
      : failed(`${request.file}${position}`, message);
  }
  /** Adds the position to the fault of a refused call, which is a mistake of the script. */
  function atPosition(fault: Fault, position: string): Fault {
    const prefix = `${request.file}: `;
    if (fault.code !== 'recipe-invalid' || position === '' || !fault.message.startsWith(prefix)) return fault;
    const { hint, details } = fault;
    const message = `${request.file}${position}: ${fault.message.slice(prefix.length)}`;
    return new Fault(fault.code, message, { ...(hint === null ? {} : { hint }), details });
  }
  /** True for a code that a script may end with: it fails the unit, it is wrong itself, or one of its calls ended so. */
  function mayClaim(code: string): code is FaultCode {
    if (!FAULT_CODES.some((faultCode) => faultCode === code) || code === 'internal') return false;
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
    ending.abort(new Fault('cancelled', 'the script has ended'));
    child.kill('SIGKILL');
    child.stdout.destroy();
  }
}

/** JSON has no bytes; the realm of the script turns this into bytes again. */
function bytesAsText(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array
    ? { $bytes: Buffer.from(value.buffer, value.byteOffset, value.length).toString('base64') }
    : value;
}

function failed(where: string, what: string): Fault {
  return new Fault('script-failed', `${where}: ${what}`, {
    hint: 'Correct the script; the recording has its output and its calls.',
    details: { measurement: where },
  });
}

function noMemory(where: string): Fault {
  const { heapMiB, memoryMiB } = SCRIPT_BOUNDS;
  return boundExceeded(
    where,
    `needs more memory than a script may have (${heapMiB} MiB, with its byte arrays ${memoryMiB} MiB)`,
  );
}
