import { type ChildProcess, spawn } from 'node:child_process';
import { Fault, FAULT_CODES, type FaultCode, throwIfAborted } from '#shared/domain/fault.ts';
import { SCRIPT_RUNTIME } from './script-runtime.ts';

/** A script that fills its memory ends; the station goes on. */
const MEMORY_MIB = 128;
const LONGEST_LOG = 4000;
/** The module that scripts import `defineScript` from; it gives back what it is given, the types are what it is for. */
const API = 'export const defineScript = (body) => body;';

/** One call of a script's API. */
export interface ScriptCall {
  readonly call: string;
  readonly args: readonly unknown[];
}

export interface ScriptServices {
  /** Does what the script asked for. What it rejects with is thrown in the script. */
  perform(call: ScriptCall, signal: AbortSignal): Promise<unknown>;
  /** What the script wrote to its output. */
  log(text: string): void;
  /** The script is at work by itself and asks for nothing, until it is disposed of. */
  busy(): Disposable;
}

export interface ScriptOrder {
  /** Name for people. */
  readonly file: string;
  /** JavaScript, as `compileScript` makes it. */
  readonly code: string;
  readonly options: Readonly<Record<string, string | number | boolean>>;
  readonly unit: Readonly<Record<string, string | null>>;
}

type Message =
  | { readonly kind: 'ready' | 'done' }
  | { readonly kind: 'call'; readonly id: number; readonly call: string; readonly args: readonly unknown[] }
  | {
      readonly kind: 'failed';
      readonly error: {
        readonly code: string | null;
        readonly message: string;
        readonly line: number | null;
        readonly column: number | null;
      };
    };

/**
 * Runs a script to its end in a process of its own: no files, no environment, no processes (Node's permission model),
 * so that neither store nor secrets can be reached, and a script that hangs is killed when `signal` fires. Faults: what a
 * call rejected with, `script-failed` with the place in the file, `recipe-invalid`, the signal's reason.
 */
export async function runScript(
  order: ScriptOrder,
  services: ScriptServices,
  signal: AbortSignal,
): Promise<void> {
  throwIfAborted(signal);
  const child = start();
  const over = new AbortController();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const faults = new Map<string, Fault>();
  let written = 0;
  let pending = 0;
  let busy = services.busy();
  const inScript = AbortSignal.any([signal, over.signal]);

  const stop = (): void => {
    try {
      throwIfAborted(signal);
    } catch (reason) {
      reject(reason instanceof Error ? reason : new Error(String(reason)));
    }
  };
  signal.addEventListener('abort', stop, { once: true });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      written += text.length;
      if (written <= LONGEST_LOG) services.log(text);
    });
  }
  child.on('error', (cause) =>
    reject(new Fault('tool-missing', 'the process for scripts does not start', { cause })),
  );
  child.on('close', (code, killedBy) =>
    reject(failed(order.file, `its process ended (${killedBy ?? `status ${code ?? '?'}`})`)),
  );
  child.on('message', (message: Message) => {
    switch (message.kind) {
      case 'ready':
        return tell({
          kind: 'start',
          url: moduleOf(order.code),
          options: order.options,
          unit: order.unit,
        });
      case 'call':
        return void answer(message);
      case 'done':
        return resolve();
      case 'failed':
        return reject(toFault(message.error));
    }
  });

  async function answer({ id, call, args }: Extract<Message, { kind: 'call' }>): Promise<void> {
    if (pending === 0) busy[Symbol.dispose]();
    pending += 1;
    try {
      tell({ kind: 'answer', id, value: await services.perform({ call, args }, inScript) });
    } catch (error) {
      const fault =
        error instanceof Fault
          ? error
          : new Fault('internal', 'something in Gongwei itself went wrong', { cause: error });
      // Kept here, so that a script which lets it pass ends with the same fault, details and all.
      faults.set(`${fault.code} ${fault.message}`, fault);
      tell({ kind: 'answer', id, fault: { code: fault.code, message: fault.message } });
    } finally {
      pending -= 1;
      if (pending === 0) busy = services.busy();
    }
  }
  function tell(message: object): void {
    if (child.connected) child.send(message, () => undefined);
  }
  function toFault({ code, message, line, column }: Extract<Message, { kind: 'failed' }>['error']): Fault {
    const known = faults.get(`${code ?? ''} ${message}`);
    if (known !== undefined) return known;
    const place = line === null ? '' : `:${line}:${column ?? 1}`;
    if (code !== null && isFaultCode(code) && code !== 'internal')
      return new Fault(code, `${order.file}: ${message}`, {
        details: { measurement: order.file, value: message, limits: '' },
      });
    return failed(`${order.file}${place}`, message);
  }

  try {
    await promise;
  } finally {
    signal.removeEventListener('abort', stop);
    busy[Symbol.dispose]();
    over.abort(new Fault('cancelled', 'the script has ended'));
    child.removeAllListeners('close');
    // Whatever it still does is of no use to anybody.
    child.kill('SIGKILL');
  }
}

function start(): ChildProcess {
  return spawn(
    // A host that is no Node itself names one.
    process.env['GONGWEI_NODE'] ?? process.execPath,
    [
      '--permission',
      '--no-warnings',
      `--max-old-space-size=${MEMORY_MIB}`,
      '--input-type=module',
      '-e',
      SCRIPT_RUNTIME,
    ],
    {
      // Electron is a Node with this; a plain one does not know it.
      env: { ELECTRON_RUN_AS_NODE: '1' },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      serialization: 'advanced',
      windowsHide: true,
    },
  );
}

/** The script as a module that needs no file; it may import nothing but the API. */
function moduleOf(code: string): string {
  const api = `data:text/javascript;base64,${Buffer.from(API).toString('base64')}`;
  const wired = code.replace(
    /(from\s*|import\s*(?:\(\s*)?)(['"])gongwei\/script\2/g,
    (_, head: string) => `${head}'${api}'`,
  );
  return `data:text/javascript;base64,${Buffer.from(wired).toString('base64')}`;
}

function failed(where: string, what: string): Fault {
  return new Fault('script-failed', `${where}: ${what}`, {
    hint: 'Mend the script; the recording has what it wrote and did.',
    details: { measurement: where },
  });
}

function isFaultCode(code: string): code is FaultCode {
  return FAULT_CODES.some((known) => known === code);
}
