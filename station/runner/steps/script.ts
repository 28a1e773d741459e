import { z } from 'zod';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import { limits } from '#shared/domain/limits.ts';
import { type StepOf, stepName, words } from '#shared/domain/recipe/index.ts';
import { compilePattern } from '#shared/pattern/index.ts';
import { answerOn, encodeMessage, type Message } from '../../protocols/index.ts';
import { createScriptWork, type ScriptCall, type ScriptWork } from '../../scripts/index.ts';
import type { Measured, RunContext } from '../run-context.ts';
import { held, judge } from './judge.ts';

const DEFAULT_WITHIN_MS = 3000;
const withinMs = z.int().min(1).max(600_000).default(DEFAULT_WITHIN_MS);
const data = z.union([z.string().max(65_536), z.instanceof(Uint8Array)]);
const sending = z.object({ end: z.enum(['crlf', 'lf', 'cr', 'none']).default('crlf') });
const hearing = z.object({
  expect: z.string().max(1024),
  withinMs,
  /** False: without waiting for the end of the line. */
  wholeLines: z.boolean().default(true),
});
const measuring = z.object({ unit: z.string().max(16).optional(), limits: limits.optional() });
/** What is kept with a run, and what a person reads, is no place for a flood. */
const MAX_VALUE_CHARS = 4096;
const MAX_ASKED_CHARS = 1000;
const MAX_WHY_CHARS = 300;
const question = z.union([
  words.refine(({ en, 'zh-CN': zh }) => Math.max(en.length, zh.length) <= MAX_ASKED_CHARS, {
    error: `is at most ${MAX_ASKED_CHARS} characters`,
  }),
  z
    .string()
    .max(MAX_ASKED_CHARS)
    .transform((text) => ({ 'zh-CN': text, en: text })),
]);
const asking = z.object({
  kind: z.enum(['pass-fail', 'confirm', 'text', 'number', 'choice']),
  ask: question,
  choices: z
    .array(z.object({ value: z.string().max(256), title: words }))
    .max(100)
    .default([]),
  answerMs: z.int().min(1).max(3_600_000).default(300_000),
});

const lines = z.object({
  dtr: z.boolean().optional(),
  rts: z.boolean().optional(),
  breakMs: z.int().min(1).max(3_600_000).optional(),
});

/** What the calls of one script share. */
interface Shared {
  readonly measured: Measured[];
  readonly work: ScriptWork;
  readonly send: (bytes: Uint8Array, signal: AbortSignal) => Promise<void>;
}

/** Runs a script of the recipe; what it measures is judged when it is over, so that it always measures everything. */
export async function script(step: StepOf<'script'>, run: RunContext, signal: AbortSignal): Promise<void> {
  const bytes = run.files.get(step.file);
  if (bytes === undefined) throw new Fault('recipe-invalid', `the recipe has no file ${step.file}`);
  const measured: Measured[] = [];
  const work = createScriptWork(step.file);
  const shared: Shared = { measured, work, send: inTurn((data) => run.wire.send(data)) };
  const options = Object.fromEntries(
    Object.entries(step.with).map(([key, value]) => [
      key,
      typeof value === 'string' ? run.scope.text(value) : value,
    ]),
  );
  await run.scripts
    .run(
      {
        file: step.file,
        bytes,
        options,
        unit: {
          serialNumber: run.serialNumber,
          chipId: run.unit?.info.chipId ?? null,
          model: run.unit?.info.model ?? null,
          firmwareVersion: run.unit?.info.firmwareVersion ?? null,
          deviceName: run.bound?.deviceName ?? null,
        },
      },
      {
        log: (text) => run.note(`script | ${text.trimEnd()}`),
        busy: () => run.tape.busy(),
        worked: () => work.taken(),
        perform: (call, inScript) => perform(call, step, run, shared, inScript),
      },
      signal,
    )
    .finally(() => {
      // Also what was measured before it failed.
      for (const value of measured) run.measure(value);
    });
  judge({ measure: () => undefined }, measured);
}

