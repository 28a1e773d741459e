import type { FirmwareDetails, FirmwareFieldMap, FirmwareView } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { FirmwareRow, FirmwareUploadRow, ReadableDatabase } from '../core/database/index.ts';
import { INITIAL_FIELD_MAP } from './field-map.ts';
import { toDetails, toView } from './views.ts';

/** Key in the table `meta`; persisted. */
export const FIELD_MAP = 'firmware.fields';

/** The firmware packages of a station, for a program that only reads its database. */
export interface FirmwareReader {
  list(): FirmwareView[];
  /** Faults: `not-found`, `bad-input` when the digits are ambiguous. */
  get(id: string): FirmwareDetails;
  /** The row of an id, or of its first six or more digits. Faults as `get`. */
  find(id: string): FirmwareRow;
  viewOf(row: FirmwareRow): FirmwareView;
  /** Which field of `ota_cfg.json` has which meaning. */
  fields(): FirmwareFieldMap;
}

/** @param registryUrl the registry whose uploads are shown; null when the station is bound to none */
export function readFirmware(
  database: Pick<ReadableDatabase, 'firmware' | 'meta'>,
  registryUrl: () => string | null,
): FirmwareReader {
  const uploadOf = (sha256: string): FirmwareUploadRow | null => {
    const url = registryUrl();
    return url === null ? null : database.firmware.findUpload(sha256, url);
  };
  const viewOf = (row: FirmwareRow): FirmwareView => toView(row, uploadOf(row.sha256));
  const fields = (): FirmwareFieldMap => {
    const stored = database.meta.get(FIELD_MAP);
    return stored === null ? INITIAL_FIELD_MAP : (JSON.parse(stored) as FirmwareFieldMap);
  };
  const find = (id: string): FirmwareRow => {
    if (/^[0-9a-f]{1,5}$/i.test(id))
      throw new Fault('bad-input', `"${id}" is too short for the id of a firmware`, {
        hint: 'Give at least 6 digits of its SHA-256.',
      });
    const matches = /^[0-9a-f]{6,64}$/i.test(id) ? database.firmware.listByPrefix(id.toLowerCase()) : [];
    const [first, second] = matches;
    if (first !== undefined && second === undefined) return first;
    if (first === undefined)
      throw new Fault('not-found', `there is no firmware ${id}`, {
        hint: 'List them with "firmware list".',
      });
    throw new Fault('bad-input', `${matches.length} packages begin with ${id}`, {
      hint: 'Give more of the id.',
    });
  };

  return {
    list: () => database.firmware.list().map(viewOf),
    get(id) {
      const row = find(id);
      return toDetails(row, uploadOf(row.sha256), fields(), database.firmware.listDocuments(row.sha256));
    },
    find,
    viewOf,
    fields,
  };
}
