import { atPath } from '#shared/domain/ampe.ts';
import { Fault } from '#shared/domain/fault.ts';
import { fillBytes, type IdentifyQuestion, SAMPLE_SCOPE } from '#shared/domain/recipe/index.ts';
import type { UnitIdKind } from '#shared/domain/unit-id.ts';
import { isBlankChipId, normalizeChipId } from '#shared/domain/triple.ts';
import { callAmpe } from '../ampe/index.ts';
import type { DeviceSession, UnitInfo } from '../device-session.ts';
import { answerOn, encodeMessage, type Message, type Wire } from '../wire/index.ts';

/** Longest number that the ledger takes for a chip: 32 hex digits. */
const CHIP_ID_BYTES = 16;

interface Told {
  id?: string | undefined;
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
    await wire.send(encodeMessage(message, wire));
    const { matches } = await answerOn(
      wire,
      {
        pattern: question.expect ?? question.expectFrame ?? '',
        on: question.expect === undefined ? 'frame' : 'lines',
        withinMs: question.withinMs,
        every: false,
        what: question.text ?? question.hex ?? question.frame ?? 'identify',
      },
      signal,
    );
    const groups = matches[0]?.groups ?? {};
    return {
      id: groups['mac'] ?? groups['id'],
      as: groups['mac'] === undefined ? 'chip-id' : 'mac',
      model: groups['model'],
      firmware: groups['firmware'],
    };
  }

  async function askTerminal({ ampe, withinMs }: IdentifyQuestion, signal: AbortSignal): Promise<Told> {
    if (ampe === undefined) return {};
    const reply = await callAmpe(wire, { action: ampe.action, params: ampe.params }, { withinMs }, signal);
    const text = (path: string | undefined): string | undefined => {
      const value = path === undefined ? undefined : atPath(reply, path);
      return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
    };
    // A terminal is known by the serial number that its maker gave it.
    return { id: text(ampe.id), as: 'serial-number', model: text(ampe.model), firmware: text(ampe.firmware) };
  }

  function toInfo({ id, as, model, firmware }: Told): UnitInfo {
    const chipId = id === undefined ? null : chipIdOf(id);
    if (chipId === null || isBlankChipId(chipId)) {
      const said = id === undefined ? 'did not say who it is' : `says that it is ${id}`;
      throw new Fault('device-garbled', `the unit on ${wire.path} ${said}`, {
        hint: 'Try once more; check that it is a unit of this recipe.',
        details: { port: wire.path },
      });
    }
    // What is not hex is nobody's MAC or chip id, whatever the recipe calls it.
    const kind = normalizeChipId(id ?? '') === null ? 'serial-number' : (as ?? 'chip-id');
    const said = { kind, text: kind === 'serial-number' ? (id ?? '').trim() : null };
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
