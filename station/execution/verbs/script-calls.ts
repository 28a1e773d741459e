import type { z } from 'zod';
import { Fault } from '#shared/domain/fault.ts';
import type { Limits, MeasuredValue } from '#shared/domain/limits.ts';
import { explain, type StepOf, stepName } from '#shared/recipe/index.ts';
import { compilePattern } from '#shared/pattern/index.ts';
import {
  type Answer,
  expectAnswer,
  type AnswerSpec,
  requireText,
  encodeMessage,
  type Message,
} from '../../devices/protocols/index.ts';
import type { ScriptCall, MatchingBudget } from '../scripts/index.ts';
import type { Measured, RunContext } from '../run-context/index.ts';
import { power } from './fixture.ts';
import { held } from './evaluate.ts';
import { readOn } from './read-bytes.ts';
import * as shapes from './script-shapes.ts';

const MAX_WHY_CHARS = 300;
const MAX_ASKED_CHARS = 100;
/** What a shape does not say in words of its own. */
const LIBRARY = /^(?:Invalid|Too |Unrecognized)/;
/** Steps a character that no look but the first is charged with. */
const FREE_STEPS = 16;

/** What the calls of one script share. */
export interface Shared {
  readonly measured: Measured[];
  readonly work: MatchingBudget;
  readonly send: (bytes: Uint8Array, signal: AbortSignal) => Promise<void>;
}

