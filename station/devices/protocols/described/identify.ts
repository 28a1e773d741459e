import { atPath } from '#shared/domain/ampe.ts';
import { fillBytes, type IdentifyRequest, SAMPLE_SCOPE } from '#shared/recipe/index.ts';
import { callAmpe } from '../ampe/index.ts';
import type { UnitInfo } from '../device-session.ts';
import {
  expectAnswer,
  requireText,
  encodeMessage,
  type Message,
  type SerialIo,
} from '../../serial-io/index.ts';
import { type Identification, toUnitInfo } from './unit-info.ts';

/**
 * Identifies a device by the requests of its recipe. Faults: those of `expectAnswer` and `callAmpe`; `device-garbled` for an id
 * that identifies no unit.
 */
export async function identifyDescribed(
  io: SerialIo,
  requests: readonly IdentifyRequest[],
  signal: AbortSignal,
): Promise<UnitInfo> {
  const found: Identification = {};
  for (const request of requests) {
    const part = request.ampe === undefined ? await ask(request) : await askTerminal(request);
    if (found.id === undefined && part.id !== undefined) {
      found.id = part.id;
      found.as = part.as;
    }
    found.serial ??= part.serial;
    found.model ??= part.model;
    found.firmware ??= part.firmware;
  }
  return toUnitInfo(found, `the unit on ${io.path}`, { port: io.path });

  async function ask(request: IdentifyRequest): Promise<Identification> {
    const message = messageOf(request);
    const what = request.text ?? request.hex ?? request.frame ?? 'identify';
    await io.send(encodeMessage(message, io), signal);
    const { matches } = await expectAnswer(
      io,
      {
        pattern: request.expect ?? request.expectFrame ?? '',
        on: request.expect === undefined ? 'frame' : request.wholeLines ? 'lines' : 'text',
        timeoutMs: request.withinMs,
        every: false,
        what,
      },
      signal,
    );
    const groups = matches[0]?.groups ?? {};
    const group = (name: string): string | undefined =>
      groups[name] === undefined ? undefined : requireText(groups[name], name, what);
    const mac = group('mac');
    return {
      id: mac ?? group('id'),
      as: mac === undefined ? 'chip-id' : 'mac',
      model: group('model'),
      firmware: group('firmware'),
    };
  }

  async function askTerminal({ ampe, withinMs: timeoutMs }: IdentifyRequest): Promise<Identification> {
    if (ampe === undefined) return {};
    const { action, params } = ampe;
    const reply = await callAmpe(io, { action, params }, { timeoutMs }, signal);
    const text = (path: string | undefined): string | undefined => {
      const value = path === undefined ? undefined : atPath(reply, path);
      return typeof value === 'string' || typeof value === 'number'
        ? requireText(String(value), path ?? '', ampe.action)
        : undefined;
    };
    return { serial: text(ampe.id), model: text(ampe.model), firmware: text(ampe.firmware) };
  }
}

function messageOf({ text, end, hex, frame }: IdentifyRequest): Message {
  if (text !== undefined) return { text, end };
  if (hex !== undefined) return { bytes: fillBytes(hex, SAMPLE_SCOPE) ?? new Uint8Array() };
  return { payload: fillBytes(frame ?? '', SAMPLE_SCOPE) ?? new Uint8Array() };
}
