import {
  contract,
  type FirmwareDetails,
  type FirmwareFieldMap,
  type FirmwareJob,
  type FirmwareView,
  type StationContract,
} from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { createTopic, type Handlers } from '#shared/rpc/index.ts';

/** Firmware that a test or a person moves along by hand. */
export interface FirmwareDesk {
  readonly topic: ReturnType<typeof firmwareTopic>;
  readonly handlers: Partial<Handlers<StationContract>>;
  job(job: Partial<FirmwareJob> & Pick<FirmwareJob, 'jobId' | 'kind'>): void;
  package(changed: FirmwareView): void;
}

export function firmwareDesk(epoch: string): FirmwareDesk {
  const topic = firmwareTopic(epoch);
  let fields: FirmwareFieldMap = { version: 'module.version', file: 'module.file' };
  let jobs = 0;
  const one = (firmwareId: string): FirmwareView => {
    const found = topic.state.packages.find((view) => view.firmwareId === firmwareId);
    if (found === undefined) throw new Fault('not-found', `there is no firmware ${firmwareId}`);
    return found;
  };
  const put = (changed: FirmwareView): FirmwareView => {
    topic.publish({ kind: 'package', package: changed });
    return changed;
  };
  const job: FirmwareDesk['job'] = (patch) => {
    const known = topic.state.jobs.find(({ jobId }) => jobId === patch.jobId);
    topic.publish({ kind: 'job', job: { ...blankJob(patch.jobId, patch.kind), ...known, ...patch } });
  };
  return {
    topic,
    job,
    package: put,
    handlers: {
      'firmware.list': () => ({ packages: topic.state.packages }),
      'firmware.get': ({ firmwareId }) => detailsOf(one(firmwareId)),
      'firmware.import': ({ fileIds }) => {
        const jobId = `job-${(jobs += 1)}`;
        job({
          jobId,
          kind: 'import',
          title: `plug-1.4.2.zip (${fileIds.length})`,
          totalBytes: 1_204_224,
          doneBytes: 400_000,
        });
        return { jobId };
      },
      'firmware.describe': ({ firmwareId, productId, version }) =>
        put({
          ...one(firmwareId),
          ...(productId === undefined ? {} : { productId, productFrom: 'given' as const }),
          ...(version === undefined ? {} : { version, versionFrom: 'given' as const }),
        }),
      'firmware.upload': ({ firmwareId }) => {
        const jobId = `job-${(jobs += 1)}`;
        const { packageName, sizeBytes } = one(firmwareId);
        job({
          jobId,
          kind: 'upload',
          firmwareId,
          title: packageName,
          stage: 'sending',
          totalBytes: sizeBytes,
          doneBytes: sizeBytes / 4,
        });
        return { jobId };
      },
      'firmware.cancel': ({ jobId }) => {
        const known = topic.state.jobs.find((running) => running.jobId === jobId);
        if (known !== undefined) job({ ...known, state: 'cancelled' });
        return {};
      },
      'firmware.setOnline': ({ firmwareId, online }) => {
        const view = one(firmwareId);
        return put({ ...view, registry: { ...view.registry, state: online ? 'online' : 'offline' } });
      },
      'firmware.fields': () => ({ fields }),
      'firmware.setFields': (given) => {
        fields = given.fields;
        return { fields };
      },
    },
  };
}

function firmwareTopic(epoch: string) {
  const packages = [
    view('c4', {
      version: null,
      versionFrom: null,
      versionUnfit: 'V1.0 20260301',
      productId: null,
      productFrom: null,
      name: null,
      fileName: 'bulb.bin.ota',
      packageName: 'bulb-nightly.zip',
      kind: 'opaque',
    }),
    view('9f', { version: '1.4.2' }),
    view('27', { version: '1.4.1' }, 'online'),
    view('b8', { version: '1.3.0' }, 'offline'),
  ];
  return createTopic(contract.topics.firmware, { packages, jobs: [] }, epoch);
}

function view(
  seed: string,
  patch: Partial<FirmwareView>,
  state: FirmwareView['registry']['state'] = 'none',
): FirmwareView {
  const sha256 = hexOf(seed, 64);
  const done = state === 'online' || state === 'offline';
  return {
    firmwareId: sha256,
    fileName: 'smart-plug.bin.ota',
    packageName: `smart-plug-${patch.version ?? 'nightly'}.zip`,
    sizeBytes: 1_204_224,
    sha256,
    md5: hexOf(seed, 32),
    kind: 'bl60x',
    productId: 'HK2QX1JY7C',
    productFrom: 'given',
    version: '1.4.2',
    versionFrom: 'mapping',
    productUnfit: null,
    versionUnfit: null,
    name: 'Smart plug',
    description: null,
    importedBy: '陈静',
    importedAtMs: Date.now() - 5_400_000,
    registry: {
      state,
      receivedBytes: done ? 1_204_224 : 0,
      sha256: done ? sha256 : null,
      completedAtMs: done ? Date.now() - 3_600_000 : null,
    },
    ...patch,
  };
}

/** Looks like a hash; the same seed, the same one. */
function hexOf(seed: string, length: number): string {
  let state = Number.parseInt(seed, 16);
  let text = seed;
  while (text.length < length) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    text += ((state >>> 16) & 15).toString(16);
  }
  return text;
}

function detailsOf(firmware: FirmwareView): FirmwareDetails {
  const config = {
    module: { version: firmware.version ?? firmware.versionUnfit ?? 'nightly', file: firmware.fileName },
    channel: 'beta',
    minBattery: 30,
  };
  return {
    ...firmware,
    header:
      firmware.kind === 'opaque'
        ? null
        : {
            type: 'RAW',
            bodyBytes: firmware.sizeBytes - 512,
            hardwareVersion: 'bl602-a1',
            softwareVersion: 'v1.4.2',
            bodySha256: firmware.sha256,
          },
    config: JSON.stringify(config, null, 2),
    fields: [
      {
        path: 'module.version',
        text: config.module.version,
        meaning: firmware.version === null ? null : 'version',
      },
      { path: 'module.file', text: firmware.fileName, meaning: 'file' },
      { path: 'channel', text: 'beta', meaning: null },
      { path: 'minBattery', text: '30', meaning: null },
    ],
    documents: [
      { fileId: 'doc-1', path: 'jx_iot_protocol.docx', sizeBytes: 48_213, sha256: hexOf('1d', 64) },
      { fileId: 'doc-2', path: '说明/readme.txt', sizeBytes: 612, sha256: hexOf('2d', 64) },
    ],
  };
}

function blankJob(jobId: string, kind: FirmwareJob['kind']): FirmwareJob {
  return {
    jobId,
    kind,
    title: '',
    firmwareId: null,
    stage: 'reading',
    doneBytes: 0,
    totalBytes: 0,
    state: 'running',
    added: null,
    fault: null,
    startedAtMs: Date.now(),
  };
}
