import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { shareFile } from '#node-kit/files/index.ts';
import type { FirmwareDetails, FirmwareView } from '#shared/contract/index.ts';
import { parseFieldMap, type ReadableDatabase, readFirmware, readRegistryUrl } from '#station';
import { counted } from '#shared/words/index.ts';
import { type CommonOptions, command, group, interruptSignal } from '../command.ts';
import { createOutput, type Output, table } from '../output.ts';
import { createProgress } from '../progress.ts';
import { terminalSession } from '../terminal-session.ts';
import { withDatabase, withStation } from '../with-station.ts';

interface NameOptions extends CommonOptions {
  readonly product?: string;
  readonly version?: string;
}

interface ImportOptions extends NameOptions {
  readonly map?: string;
}

const ID = 'SHA-256 of the firmware, or its beginning';

export function firmwareCommand(): Command {
  const named = (one: Command): Command =>
    one
      .option('--product <pid>', 'its ProductId, if the package has none')
      .option('--version <version>', 'its version, if the package has none');
  return group('firmware', 'firmware packages: import, upload, online and offline', [
    named(command('import', 'import a zip or a folder with one *.bin.ota and its ota_cfg.json'))
      .argument('<path>')
      .option(
        '--map <fields>',
        'meaning of the fields of ota_cfg.json, for this package: version=…,product=…,md5=…',
      )
      .action(importPath),
    command('list', 'packages of this station, newest first').action(list),
    command('show', 'all data of a package').argument('<id>', ID).action(show),
    command('export', 'write a package into a folder: firmware, ota_cfg.json and documents')
      .argument('<id>', ID)
      .requiredOption('--out <dir>', 'folder, created if missing; no file in it is replaced')
      .option('--file <path>', 'only this file of the package, as "firmware show" lists it')
      .action(exportPackage),
    named(command('upload', 'upload to the registry, or continue an upload'))
      .argument('<id>', ID)
      .action(upload),
    command('online', 'allow devices to download it (上线)').argument('<id>', ID).action(setOnline(true)),
    command('offline', 'stop the download by devices (下线)').argument('<id>', ID).action(setOnline(false)),
    command('fields', 'meaning of the fields of ota_cfg.json, for every import')
      .option(
        '--set <fields>',
        'version=…,product=…,name=…,description=…,file=…,size=…,md5=…,sha256=…; "" for none',
      )
      .action(fields),
  ]);
}

async function importPath(path: string, options: ImportOptions): Promise<void> {
  const out = createOutput(options);
  const signal = interruptSignal();
  await withStation(
    options,
    async (station) => {
      const map = options.map === undefined ? undefined : parseFieldMap(options.map);
      const request = { productId: options.product, version: options.version, fields: map };
      const session = terminalSession();
      const imported = await transfer(out, (report) =>
        station.firmware.importFrom(
          [path],
          request,
          (doneBytes, totalBytes) => report('import', doneBytes, totalBytes),
          session,
          signal,
        ),
      );
      let { firmware } = imported;
      const asked = await askForNames(out, firmware, signal);
      if (asked !== null) firmware = station.firmware.describe(firmware.firmwareId, asked, session);
      const details = station.firmware.get(firmware.firmwareId);
      const unmapped = unmappedOf(details);
      out.event('firmware.imported', {
        ...toEvent(firmware),
        added: imported.added,
        unmapped,
        skippedFiles: imported.skippedFiles,
      });
      out.print(`${imported.added ? 'imported' : 'already here'}: ${describe(firmware)}`);
      printUnmapped(out, unmapped);
      printBeside(out, details.documents, imported.skippedFiles);
      printMissing(out, firmware);
    },
    { createIfMissing: true },
  );
}

const firmwareIn = (database: ReadableDatabase) => readFirmware(database, () => readRegistryUrl(database));

