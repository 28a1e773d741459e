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
  type SerialIo,
} from '../../devices/protocols/index.ts';
import type { ScriptCall, MatchingBudget } from '../scripts/index.ts';
import type { Measurement, RunContext } from '../run-context/index.ts';
import type { InstrumentSession } from '../../devices/instruments/index.ts';
import { withAddressee } from './addressee.ts';
import { power } from './power.ts';
import { evaluate } from './evaluate.ts';
import { readBytes } from './read-bytes.ts';
import type { Peer } from './serial-exchange.ts';
import type { ScriptFiles } from './script-files.ts';
import { isBleCall, performBleCall } from './script-ble-calls.ts';
import * as shapes from './script-shapes.ts';

const MAX_REASON_CHARS = 300;
const MAX_REQUEST_CHARS = 100;
/** Messages of zod, in contrast to those of our shapes. */
const ZOD_MESSAGE = /^(?:Invalid|Too |Unrecognized)/;
/** Matching steps per character that are not charged after the first search. */
const FREE_STEPS = 16;

/** State that the calls of one script share. */
export interface ScriptState {
  readonly measurements: Measurement[];
  readonly budget: MatchingBudget;
  readonly files: ScriptFiles;
  readonly send: (serial: SerialIo, bytes: Uint8Array, signal: AbortSignal) => Promise<void>;
}

