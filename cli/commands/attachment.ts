import { resolve } from 'node:path';
import type { Command } from 'commander';
import { asFileFault, copyFileAtomic, shareFile } from '#node-kit/files/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { AttachmentFiles, findAttachment, listAttachments } from '#station';
import { type CommonOptions, command, dataDirOf, group } from '../command.ts';
import { findRun, RUN_HELP } from '../lookup/run.ts';
import { createOutput, table } from '../output.ts';
import { withDatabase } from '../with-station.ts';

interface SaveOptions extends CommonOptions {
  readonly out: string;
  readonly force?: boolean;
}

export function attachmentCommand(): Command {
  return group('attachment', 'files that belong to runs: photos, logs, curves', [
    command('list', 'the attachments of a run').argument('<run>', RUN_HELP).action(list),
    command('save', 'write an attachment to a file, after its digest was checked')
      .argument('<run>', RUN_HELP)
      .argument('<name>', 'its name, as in the list')
      .requiredOption('--out <file>', 'the file to write')
      .option('--force', 'replace an existing file')
      .action(save),
  ]);
}

async function list(text: string, options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  await withDatabase(options, (database) => {
    const { run } = findRun(database, text);
    const found = listAttachments(database, filesOf(options, database), run.runId);
    for (const { fileId, ...attachment } of found)
      out.event('attachment', { run: run.runId, ...attachment, isStored: fileId !== null });
    if (found.length === 0) return out.print(`run ${run.runId} has no attachments`);
    const header = ['name', 'type', 'bytes', 'step', 'made by', 'SHA-256', ''];
    const rows = found.map((one) => [
      one.name,
      one.mediaType,
      String(one.bytes),
      `${one.phase}/${one.step}`,
      one.madeBy,
      one.sha256,
      one.fileId !== null ? '' : one.removedAtMs === null ? 'MISSING' : 'removed',
    ]);
    out.print(table(header, rows));
  });
}

async function save(text: string, name: string, options: SaveOptions): Promise<void> {
  const out = createOutput(options);
  await withDatabase(options, async (database) => {
    const { run } = findRun(database, text);
    const row = findAttachment(database, run.runId, name);
    if (row.removedAtMs !== null)
      throw new Fault('file-missing', `the file of ${row.name} was removed because of its age`, {
        hint: 'Its record with the digest is still there.',
      });
    const files = filesOf(options, database);
    await files.requireIntact(row.sha256);
    const path = resolve(options.out);
    try {
      await copyFileAtomic(files.pathOf(row.sha256), path, {
        isNew: options.force !== true,
        removeLeftovers: true,
      });
      shareFile(path);
    } catch (error) {
      throw asFileFault(error, path, 'written', { 'file-denied': { hint: 'Choose another place.' } });
    }
    const { bytes, sha256, mediaType } = row;
    out.event('attachment.saved', { run: run.runId, name: row.name, path, bytes, sha256, mediaType });
    out.print(`${row.name} (${bytes} bytes) is in ${path}`);
  });
}

function filesOf(
  options: CommonOptions,
  database: ConstructorParameters<typeof AttachmentFiles>[1],
): AttachmentFiles {
  return new AttachmentFiles(dataDirOf(options), database, () => '');
}