async function list(options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  await withDatabase(options, (database) => {
    const packages = firmwareIn(database).list();
    for (const one of packages) out.event('firmware', toEvent(one));
    const rows = packages.map((one) => [
      one.firmwareId.slice(0, 12),
      one.productId ?? `? ${one.invalidProduct ?? ''}`,
      one.version ?? `? ${one.invalidVersion ?? ''}`,
      one.registry.state === 'none' ? 'not uploaded' : one.registry.state,
      String(one.sizeBytes),
      one.fileName,
    ]);
    out.print(
      rows.length === 0
        ? 'no firmware yet: import a package with "firmware import"'
        : table(['id', 'product', 'version', 'registry', 'bytes', 'file'], rows),
    );
  });
}

async function show(id: string, options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  await withDatabase(options, (database) => {
    const details = firmwareIn(database).get(id);
    const { header, config, fields: all, fieldCount, documents } = details;
    out.event('firmware', { ...toEvent(details), header, config, fields: all, fieldCount, documents });
    out.print(describe(details));
    out.print([`sha256 ${details.sha256}`, `md5    ${details.md5}`]);
    if (header !== null)
      out.print(
        `header: ${header.type}, hardware ${header.hardwareVersion}, software ${header.softwareVersion}`,
      );
    out.print(
      table(
        ['field of ota_cfg.json', 'meaning', 'value'],
        all.map(({ path, text, meaning }) => [path, meaning ?? '', text]),
      ),
    );
    if (fieldCount > all.length)
      out.print(`${all.length} of ${fieldCount} fields are shown; "firmware export" writes the whole file`);
    printBeside(out, documents, []);
    printMissing(out, details);
  });
}

async function exportPackage(
  id: string,
  options: CommonOptions & { readonly out: string; readonly file?: string },
): Promise<void> {
  const out = createOutput(options);
  await withStation(options, async (station) => {
    const { firmwareId } = station.firmware.get(id);
    const files = await station.firmware.exportTo(firmwareId, resolve(options.out), options.file);
    for (const file of files) shareFile(file);
    out.event('firmware.exported', { firmware: firmwareId, files });
    out.print(files);
  });
}

async function upload(id: string, options: NameOptions): Promise<void> {
  const out = createOutput(options);
  const signal = interruptSignal();
  await withStation(options, async (station) => {
    const session = terminalSession();
    const names = { productId: options.product, version: options.version };
    const named = options.product !== undefined || options.version !== undefined;
    const { firmwareId } = named ? station.firmware.describe(id, names, session) : station.firmware.get(id);
    const firmware = await transfer(out, (report) =>
      station.firmware.upload(
        firmwareId,
        ({ stage, doneBytes, totalBytes }) => report(stage, doneBytes, totalBytes),
        session,
        signal,
      ),
    );
    out.event('firmware.uploaded', { ...toEvent(firmware), registrySha256: firmware.registry.sha256 });
    out.print(`uploaded: ${describe(firmware)}; the registry found the same SHA-256`);
  });
}

function setOnline(online: boolean): (id: string, options: CommonOptions) => Promise<void> {
  return async (id, options) => {
    const out = createOutput(options);
    await withStation(options, async (station) => {
      const firmware = await station.firmware.setOnline(id, online, terminalSession(), interruptSignal());
      out.event(online ? 'firmware.online' : 'firmware.offline', toEvent(firmware));
      out.print(`${firmware.registry.state}: ${describe(firmware)}`);
    });
  };
}

async function fields(options: CommonOptions & { readonly set?: string }): Promise<void> {
  const out = createOutput(options);
  if (options.set !== undefined) {
    const changed = parseFieldMap(options.set);
    await withStation(options, (station) => station.firmware.setFields(changed, terminalSession()));
  }
  await withDatabase(options, (database) => {
    const map = firmwareIn(database).fields();
    out.event('firmware.fields', { fields: map });
    out.print(
      table(
        ['meaning', 'field of ota_cfg.json'],
        Object.entries(map).map(([meaning, path]) => [meaning, path]),
      ),
    );
  });
}

async function transfer<T>(
  out: Output,
  work: (report: (stage: string, doneBytes: number, totalBytes: number) => void) => Promise<T>,
): Promise<T> {
  using progress = createProgress(out, 'firmware.progress');
  return await work((stage, doneBytes, totalBytes) => progress.report(stage, doneBytes, totalBytes));
}

