import type {
  FirmwareFieldChanges,
  FirmwareFieldMap,
  FirmwareJob,
  FirmwareView,
} from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { firmwareDetails, firmwareJob } from '../fixtures/firmware.ts';
import type { Answers, MockStation } from '../mock-station.ts';

const FIELDS: FirmwareFieldMap = { version: 'module.version', file: 'module.file' };

/** Imports and uploads stand still where they were started, until `changeJob` or a cancel moves them. */
export const firmwareAnswers: Answers = {
  'firmware.get': ({ firmwareId }, { station }) => firmwareDetails(packageOf(station, firmwareId)),
  'firmware.import': ({ fileIds }, { station }) => {
    const title = `plug-1.4.2.zip (${fileIds.length})`;
    return begin(station, { kind: 'import', title, totalBytes: 1_204_224, doneBytes: 400_000 });
  },
  'firmware.describe': ({ firmwareId, productId, version }, { station }) =>
    changePackage(station, firmwareId, {
      ...(productId === undefined ? {} : { productId, productFrom: 'given' }),
      ...(version === undefined ? {} : { version, versionFrom: 'given' }),
    }),
  'firmware.upload': ({ firmwareId }, { station }) => {
    const { packageName: title, sizeBytes: totalBytes } = packageOf(station, firmwareId);
    const doneBytes = Math.floor(totalBytes / 4);
    return begin(station, { kind: 'upload', firmwareId, title, stage: 'sending', totalBytes, doneBytes });
  },
  'firmware.cancel': ({ jobId }, { station }) => {
    changeJob(station, { jobId, state: 'cancelled' });
    return {};
  },
  'firmware.setOnline': ({ firmwareId, online }, { station }) => {
    const { registry } = packageOf(station, firmwareId);
    return changePackage(station, firmwareId, {
      registry: { ...registry, state: online ? 'online' : 'offline' },
    });
  },
  'firmware.fields': { fields: FIELDS },
  'firmware.changeFields': (_, { station }) => {
    const inputs = station.inputsOf('firmware.changeFields') as { changes: FirmwareFieldChanges }[];
    const all = Object.entries(
      Object.assign({ ...FIELDS }, ...inputs.map(({ changes }) => changes)) as FirmwareFieldChanges,
    );
    const changed = {
      fields: Object.fromEntries(all.filter(([, path]) => path !== null)) as FirmwareFieldMap,
    };
    station.answer({ 'firmware.fields': changed });
    return changed;
  },
};

/** Changes a job of firmware, or begins it. */
export function changeJob(
  station: MockStation,
  changes: Partial<FirmwareJob> & Pick<FirmwareJob, 'jobId'>,
): void {
  const known = station.state('firmware').jobs.find(({ jobId }) => jobId === changes.jobId);
  station.publish('firmware', {
    kind: 'job',
    job: firmwareJob({ startedAtMs: Date.now(), ...known, ...changes }),
  });
}

function begin(station: MockStation, job: Partial<FirmwareJob>): { jobId: string } {
  const jobId = `job-${station.state('firmware').jobs.length + 1}`;
  changeJob(station, { ...job, jobId });
  return { jobId };
}

function changePackage(
  station: MockStation,
  firmwareId: string,
  changes: Partial<FirmwareView>,
): FirmwareView {
  const changed = { ...packageOf(station, firmwareId), ...changes };
  station.publish('firmware', { kind: 'package', package: changed });
  return changed;
}

function packageOf(station: MockStation, firmwareId: string): FirmwareView {
  const found = station.state('firmware').packages.find((one) => one.firmwareId === firmwareId);
  if (found === undefined) throw new Fault('not-found', `there is no firmware ${firmwareId}`);
  return found;
}