async function perform(
  { call, args }: ScriptCall,
  step: StepOf<'script'>,
  run: RunContext,
  { measured, work, send }: Shared,
  signal: AbortSignal,
): Promise<unknown> {
  const given = <T>(schema: z.ZodType<T>, value: unknown): T => {
    const read = schema.safeParse(value);
    if (read.success) return read.data;
    const [issue] = read.error.issues;
    const why = `${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.slice(0, MAX_WHY_CHARS);
    throw new Fault('recipe-invalid', `${step.file}: ${call.slice(0, 32)}: ${why}`);
  };
  const hear = async (options: unknown, what: string): Promise<unknown> => {
    const { expect: pattern, withinMs: timeMs, wholeLines } = given(hearing, options);
    const on = wholeLines ? 'lines' : 'text';
    work.add(compilePattern(pattern, { multiline: true }).steps(run.wire.text));
    const spec = { pattern, on, withinMs: timeMs, every: false, what } as const;
    const { matches } = await answerOn(run.wire, spec, signal);
    const [match] = matches;
    return { text: match?.[0] ?? '', groups: { ...match?.groups }, captures: match?.slice(1) ?? [] };
  };
  const say = async (what: unknown, options: unknown): Promise<void> => {
    const content = given(data, what);
    const message: Message =
      typeof content === 'string'
        ? { text: content, end: given(sending, options ?? {}).end }
        : { bytes: content };
    await send(encodeMessage(message, run.wire), signal);
  };
  switch (call) {
    case 'send':
      return say(args[0], args[1]);
    case 'expect':
      return hear(args[0], 'what was awaited');
    case 'request': {
      await say(args[0], args[1]);
      return hear(args[1], typeof args[0] === 'string' ? args[0] : 'the request');
    }
    case 'at': {
      const { withinMs: timeoutMs } = given(z.object({ withinMs }), args[1]);
      return run.device.command(given(z.string().max(1024), args[0]), { timeoutMs }, signal);
    }
    case 'setLines':
      return run.wire.setLines(given(lines, args[0]), signal);
    case 'measure': {
      const { unit = null, limits: wanted } = given(measuring, args[2]);
      const name = given(z.string().min(1).max(48), args[0]);
      const said = given(z.union([z.string().max(MAX_VALUE_CHARS), z.number(), z.boolean()]), args[1]);
      if (wanted?.pattern !== undefined) work.add(compilePattern(wanted.pattern).steps(String(said)));
      const value = held(name, said, wanted, unit);
      measured.push(value);
      return value.outcome === 'PASS';
    }
    case 'prompt': {
      const { kind, ask, choices, answerMs } = given(asking, args[0]);
      return run.ask({ step: stepName(step), kind, ask, image: null, choices, unit: null }, answerMs, signal);
    }
    case 'wait':
      return run.platform.clock.sleep(given(z.number().min(0).max(3_600_000), args[0]), signal);
    case 'log':
      return run.note(`script | ${given(z.string(), args[0]).slice(0, 1000)}`);
    case 'set': {
      const name = given(z.string(), args[0]);
      if (!step.sets.includes(name))
        throw new Fault(
          'recipe-invalid',
          `${step.file} sets ${name}, which its step does not name under "sets"`,
        );
      return run.scope.set(name, given(z.string().max(MAX_VALUE_CHARS), args[1]));
    }
    default:
      throw new Fault('recipe-invalid', `${step.file}: there is no ${call}`);
  }
}

/**
 * One at a time, in order. The first goes at once; what has not begun when the signal fires is not sent, so that a script
 * leaves nothing behind for whoever uses the wire next.
 */
function inTurn(send: (bytes: Uint8Array) => Promise<void>): Shared['send'] {
  let last: Promise<void> | null = null;
  return (bytes, signal) => {
    const next = (): Promise<void> => {
      throwIfAborted(signal);
      return send(bytes);
    };
    const mine = last === null ? next() : last.then(next);
    const settled: Promise<void> = mine
      .catch(() => undefined)
      .then(() => void (last = last === settled ? null : last));
    last = settled;
    return mine;
  };
}