/** Performs one call of a script. Its arguments are checked, and its faults are thrown in the script. */
export async function performCall(
  { call, args }: ScriptCall,
  step: StepOf<'script'>,
  run: RunContext,
  { measurements, budget, files, send }: ScriptState,
  signal: AbortSignal,
): Promise<unknown> {
  const parsed = <T>(schema: z.ZodType<T>, value: unknown, of = ''): T => {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    // A message of our shapes is used as it is, also about an argument that is left out.
    const [issue] = result.error.issues;
    if (issue === undefined) throw refused('is none', of);
    const explained = ZOD_MESSAGE.test(issue.message) ? explain(issue, schema, value)[0] : undefined;
    const path: readonly PropertyKey[] = explained?.path ?? issue.path;
    throw refused([...path.map(String), explained?.message.en ?? issue.message].join(' '), of);
  };
  const refused = (reason: string, of = ''): Fault => {
    const where = [call.slice(0, 32), of].filter((word) => word !== '').join(' ');
    return new Fault('recipe-invalid', `${step.file}: ${where}: ${reason.slice(0, MAX_REASON_CHARS)}`);
  };
  const answer = (serial: SerialIo, spec: Omit<AnswerSpec, 'every' | 'onSearch'>): Promise<Answer> => {
    let isFirst = true;
    const onSearch: AnswerSpec['onSearch'] = (pattern, text) => {
      // A simple pattern that is matched against a growing log again and again is not charged to the script.
      budget.spend(Math.max(0, pattern.steps(text) - (isFirst ? 0 : FREE_STEPS * text.length)));
      isFirst = false;
    };
    return expectAnswer(serial, { ...spec, every: false, onSearch }, signal);
  };
  const expectText = async (
    serial: SerialIo,
    options: z.infer<typeof shapes.expectOptions>,
    what: string,
  ): Promise<unknown> => {
    const { expect: pattern, withinMs: timeoutMs, wholeLines } = options;
    const { matches } = await answer(serial, { pattern, on: wholeLines ? 'lines' : 'text', timeoutMs, what });
    const [match] = matches;
    const text = requireText(match?.[0] ?? '', 'the answer', what);
    return { text, groups: { ...match?.groups }, captures: match?.slice(1) ?? [] };
  };
  const expectFrame = async (options: unknown, what: string): Promise<unknown> => {
    const { expect: pattern, withinMs: timeoutMs } = parsed(shapes.expectOptions, options);
    const { matches, payload } = await answer(run.serial, { pattern, on: 'frame', timeoutMs, what });
    const [match] = matches;
    return {
      payload,
      text: match?.input ?? '',
      groups: { ...match?.groups },
      captures: match?.slice(1) ?? [],
    };
  };
  const sendData = async (
    { serial, session }: Peer,
    what: unknown,
    { end }: z.infer<typeof shapes.sendOptions>,
  ): Promise<void> => {
    const content = parsed(shapes.sendData, what);
    const message: Message =
      typeof content === 'string' ? { text: content, end: session?.setting.end ?? end } : { bytes: content };
    await send(serial, encodeMessage(message, serial), signal);
  };
  const toPeer = <T>(
    instrument: string | undefined,
    work: (peer: Peer) => Promise<T>,
    isAnswered = true,
  ): Promise<T> =>
    withAddressee(instrument, run, (serial, session) => work({ serial, session }), isAnswered, signal);
  const sendFrame = (payload: unknown): Promise<void> =>
    send(run.serial, encodeMessage({ payload: parsed(shapes.payload, payload) }, run.serial), signal);

  if (isBleCall(call)) return performBleCall(call, args, run, parsed, signal);
  switch (call) {
    case 'send': {
      const options = parsed(shapes.sendOptions, args[1] ?? {});
      const isQuestion = typeof args[0] !== 'string' || args[0].includes('?');
      return toPeer(options.instrument, (peer) => sendData(peer, args[0], options), !isQuestion);
    }
    case 'expect': {
      const options = parsed(shapes.expectOptions, args[0]);
      return toPeer(options.instrument, ({ serial }) => expectText(serial, options, 'the expected text'));
    }
    case 'request': {
      const options = parsed(shapes.requestOptions, args[1]);
      return toPeer(options.instrument, async (peer) => {
        await sendData(peer, args[0], options);
        return expectText(peer.serial, options, whatOf(args[0]));
      });
    }
    case 'query': {
      const { instrument, withinMs: timeoutMs } = parsed(shapes.queryOptions, args[1]);
      const text = parsed(shapes.command, args[0]);
      return toPeer(instrument, ({ session }) => requireSession(session).query(text, timeoutMs, signal));
    }
    case 'block': {
      const { instrument, withinMs: timeoutMs, maxBytes } = parsed(shapes.blockOptions, args[1]);
      const text = parsed(shapes.command, args[0]);
      return toPeer(instrument, async ({ session }) => {
        const asked = requireSession(session);
        await asked.send(text, signal);
        return asked.readBlock({ what: whatOf(text), timeoutMs, maxBytes }, signal);
      });
    }
    case 'sendFrame':
      return sendFrame(args[0]);
    case 'expectFrame':
      return expectFrame(args[0], 'the expected frame');
    case 'requestFrame': {
      await sendFrame(args[0]);
      return expectFrame(args[1], 'the frame');
    }
    case 'read': {
      const { instrument, ...spec } = parsed(shapes.readOptions, args[0]);
      return toPeer(instrument, ({ serial }) => readBytes(serial, spec, signal));
    }
    case 'at': {
      const { withinMs: timeoutMs } = parsed(shapes.commandOptions, args[1]);
      return run.device.command(parsed(shapes.command, args[0]), { timeoutMs }, signal);
    }
    case 'setLines':
      return run.serial.setControlLines(parsed(shapes.controlLines, args[0]), signal);
    case 'power': {
      const to = parsed(shapes.powerTo, args[0]);
      return power({ verb: 'power', to, ...parsed(shapes.powerOptions, args[1] ?? {}) }, run, signal);
    }
    case 'relay': {
      const channel = parsed(shapes.channel, args[0]);
      const on = parsed(shapes.relayOn, args[1]);
      if (!step.relays.includes(channel))
        throw new Fault(
          'recipe-invalid',
          `${step.file} switches relay ${channel}, which its step does not name under "relays"`,
        );
      return run.board((board) => board.setRelay(channel, on, signal), signal);
    }
    case 'pin': {
      const pin = parsed(shapes.channel.nullish(), args[0]);
      return run.board((board, own) => board.readInput(pin ?? own, signal), signal);
    }
    case 'measure': {
      const name = parsed(shapes.measurementName, args[0]);
      const { unit = null, limits: wanted } = parsed(shapes.measureOptions, args[2], name);
      const value = parsed(shapes.measuredValue, args[1], name);
      const mistake = wanted === undefined ? null : whyNeverWithin(value, wanted);
      if (mistake !== null) throw refused(mistake, name);
      if (wanted?.pattern !== undefined) budget.spend(compilePattern(wanted.pattern).steps(String(value)));
      const measurement = evaluate(name, value, wanted, unit);
      measurements.push(measurement);
      return measurement.outcome === 'PASS';
    }
    case 'attachPiece':
      return files.add(parsed(shapes.attachmentId, args[0]), parsed(shapes.attachmentData, args[1]));
    case 'attach': {
      const name = parsed(shapes.attachmentName, args[0]);
      const { type: said = null } = parsed(shapes.attachOptions, args[2] ?? {}, name);
      const bytes = files.end(
        parsed(shapes.attachmentId, args[3]),
        parsed(shapes.attachmentData, args[1], name),
      );
      const stored = await run.attach({ name, bytes, said }, signal);
      return stored.name;
    }
    case 'prompt': {
      const { kind, ask, choices, answerMs: timeoutMs } = parsed(shapes.promptOptions, args[0]);
      return run.ask(
        { step: stepName(step), kind, ask, image: null, choices, unit: null },
        timeoutMs,
        signal,
      );
    }
    case 'wait':
      return run.platform.clock.sleep(parsed(shapes.pauseMs, args[0]), signal);
    case 'log':
      return run.note(`script | ${parsed(shapes.plainText, args[0]).slice(0, 1000)}`);
    case 'set': {
      const name = parsed(shapes.plainText, args[0]);
      if (!step.sets.includes(name))
        throw new Fault(
          'recipe-invalid',
          `${step.file} sets ${name}, which its step does not name under "sets"`,
        );
      return run.scope.set(name, String(parsed(shapes.measuredValue, args[1], name)));
    }
    default:
      throw new Fault('recipe-invalid', `${step.file}: there is no ${call}`);
  }
}

/** The reason why no value of this type is within the limits; `null` when one may be. */
function whyNeverWithin(
  value: MeasuredValue,
  { min, max, above, below, within, equals }: Limits,
): string | null {
  const bounded = [min, max, above, below, within].some((limit) => limit !== undefined);
  if (bounded && typeof value !== 'number')
    return `"${String(value)}" is not a number, and limits are for numbers: measure Number(…)`;
  if (equals === undefined || typeof equals === typeof value) return null;
  return `"${String(value)}" is a ${typeof value}, and limits.equals is a ${typeof equals}`;
}

/** The request, for messages. */
function whatOf(request: unknown): string {
  return typeof request === 'string' ? request.slice(0, MAX_REQUEST_CHARS) : 'the request';
}

function requireSession(session: InstrumentSession | null): InstrumentSession {
  if (session === null) throw new Fault('recipe-invalid', 'only an instrument is asked like this');
  return session;
}