/** Does one call of a script; nothing of its arguments is believed. Faults are thrown in the script. */
export async function performCall(
  { call, args }: ScriptCall,
  step: StepOf<'script'>,
  run: RunContext,
  { measured, work, send }: Shared,
  signal: AbortSignal,
): Promise<unknown> {
  const given = <T>(schema: z.ZodType<T>, value: unknown, of = ''): T => {
    const read = schema.safeParse(value);
    if (read.success) return read.data;
    // What a shape says in words of its own is said so, also of what is left out.
    const [issue] = read.error.issues;
    if (issue === undefined) throw refused('is none', of);
    const said: { path: readonly PropertyKey[]; message: string } | undefined = LIBRARY.test(issue.message)
      ? explain(issue, schema, value)[0]
      : issue;
    throw refused([...(said?.path ?? []).map(String), said?.message ?? ''].join(' '), of);
  };
  const refused = (why: string, of = ''): Fault => {
    const where = [call.slice(0, 32), of].filter((word) => word !== '').join(' ');
    return new Fault('recipe-invalid', `${step.file}: ${where}: ${why.slice(0, MAX_WHY_CHARS)}`);
  };
  const answer = (spec: Omit<AnswerSpec, 'every' | 'onSearch'>): Promise<Answer> => {
    let isFirst = true;
    const onSearch: AnswerSpec['onSearch'] = (pattern, text) => {
      // A long log that a simple pattern is looked for in, again and again, is not the script's doing.
      work.add(Math.max(0, pattern.steps(text) - (isFirst ? 0 : FREE_STEPS * text.length)));
      isFirst = false;
    };
    return expectAnswer(run.serial, { ...spec, every: false, onSearch }, signal);
  };
  const hear = async (options: z.infer<typeof shapes.hearing>, what: string): Promise<unknown> => {
    const { expect: pattern, withinMs, wholeLines } = options;
    const { matches } = await answer({ pattern, on: wholeLines ? 'lines' : 'text', withinMs, what });
    const [match] = matches;
    const text = requireText(match?.[0] ?? '', 'the answer', what);
    return { text, groups: { ...match?.groups }, captures: match?.slice(1) ?? [] };
  };
  const hearFrame = async (options: unknown, what: string): Promise<unknown> => {
    const { expect: pattern, withinMs } = given(shapes.hearing, options);
    const { matches, payload } = await answer({ pattern, on: 'frame', withinMs, what });
    const [match] = matches;
    return {
      payload,
      text: match?.input ?? '',
      groups: { ...match?.groups },
      captures: match?.slice(1) ?? [],
    };
  };
  const say = async (what: unknown, { end }: z.infer<typeof shapes.sending>): Promise<void> => {
    const content = given(shapes.data, what);
    const message: Message = typeof content === 'string' ? { text: content, end } : { bytes: content };
    await send(encodeMessage(message, run.serial), signal);
  };
  const sayFrame = (payload: unknown): Promise<void> =>
    send(encodeMessage({ payload: given(shapes.payload, payload) }, run.serial), signal);

  switch (call) {
    case 'send':
      return say(args[0], given(shapes.sending, args[1] ?? {}));
    case 'expect':
      return hear(given(shapes.hearing, args[0]), 'what was awaited');
    case 'request': {
      const { end, ...hearing } = given(shapes.requesting, args[1]);
      await say(args[0], { end });
      return hear(hearing, typeof args[0] === 'string' ? args[0].slice(0, MAX_ASKED_CHARS) : 'the request');
    }
    case 'sendFrame':
      return sayFrame(args[0]);
    case 'expectFrame':
      return hearFrame(args[0], 'the frame that was awaited');
    case 'requestFrame': {
      await sayFrame(args[0]);
      return hearFrame(args[1], 'the frame');
    }
    case 'read':
      return readOn(run.serial, given(shapes.reading, args[0]), signal);
    case 'at': {
      const { withinMs: timeoutMs } = given(shapes.waiting, args[1]);
      return run.device.command(given(shapes.command, args[0]), { timeoutMs }, signal);
    }
    case 'setLines':
      return run.serial.setControlLines(given(shapes.lines, args[0]), signal);
    case 'power': {
      const to = given(shapes.powerTo, args[0]);
      return power({ verb: 'power', to, ...given(shapes.powering, args[1] ?? {}) }, run, signal);
    }
    case 'relay': {
      const channel = given(shapes.channel, args[0]);
      const on = given(shapes.flag, args[1]);
      if (!step.relays.includes(channel))
        throw new Fault(
          'recipe-invalid',
          `${step.file} switches relay ${channel}, which its step does not name under "relays"`,
        );
      return run.board((board) => board.setRelay(channel, on, signal), signal);
    }
    case 'pin': {
      const pin = given(shapes.channel.nullish(), args[0]);
      return run.board((board, own) => board.readInput(pin ?? own, signal), signal);
    }
    case 'measure': {
      const name = given(shapes.measurementName, args[0]);
      const { unit = null, limits: wanted } = given(shapes.measuring, args[2], name);
      const said = given(shapes.value, args[1], name);
      const strange = wanted === undefined ? null : whyNeverHeld(said, wanted);
      if (strange !== null) throw refused(strange, name);
      if (wanted?.pattern !== undefined) work.add(compilePattern(wanted.pattern).steps(String(said)));
      const value = held(name, said, wanted, unit);
      measured.push(value);
      return value.outcome === 'PASS';
    }
    case 'prompt': {
      const { kind, ask, choices, answerMs } = given(shapes.asking, args[0]);
      return run.ask({ step: stepName(step), kind, ask, image: null, choices, unit: null }, answerMs, signal);
    }
    case 'wait':
      return run.platform.clock.sleep(given(shapes.pause, args[0]), signal);
    case 'log':
      return run.note(`script | ${given(shapes.text, args[0]).slice(0, 1000)}`);
    case 'set': {
      const name = given(shapes.text, args[0]);
      if (!step.sets.includes(name))
        throw new Fault(
          'recipe-invalid',
          `${step.file} sets ${name}, which its step does not name under "sets"`,
        );
      return run.scope.set(name, String(given(shapes.value, args[1], name)));
    }
    default:
      throw new Fault('recipe-invalid', `${step.file}: there is no ${call}`);
  }
}

/** Why a value of this type is outside of its limits whatever it is; `null` when it may be inside. */
function whyNeverHeld(
  value: MeasuredValue,
  { min, max, above, below, within, equals }: Limits,
): string | null {
  const bounded = [min, max, above, below, within].some((limit) => limit !== undefined);
  if (bounded && typeof value !== 'number')
    return `"${String(value)}" is no number, and limits hold numbers: measure Number(…)`;
  if (equals === undefined || typeof equals === typeof value) return null;
  return `"${String(value)}" is a ${typeof value}, and limits.equals is a ${typeof equals}`;
}
