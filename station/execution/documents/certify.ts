import { Fault } from '#shared/domain/fault.ts';
import { unitIdOf } from '#shared/domain/unit-id.ts';
import { both, codedTexts } from '#shared/words/index.ts';
import { type BirthCertificate, MAX_LISTED_MEASUREMENTS } from '#shared/signed/index.ts';
import { readRunDigest, requireRun, type ReadableDatabase, type RunRow } from '../../core/database/index.ts';

/** Why there is no certificate. */
const CERTIFICATE_REFUSALS = {
  running: both('its latest run has not ended', '最近一次测试还没有结束'),
  'not-passed': both(
    (outcome: string) => `its latest run ended ${outcome}`,
    (outcome) => `最近一次测试的结果是 ${outcome}`,
  ),
  'not-latest': both('it was tested again since this run', '这次测试之后又测试过'),
  'no-unit': both('no unit was identified in this run', '这次测试没有识别出产品'),
  'no-identity': both('it has no identity', '它没有身份'),
  replaced: both(
    'its identity was replaced since this run; test it again',
    '这次测试之后换过身份，请重新测试',
  ),
  retired: both('its identity is retired', '它的身份已作废'),
  'not-live': both(
    (state: string) => `its identity is ${state}`,
    (state) => `它的身份处于 ${state} 状态`,
  ),
  flashed: both(
    'it was flashed at the returns desk since this run; test it again',
    '这次测试之后在返修台烧录过，请重新测试',
  ),
};
const refusalText = codedTexts(CERTIFICATE_REFUSALS);
type CertificateRefusal = keyof typeof CERTIFICATE_REFUSALS;

/** What a certificate says of its unit and run. */
export type CertifiedFacts = Omit<
  BirthCertificate,
  'kind' | 'version' | 'station' | 'signedAt' | 'signedBy' | 'appVersion'
>;

/**
 * What the certificate of a run says. Only for a unit whose latest run this is, that has passed and still has the identity of the
 * run. Faults: `not-found`, `certificate-refused`, `ledger-violation` when the record of the run was changed by hand.
 */
export async function certifiedFacts(
  database: ReadableDatabase,
  runId: string,
  signal: AbortSignal,
): Promise<CertifiedFacts> {
  const run = requireRun(database, runId);
  const { unit, identity, finishedAtMs } = requireCertifiable(database, run);
  const digest = database.journal.digestRun(runId)?.toString('hex') ?? null;
  if (digest === null || digest !== (await readRunDigest(database.file, runId, signal)))
    throw new Fault('ledger-violation', `the record of run ${runId} is not as the station wrote it`, {
      hint: '"audit verify" names what was changed.',
    });
  const batch = database.batches.findById(run.batchId);
  const recipe = database.batches.getRecipeName(run.recipeHash);
  const sha256 = run.firmwareSha256 ?? null;
  const id = unitIdOf(unit);
  const steps = new Map(database.runs.listSteps(runId).map((step) => [step.seq, step]));
  const measured = database.runs.listMeasurements(runId);
  const attachments = database.attachments
    .listOfRun(runId)
    .map(({ name, mediaType, bytes, sha256: digestOfFile }) => ({
      name,
      mediaType,
      bytes,
      sha256: digestOfFile,
    }));
  const listed = measured.length > MAX_LISTED_MEASUREMENTS ? [] : measured;
  return {
    unit: { serialNumber: run.serialNumber, id: id.text, idKind: id.kind, model: unit.model },
    identity,
    firmware:
      sha256 === null ? null : { version: database.firmware.findBySha256(sha256)?.version ?? null, sha256 },
    reportedFirmware: unit.firmwareVersion,
    recipe: { ...recipe, hash: run.recipeHash, locked: (batch?.lockHash ?? null) !== null },
    batch: { id: run.batchId, name: batch?.name ?? '' },
    run: {
      id: runId,
      outcome: 'PASS',
      startedAt: new Date(run.startedAtMs).toISOString(),
      finishedAt: new Date(finishedAtMs).toISOString(),
      station: run.station,
      slot: run.slot,
      operator: run.operator,
      appVersion: run.appVersion,
      recordSha256: digest,
    },
    proof: {
      readBack: run.proof?.readBack ?? null,
      online: run.proof?.online ?? 'none',
      unproven: run.proof?.unproven === true,
    },
    measured: measured.length,
    measurements: listed.map(({ stepSeq, name, value, unit: measuredIn, limits, outcome }) => ({
      phase: steps.get(stepSeq)?.phase ?? '',
      step: steps.get(stepSeq)?.step ?? '',
      name,
      value,
      unit: measuredIn,
      limits,
      outcome,
    })),
    // A certificate without files is as it was before certificates listed them.
    ...(attachments.length === 0 ? {} : { attachments }),
  };
}

/** Faults: `certificate-refused`. */
function requireCertifiable(database: ReadableDatabase, run: RunRow) {
  const who = run.serialNumber ?? run.chipId ?? run.runId;
  const { unitId, tripleId, finishedAtMs } = run;
  if (finishedAtMs === null) throw refused(who, 'running');
  if (run.outcome !== 'PASS') throw refused(who, 'not-passed', run.outcome ?? '');
  const unit = unitId === null ? null : database.units.findById(unitId);
  if (unitId === null || unit === null) throw refused(who, 'no-unit');
  const later = database.runs.listOfUnit(unitId).at(-1);
  const ofSerial =
    run.serialNumber === null ? null : database.runs.listOfSerialNumber(run.serialNumber).at(-1);
  for (const latest of [later, ofSerial])
    if (latest != null && latest.runId !== run.runId)
      throw refused(who, latest.outcome === null ? 'running' : 'not-latest');
  const triple = tripleId === null ? null : database.triples.findById(tripleId);
  if (triple === null) throw refused(who, 'no-identity');
  const live = database.triples.findLiveOfUnit(unitId);
  if (triple.state === 'retired') throw refused(who, live === null ? 'retired' : 'replaced');
  if (live?.tripleId !== triple.tripleId)
    throw live === null ? refused(who, 'not-live', triple.state) : refused(who, 'replaced');
  const { productId, deviceName, state } = triple;
  if (state !== 'burned' && state !== 'registered') throw refused(who, 'not-live', state);
  const flashed = database.audit
    .listOfSubject(unit.chipId)
    .some(({ action, at }) => action.startsWith('returns.flash') && at >= finishedAtMs);
  if (flashed) throw refused(who, 'flashed');
  return { unit, finishedAtMs, identity: { productId, deviceName, state } };
}

function refused<R extends CertificateRefusal>(
  who: string,
  reason: R,
  ...values: Parameters<(typeof CERTIFICATE_REFUSALS)[R]['en']>
): Fault {
  const text = refusalText(reason, ...(values as never));
  return new Fault('certificate-refused', `there is no certificate for ${who}: ${text.en}`, {
    hint: 'A certificate is for a unit whose latest run has passed and that has the identity of that run.',
    details: { refusal: reason, 'reason.en': text.en, 'reason.zh-CN': text['zh-CN'] },
  });
}
