import { extname, resolve } from 'node:path';
import type { Paper } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Language } from '#shared/words/index.ts';
import { type CommonOptions, interruptSignal } from '../../command.ts';
import { findRun } from '../../lookup/run.ts';
import { createOutput } from '../../output.ts';
import { terminalSession } from '../../terminal-session.ts';
import { withDocuments } from '../../with-documents.ts';
import { writeSharedFile } from '../../write-shared-file.ts';

export async function certificate(
  text: string,
  options: CommonOptions & { readonly out: string; readonly language?: Language; readonly paper?: Paper },
): Promise<void> {
  const out = createOutput(options);
  const path = resolve(options.out);
  const ending = extname(path).toLowerCase();
  if (ending !== '.json' && ending !== '.pdf')
    throw new Fault('bad-input', `${options.out} ends with neither .json nor .pdf`, {
      hint: 'A certificate is a signed JSON document; a PDF shows it on one page and has it attached.',
    });
  const { language, paper } = options;
  if (ending === '.json' && (language !== undefined || paper !== undefined))
    throw new Fault('bad-input', '--language and --paper are of a PDF', { hint: 'Leave them out.' });
  const signal = interruptSignal();
  await withDocuments(options, signal, async (source) => {
    const { run } = findRun(source.database, text);
    const made = await source.certificate(run.runId, terminalSession(), signal);
    const content =
      ending === '.json' ? made.file : await source.certificateAsPdf(made, { language, paper }, signal);
    await writeSharedFile(path, content, signal);
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
