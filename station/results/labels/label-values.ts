import type { LabelValues, LocalTime } from '#shared/label/index.ts';
import { macOrNull, type UnitId } from '#shared/domain/unit-id.ts';
import { type DeviceCode, encodeDeviceQr } from '#shared/codec/qr/index.ts';
import type { Recipe } from '#shared/recipe/index.ts';
import type { ReadableDatabase, RunRow } from '../../core/database/index.ts';

export interface LabelValuesOptions {
  readonly run: Pick<RunRow, 'runId' | 'batchId' | 'station' | 'operator' | 'startedAtMs' | 'finishedAtMs'>;
  /** The unit's present identity. */
  readonly device: DeviceCode;
  readonly id: UnitId | null;
  readonly recipe: Pick<Recipe, 'name' | 'version' | 'title'>;
  /** Number of this print among those of its unit, from 1. */
  readonly copy?: number | undefined;
}

type ValueSources = Pick<ReadableDatabase, 'batches' | 'runs' | 'labelTemplates'>;

/**
 * What a template can show of a run. A measurement has the value of its last attempt; the time is the end of the run in the
 * zone of this computer, or its beginning while it is running.
 */
export function labelValues(
  database: ValueSources,
  { run, device, id, recipe, copy = 1 }: LabelValuesOptions,
): LabelValues {
  const mac = id?.kind === 'mac' ? macOrNull(id) : null;
  const macHex = mac?.replaceAll(':', '') ?? null;
  const measured = database.runs
    .listMeasurements(run.runId)
    .map(
      ({ name, value, unit }) => [name, unit === null ? String(value) : `${String(value)} ${unit}`] as const,
    );
  return {
    words: {
      mac,
      macHex,
      macTail: macHex?.slice(-6) ?? null,
      chipId: id?.kind === 'chip-id' ? id.text : null,
      serialNumber: device.serialNumber ?? null,
      productId: device.productId,
      deviceName: device.deviceName,
      deviceCode: encodeDeviceQr(device),
      batch: database.batches.findById(run.batchId)?.name ?? null,
      'recipe.name': recipe.name,
      'recipe.version': recipe.version,
      'recipe.title': recipe.title.en,
      'recipe.title.zh': recipe.title['zh-CN'],
      station: run.station,
      operator: run.operator,
      copy: String(copy),
    },
    measurements: Object.fromEntries(measured),
    time: localTime(run.finishedAtMs ?? run.startedAtMs),
    counters: database.labelTemplates.numbersOf(run.runId),
  };
}

function localTime(atMs: number): LocalTime {
  const at = new Date(atMs);
  return {
    year: at.getFullYear(),
    month: at.getMonth() + 1,
    day: at.getDate(),
    hour: at.getHours(),
    minute: at.getMinutes(),
    second: at.getSeconds(),
  };
}
