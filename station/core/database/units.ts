import type { UnitIdKind } from '#shared/domain/unit-id.ts';
import type { Db } from './database.ts';

/** How a unit has identified itself; `text` when that is not its chip id. */
export interface ReportedUnitId {
  readonly kind: UnitIdKind;
  readonly text: string | null;
}

export interface UnitRow {
  readonly unitId: number;
  readonly chipId: string;
  readonly serialNumber: string | null;
  readonly model: string | null;
  readonly firmwareVersion: string | null;
  readonly idKind: UnitIdKind | null;
  readonly idText: string | null;
}

const COLUMNS =
  'unit_id AS unitId, chip_id AS chipId, serial_number AS serialNumber, model, firmware_version AS firmwareVersion, id_kind AS idKind, id_text AS idText';

/** The units that this station has seen, by MAC or chip id. */
export function createUnitRepository(db: Db) {
  const byChip = db.prepare<[string], UnitRow>(`SELECT ${COLUMNS} FROM unit WHERE chip_id = ?`);
  const bySerial = db.prepare<[string], UnitRow>(`SELECT ${COLUMNS} FROM unit WHERE serial_number = ?`);
  const bySaid = db.prepare<[string], UnitRow>(`SELECT ${COLUMNS} FROM unit WHERE id_text = ?`);
  const byId = db.prepare<[number], UnitRow>(`SELECT ${COLUMNS} FROM unit WHERE unit_id = ?`);
  const see = db.prepare<
    [string, string | null, string | null, UnitIdKind | null, string | null, number, number],
    UnitRow
  >(`
    INSERT INTO unit (chip_id, model, firmware_version, id_kind, id_text, first_seen_at, last_seen_at) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (chip_id) DO UPDATE SET model = excluded.model, firmware_version = excluded.firmware_version,
      id_kind = coalesce(excluded.id_kind, id_kind), id_text = coalesce(excluded.id_text, id_text), last_seen_at = excluded.last_seen_at RETURNING ${COLUMNS}`);
  const name = db.prepare<[string, number]>('UPDATE unit SET serial_number = ? WHERE unit_id = ?');
  return {
    findByChip: (chipId: string) => byChip.get(chipId) ?? null,
    findBySerialNumber: (serialNumber: string) => bySerial.get(serialNumber) ?? null,
    /** By the serial number that the unit itself reports. */
    findByReportedId: (text: string) => bySaid.get(text) ?? null,
    findById: (unitId: number) => byId.get(unitId) ?? null,
    /** Records that the unit was on a slot at `at`; adds it when it is new. */
    recordSeen(
      chipId: string,
      model: string | null,
      firmwareVersion: string | null,
      at: number,
      said: ReportedUnitId | null = null,
    ): UnitRow {
      return see.get(
        chipId,
        model,
        firmwareVersion,
        said?.kind ?? null,
        said?.text ?? null,
        at,
        at,
      ) as UnitRow;
    },
    setSerialNumber: (unitId: number, serialNumber: string): void => void name.run(serialNumber, unitId),
  };
}
