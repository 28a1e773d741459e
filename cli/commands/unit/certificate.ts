import { extname, resolve } from 'node:path';
import { writeFileAtomic } from '#node-kit/files/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { type CommonOptions, interruptSignal } from '../../command.ts';
import { findRun } from '../../lookup/run.ts';
import { createOutput } from '../../output.ts';
import { shareFile } from '../../share-file.ts';
import { terminalSession } from '../../terminal-session.ts';
import { withDocuments } from '../../with-documents.ts';

export async function certificate(
  text: string,
  options: CommonOptions & { readonly out: string },
): Promise<void> {
  const out = createOutput(options);
  const path = resolve(options.out);
  if (extname(path).toLowerCase() !== '.json')
    throw new Fault('bad-input', `${options.out} does not end with .json`, {
      hint: 'A certificate is a signed JSON document.',
    });
  const signal = interruptSignal();
  await withDocuments(options, signal, async (source) => {
    const { run } = findRun(source.database, text);
    const made = await source.certificate(run.runId, terminalSession(), signal);
    await writeFileAtomic(path, made.file, { signal });
    shareFile(path);
    const { unit, identity, proof, measured } = made.document;
    out.event('unit.certificate', {
      run: run.runId,
      serialNumber: unit.serialNumber,
      deviceName: identity.deviceName,
      path,
      sha256: made.sha256,
      fingerprint: made.keyId,
      unproven: proof.unproven,
      measured,
      stored: source.isKept,
    });
    out.print(`certificate of ${unit.serialNumber ?? unit.id} (${identity.deviceName}) written to ${path}`);
    if (proof.unproven) out.print('it says that nothing proved the secret of this unit');
    if (!source.isKept)
      out.notice('note: another process runs the station, so the certificate is not stored there');
  });
}