/** Asks the person at the terminal for missing data of the package; does nothing without a terminal. */
async function askForNames(
  out: Output,
  firmware: FirmwareView,
  signal: AbortSignal,
): Promise<{ productId?: string; version?: string } | null> {
  const missing = firmware.productId === null || firmware.version === null;
  if (!missing || out.json || process.stdin.isTTY !== true) return null;
  // eslint-disable-next-line no-restricted-syntax -- readline needs the stream; the questions are constants of this file
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const ask = async (question: string): Promise<string> =>
      (await terminal.question(`${question} (empty: later) `, { signal })).trim();
    const productId = firmware.productId === null ? await ask('ProductId?') : '';
    const version = firmware.version === null ? await ask('Version?') : '';
    if (productId === '' && version === '') return null;
    return { ...(productId === '' ? {} : { productId }), ...(version === '' ? {} : { version }) };
  } finally {
    terminal.close();
  }
}

function toEvent(view: FirmwareView): object {
  const { firmwareId, productId, version, sizeBytes, sha256, md5, kind, fileName, packageName, registry } =
    view;
  return {
    firmware: firmwareId,
    productId,
    productFrom: view.productFrom,
    version,
    versionFrom: view.versionFrom,
    // The names of these events stay, for the programs that read them.
    productUnfit: view.invalidProduct,
    versionUnfit: view.invalidVersion,
    sizeBytes,
    sha256,
    md5,
    kind,
    fileName,
    packageName,
    registry: registry.state,
  };
}

function describe(view: FirmwareView): string {
  const { productId, version, fileName, sizeBytes, firmwareId, kind } = view;
  const inside = kind === 'bl60x' ? 'header checked' : 'no known header';
  const product = productId ?? missing('product', view.invalidProduct);
  const named = version ?? missing('version', view.invalidVersion);
  return `${firmwareId.slice(0, 12)}  ${product} ${named}  ${fileName}, ${counted(sizeBytes, 'byte')}, ${inside}`;
}

function missing(what: 'product' | 'version', invalid: string | null): string {
  return invalid === null ? `${what} unknown` : `${what} "${invalid}" is not valid`;
}

function unmappedOf(details: FirmwareDetails): { readonly path: string; readonly text: string }[] {
  return details.fields.filter(({ meaning }) => meaning === null).map(({ path, text }) => ({ path, text }));
}

function printUnmapped(
  out: Output,
  unmapped: readonly { readonly path: string; readonly text: string }[],
): void {
  if (unmapped.length === 0) return;
  out.print('fields of ota_cfg.json without a meaning at this station (set it with "firmware fields"):');
  for (const { path, text } of unmapped) out.print(`  ${path} = ${text}`);
}

function printBeside(
  out: Output,
  documents: FirmwareDetails['documents'],
  skippedFiles: readonly string[],
): void {
  if (documents.length > 0) out.print('other files (write them with "firmware export"):');
  for (const { path, sizeBytes } of documents) out.print(`  ${path}, ${sizeBytes} bytes`);
  if (skippedFiles.length > 0)
    out.print(`not stored, neither firmware nor documents: ${skippedFiles.join(', ')}`);
}

function printMissing(out: Output, view: FirmwareView): void {
  const { productId, version, firmwareId, invalidProduct, invalidVersion } = view;
  if (productId === null && invalidProduct !== null)
    out.print(`a ProductId has 1 to 32 letters and digits; the package has "${invalidProduct}"`);
  // The header may have a version while the version of the package is invalid.
  if ((version === null || view.versionFrom === 'header') && invalidVersion !== null)
    out.print(
      `a version has 1 to 64 letters, digits and signs, no blanks; the package has "${invalidVersion}"`,
    );
  const options = [productId === null ? '--product PID' : '', version === null ? '--version VERSION' : '']
    .filter((one) => one !== '')
    .join(' ');
  if (options !== '') out.print(`to upload it: firmware upload ${firmwareId.slice(0, 12)} ${options}`);
}
