import { INSTRUMENT_NAME, type InstrumentSetting, instrumentSetting } from '#shared/domain/instrument.ts';
import type { PlainMessageKey } from '#services/i18n/index.ts';

/** What the form of an instrument shows. A number that is not typed is ''. */
export interface InstrumentDraft {
  name: string;
  /** '' for all slots. */
  slot: number | string;
  address: string;
  kind: InstrumentSetting['kind'];
  end: InstrumentSetting['end'];
  baudRate: number | string;
  checksErrors: boolean;
  onRelease: string;
  /** Seconds. */
  turnTimeoutS: number | string;
}

const NEW = instrumentSetting.parse({ name: 'psu', address: 'tcp://192.168.1.60:5025' });

/** A stored instrument as the form shows it; without one, an empty form. */
export function draftOfInstrument(setting: InstrumentSetting | null): InstrumentDraft {
  const { name, slot, address, kind, end, baudRate, checksErrors, onRelease, turnTimeoutMs } = setting ?? {
    ...NEW,
    name: '',
    address: '',
  };
  return {
    name,
    slot: slot ?? '',
    address,
    kind,
    end,
    baudRate,
    checksErrors,
    onRelease: onRelease ?? '',
    turnTimeoutS: turnTimeoutMs / 1000,
  };
}

export type InstrumentField = 'name' | 'slot' | 'address' | 'baudRate' | 'turnTimeoutS';

/** The fields that cannot be saved as they are, with the text that says what to type. */
export function problemsOfInstrument(
  draft: InstrumentDraft,
  others: readonly InstrumentSetting[],
): Partial<Record<InstrumentField, PlainMessageKey>> {
  const isWhole = (value: number | string, min: number, max: number): boolean =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
  const problems: Partial<Record<InstrumentField, PlainMessageKey>> = {};
  const slot = draft.slot === '' ? null : draft.slot;
  if (!INSTRUMENT_NAME.test(draft.name.trim())) problems.name = 'station.instruments.nameWrong';
  else if (others.some((other) => other.name === draft.name.trim() && other.slot === slot))
    problems.name = 'station.instruments.nameTaken';
  if (slot !== null && !isWhole(slot, 1, 64)) problems.slot = 'station.instruments.slotWrong';
  const isPlace = draft.kind === 'place';
  if (isPlace ? draft.address.trim() === '' : !isAddress(draft.address.trim()))
    problems.address = 'station.instruments.addressWrong';
  if (!isPlace && !isNetworkAddress(draft.address) && !isWhole(draft.baudRate, 300, 4_000_000))
    problems.baudRate = 'station.instruments.baudWrong';
  if (!isWhole(draft.turnTimeoutS, 1, 3600)) problems.turnTimeoutS = 'station.instruments.turnWrong';
  return problems;
}

/** The setting of a draft without problems. */
export function settingOfInstrument(draft: InstrumentDraft): InstrumentSetting {
  const { kind, end, checksErrors } = draft;
  return instrumentSetting.parse({
    name: draft.name.trim(),
    slot: draft.slot === '' ? null : Number(draft.slot),
    address: draft.address.trim(),
    kind,
    end,
    baudRate: kind === 'place' || isNetworkAddress(draft.address) ? NEW.baudRate : Number(draft.baudRate),
    checksErrors,
    onRelease: kind === 'place' || draft.onRelease.trim() === '' ? null : draft.onRelease.trim(),
    turnTimeoutMs: Number(draft.turnTimeoutS) * 1000,
  });
}

export function isNetworkAddress(address: string): boolean {
  return address.trim().startsWith('tcp:');
}

function isAddress(address: string): boolean {
  if (!isNetworkAddress(address)) return address !== '' && !/\s/.test(address);
  const url = URL.canParse(address) ? new URL(address) : null;
  return url !== null && url.hostname !== '' && Number(url.port) > 0;
}
