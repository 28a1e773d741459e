import { createHash } from 'node:crypto';
import { atPath } from '#shared/domain/ampe.ts';
import { Fault } from '#shared/domain/fault.ts';
import { fillBytes, type IdentifyRequest, SAMPLE_SCOPE } from '#shared/recipe/index.ts';
import type { UnitIdKind } from '#shared/domain/unit-id.ts';
import { isBlankChipId, isUnsetId, normalizeChipId } from '#shared/domain/triple.ts';
import { callAmpe } from '../ampe/index.ts';
import type { UnitInfo } from '../device-session.ts';
import {
  expectAnswer,
  requireText,
  encodeMessage,
  type Message,
  type SerialIo,
} from '../../serial-io/index.ts';

/** Longest chip id of the ledger: 32 hex digits. */
const CHIP_ID_BYTES = 16;
const MAC_BYTES = 6;
const MIN_SERIAL_BYTES = 3;

/** The identification collected so far. */
interface Identification {
  /** A MAC or chip id. */
  id?: string | undefined;
  /** A serial number that the device reports, as terminals do. */
  serial?: string | undefined;
  /** The kind that the recipe names. */
  as?: UnitIdKind | undefined;
  model?: string | undefined;
  firmware?: string | undefined;
}

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
  return toInfo(found);

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

  function toInfo({ id, as, serial, model, firmware }: Identification): UnitInfo {
    const chipId = id !== undefined ? chipIdOf(id) : serial !== undefined ? serialToChipId(serial) : null;
    const name = id ?? serial;
    if (chipId === null || isBlankChipId(chipId) || isUnsetId(name ?? '')) {
      const problem =
        name === undefined ? 'did not identify itself' : `reports the id "${name.slice(0, 64)}"`;
      throw new Fault('device-garbled', `the unit on ${io.path} ${problem}`, {
        hint: 'Try once more; check that it is a unit of this recipe.',
        details: { port: io.path },
      });
    }
    // An id that is not hex is no MAC or chip id, whatever the recipe calls it.
    const isHex = id !== undefined && normalizeChipId(id) !== null;
    const kind: UnitIdKind = isHex ? (as ?? 'chip-id') : 'serial-number';
    const reported = { kind, text: isHex ? null : (id ?? serial ?? '').trim() };
    return { chipId, model: model ?? null, firmwareVersion: firmware ?? null, id: reported };
  }
}

/** A MAC or chip id in hex; an id of other characters is represented by their bytes. */
function chipIdOf(id: string): string | null {
  const hex = normalizeChipId(id);
  if (hex !== null) return hex;
  const bytes = Buffer.from(id.trim(), 'utf8');
  return bytes.length < 3 || bytes.length > CHIP_ID_BYTES ? null : bytes.toString('hex').toUpperCase();
}

/**
 * Represents a serial number by its bytes in UTF-8: 12 hex digits are always a MAC, so that a serial number of six bytes
 * gets a zero byte appended. One of more than 16 bytes is represented by the first 16 of its SHA-256. Null for one that is
 * too short to distinguish units.
 */
function serialToChipId(serial: string): string | null {
  const bytes = Buffer.from(serial.trim(), 'utf8');
  if (bytes.length < MIN_SERIAL_BYTES) return null;
  const digest = (): Buffer => createHash('sha256').update(bytes).digest().subarray(0, CHIP_ID_BYTES);
  const id =
    bytes.length > CHIP_ID_BYTES
      ? digest()
      : bytes.length === MAC_BYTES
        ? Buffer.concat([bytes, Buffer.of(0)])
        : bytes;
  return id.toString('hex').toUpperCase();
}

function messageOf({ text, end, hex, frame }: IdentifyRequest): Message {
  if (text !== undefined) return { text, end };
  if (hex !== undefined) return { bytes: fillBytes(hex, SAMPLE_SCOPE) ?? new Uint8Array() };
  return { payload: fillBytes(frame ?? '', SAMPLE_SCOPE) ?? new Uint8Array() };
}
