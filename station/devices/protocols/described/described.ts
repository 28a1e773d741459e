import { createHash } from 'node:crypto';
import { atPath } from '#shared/domain/ampe.ts';
import { Fault } from '#shared/domain/fault.ts';
import { fillBytes, type IdentifyQuestion, SAMPLE_SCOPE } from '#shared/recipe/index.ts';
import type { UnitIdKind } from '#shared/domain/unit-id.ts';
import { isBlankChipId, normalizeChipId } from '#shared/domain/triple.ts';
import { callAmpe } from '../ampe/index.ts';
import type { DeviceSession, UnitInfo } from '../device-session.ts';
import { answerOn, decoded, encodeMessage, type Message, type Wire } from '../../serial-io/index.ts';

/** Longest number that the ledger takes for a chip: 32 hex digits. */
const CHIP_ID_BYTES = 16;
const MAC_BYTES = 6;
const SHORTEST_SERIAL_BYTES = 3;

interface Told {
  /** A MAC or chip id. */
  id?: string | undefined;
  /** A serial number that the device says of itself, as terminals do. */
  serial?: string | undefined;
  /** As the recipe calls it. */
  as?: UnitIdKind | undefined;
  model?: string | undefined;
  firmware?: string | undefined;
}

/**
 * A device by what its recipe asks it. It can say who it is and nothing more: whatever has to do with a triple faults
 * with `recipe-invalid`, which the check of a recipe tells before.
 */
export function openDescribed(wire: Wire, questions: readonly IdentifyQuestion[]): DeviceSession {
  return {
    readBack: 'none',
    async identify(signal) {
      const told: Told = {};
      for (const question of questions) {
        const part =
          question.ampe === undefined ? await ask(question, signal) : await askTerminal(question, signal);
        if (told.id === undefined && part.id !== undefined) {
          told.id = part.id;
          told.as = part.as;
        }
        told.serial ??= part.serial;
        told.model ??= part.model;
        told.firmware ??= part.firmware;
      }
      return toInfo(told);
    },
    readIdentity: () => Promise.reject(cannot('hold a triple')),
    checkWritable: () => {
      throw cannot('hold a triple');
    },
    prepareWrite: () => Promise.reject(cannot('take a triple')),
    writeIdentity: () => Promise.reject(cannot('take a triple')),
    eraseIdentity: () => Promise.reject(cannot('forget a triple')),
    goOnline: () => Promise.reject(cannot('log in to the cloud')),
    goOffline: () => Promise.resolve(),
    command: () => Promise.reject(cannot('take AT commands')),
  };

  async function ask(question: IdentifyQuestion, signal: AbortSignal): Promise<Told> {
    const message = messageOf(question);
    const what = question.text ?? question.hex ?? question.frame ?? 'identify';
    await wire.send(encodeMessage(message, wire), signal);
    const { matches } = await answerOn(
      wire,
      {
        pattern: question.expect ?? question.expectFrame ?? '',
        on: question.expect === undefined ? 'frame' : question.wholeLines ? 'lines' : 'text',
        withinMs: question.withinMs,
        every: false,
        what,
      },
      signal,
    );
    const groups = matches[0]?.groups ?? {};
    const told = (name: string): string | undefined =>
      groups[name] === undefined ? undefined : decoded(groups[name], name, what);
    const mac = told('mac');
    return {
      id: mac ?? told('id'),
      as: mac === undefined ? 'chip-id' : 'mac',
      model: told('model'),
      firmware: told('firmware'),
    };
  }

  async function askTerminal({ ampe, withinMs }: IdentifyQuestion, signal: AbortSignal): Promise<Told> {
    if (ampe === undefined) return {};
    const { action, params } = ampe;
    const reply = await callAmpe(wire, { action, params }, { withinMs }, signal);
    const text = (path: string | undefined): string | undefined => {
      const value = path === undefined ? undefined : atPath(reply, path);
      return typeof value === 'string' || typeof value === 'number'
        ? decoded(String(value), path ?? '', ampe.action)
        : undefined;
    };
    return { serial: text(ampe.id), model: text(ampe.model), firmware: text(ampe.firmware) };
  }

  function toInfo({ id, as, serial, model, firmware }: Told): UnitInfo {
    const chipId = id !== undefined ? chipIdOf(id) : serial !== undefined ? serialToChipId(serial) : null;
    if (chipId === null || isBlankChipId(chipId)) {
      const name = id ?? serial;
      const said = name === undefined ? 'did not say who it is' : `says that it is "${name.slice(0, 64)}"`;
      throw new Fault('device-garbled', `the unit on ${wire.path} ${said}`, {
        hint: 'Try once more; check that it is a unit of this recipe.',
        details: { port: wire.path },
      });
    }
    // What is not hex is nobody's MAC or chip id, whatever the recipe calls it.
    const isHex = id !== undefined && normalizeChipId(id) !== null;
    const kind: UnitIdKind = isHex ? (as ?? 'chip-id') : 'serial-number';
    const said = { kind, text: isHex ? null : (id ?? serial ?? '').trim() };
    return { chipId, model: model ?? null, firmwareVersion: firmware ?? null, id: said };
  }
}

/** A MAC or chip id in hex; a serial number made of other characters goes by their bytes. */
function chipIdOf(id: string): string | null {
  const hex = normalizeChipId(id);
  if (hex !== null) return hex;
  const bytes = Buffer.from(id.trim(), 'utf8');
  return bytes.length < 3 || bytes.length > CHIP_ID_BYTES ? null : bytes.toString('hex').toUpperCase();
}

/**
 * A serial number by its bytes in UTF-8, never as hex: 12 hex digits of an id are always a MAC, so that a serial of six
 * bytes gets a zero byte behind it. One of more than 16 bytes goes by the first 16 of its SHA-256. `null` for one that is
 * too short to tell units apart.
 */
function serialToChipId(serial: string): string | null {
  const bytes = Buffer.from(serial.trim(), 'utf8');
  if (bytes.length < SHORTEST_SERIAL_BYTES) return null;
  const digest = (): Buffer => createHash('sha256').update(bytes).digest().subarray(0, CHIP_ID_BYTES);
  const id =
    bytes.length > CHIP_ID_BYTES
      ? digest()
      : bytes.length === MAC_BYTES
        ? Buffer.concat([bytes, Buffer.of(0)])
        : bytes;
  return id.toString('hex').toUpperCase();
}

function messageOf({ text, end, hex, frame }: IdentifyQuestion): Message {
  if (text !== undefined) return { text, end };
  if (hex !== undefined) return { bytes: fillBytes(hex, SAMPLE_SCOPE) ?? new Uint8Array() };
  return { payload: fillBytes(frame ?? '', SAMPLE_SCOPE) ?? new Uint8Array() };
}

function cannot(what: string): Fault {
  return new Fault('recipe-invalid', `a described device cannot ${what}`, {
    hint: 'Take these steps out of the recipe, or use the profile of the device.',
  });
}
