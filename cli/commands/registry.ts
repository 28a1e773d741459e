import type { Command } from 'commander';
import { untilAborted } from '#node-kit/async/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { createRegistry, isLoopback, openRegistryStore, type RegistryOptions } from '#registry';
import { restrictToOwner } from '#station';
import { counted } from '#shared/words/index.ts';
import { type ApproverFlags, withApprover, withApproverPin } from '../approval.ts';
import { approverAtRegistry } from '../registry-approval.ts';
import { registryDir } from '../data-directories.ts';
import { readTriplesOf } from '../read-triples.ts';
import {
  type CommonOptions,
  command,
  dataDirOf,
  group,
  interruptSignal,
  stdinClosed,
  wholeNumber,
} from '../command.ts';
import { EXIT_STATUS } from '../exit-status.ts';
import { createOutput, table } from '../output.ts';
import { createRegistryLogPrinter } from '../print-registry-log.ts';
import { APP_VERSION } from '../program.ts';
import { leaseCommand } from './registry/lease.ts';
import { registrationCommand } from './registry/registration.ts';
import { registryReportCommand } from './registry/reports.ts';
import { registryStationCommand } from './registry/station.ts';

interface ServeOptions extends CommonOptions {
  readonly db: string;
  readonly httpPort: number;
  readonly mqttPort: number;
  readonly mqttsPort: number;
  readonly host: string;
  readonly tls?: boolean;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly plain?: boolean;
  readonly plainMqtt?: boolean;
  readonly deviceHttpPort?: number;
  readonly plainRegistration?: boolean;
  readonly publicUrl?: string;
  readonly psk?: boolean;
  readonly enrol: boolean;
  readonly untilStdinCloses?: boolean;
}

interface SeedOptions extends CommonOptions {
  readonly product: string;
  readonly name?: string;
  readonly count?: number;
  readonly file?: string;
  readonly map?: string;
  readonly prefix?: string;
}

export function registryCommand(): Command {
  return group('registry', 'the device registry: HTTP for stations, MQTT for devices', [
    command('serve', 'serve the registry of a data directory until stopped')
      .option('--db <where>', 'sqlite (in the data directory)', 'sqlite')
      .option('--http-port <port>', 'port of HTTP; 0 takes a free one', wholeNumber(0, 65535), 0)
      .option('--mqtt-port <port>', 'port of MQTT; 0 takes a free one', wholeNumber(0, 65535), 0)
      .option('--mqtts-port <port>', 'port of MQTT over TLS; 0 takes a free one', wholeNumber(0, 65535), 0)
      .option('--host <address>', 'address to listen on; other computers are served with TLS', '127.0.0.1')
      .option('--tls', 'serve this computer with TLS, too; the certificate is made at the first start')
      .option('--tls-cert <file>', 'serve TLS with this certificate (PEM)')
      .option('--tls-key <file>', 'key of the certificate (PEM, without a passphrase)')
      .option(
        '--plain',
        'serve other computers without TLS: everybody on the network can read tokens and secrets',
      )
      .option('--plain-mqtt', 'serve other computers MQTT without TLS, too, for devices without TLS')
      .option(
        '--device-http-port <port>',
        'beside TLS, serve downloads of firmware without TLS, for devices that do not accept the certificate',
        wholeNumber(0, 65535),
      )
      .option(
        '--plain-registration',
        'let devices register themselves at that port, too: their names can be read on the network',
      )
      .option(
        '--public-url <url>',
        'where devices download firmware; default: the address that they have connected to',
      )
      .option(
        '--psk',
        'serve MQTT over TLS with DeviceSecrets as pre-shared keys, also without a certificate',
      )
      .option('--no-psk', 'refuse pre-shared keys, which are served beside the certificate')
      .option('--no-enrol', 'refuse the enrolment token: every station needs one of "registry station add"')
      .option('--until-stdin-closes', 'also stop when stdin ends')
      .action(serve),
    command('seed', 'create a product with new triples, or with those of a CSV')
      .requiredOption('--product <pid>', 'ProductId')
      .option('--name <text>', 'name of the product')
      .option('--count <n>', 'how many new triples', wholeNumber(1, 1_000_000))
      .option('--file <csv>', 'take the triples of this file')
      .option('--map <columns>', 'meaning of its columns, as in "triples import"')
      .option('--prefix <text>', 'beginning of new DeviceNames')
      .action(seed),
    withApproverPin(
      command('audit', 'audit trails of the stations, as this registry received them; accept a rewritten one')
        .option('--accept <station>', 'accept the current trail of this station')
        .option('--reason <text>', 'with --accept: the reason')
        .option('--approver <name>', 'with --accept: who has checked the trail; a second person'),
    ).action(audit),
    withApprover(
      command(
        'restored',
        'declare that the database is a restored backup: triples that may have been leased since are withheld',
      ).requiredOption('--reason <text>', 'what happened'),
      'who approved it',
    ).action(restored),
    leaseCommand(),
    registrationCommand(),
    registryStationCommand(),
    registryReportCommand(),
  ]);
}

async function serve(options: ServeOptions): Promise<void> {
  const out = createOutput(options);
  if (options.db !== 'sqlite') {
    throw new Fault('bad-input', `the registry cannot use ${options.db.replace(/:.*/, '')} yet`, {
      hint: 'Leave --db out: it keeps its own SQLite file.',
    });
  }
  const signal =
    options.untilStdinCloses === true
      ? AbortSignal.any([interruptSignal(), stdinClosed()])
      : interruptSignal();
  restrictToOwner(dataDirOf(options));
  restrictToOwner(registryDir(dataDirOf(options)));
  await using registry = await createRegistry({
    dataDir: registryDir(dataDirOf(options)),
    httpPort: options.httpPort,
    mqttPort: options.mqttPort,
    mqttsPort: options.mqttsPort,
    host: options.host,
    tls: tlsOf(options),
    plain: options.plain === true ? 'all' : options.plainMqtt === true ? 'mqtt' : undefined,
    deviceHttpPort: options.deviceHttpPort,
    plainRegistration: options.plainRegistration,
    publicUrl: options.publicUrl,
    psk: options.psk,
    enrol: options.enrol,
    log: createRegistryLogPrinter(out),
    version: APP_VERSION,
  });
  const { http, deviceHttp, mqtt, mqtts, fingerprint, enrolmentToken } = registry;
  const secure = {
    ...(deviceHttp === null ? {} : { deviceHttp }),
    ...(mqtts === null ? {} : { mqtts }),
    ...(fingerprint === null ? {} : { fingerprint }),
  };
  out.event('registry.listening', { http, mqtt, ...secure, stationToken: enrolmentToken });
  out.print(`registry: ${http} for stations, ${mqtts ?? mqtt} for devices`);
  if (fingerprint !== null) out.print(`fingerprint of its certificate (SHA-256): ${fingerprint}`);
  const pin = fingerprint === null ? '' : ` --fingerprint ${fingerprint}`;
  out.print(
    `bind a station with: gongwei station configure --registry ${http}${pin} --token-file - --station NAME`,
  );
  out.print(
    options.enrol
      ? `enrolment token, which a station exchanges for its own at its first contact: ${enrolmentToken}`
      : 'enrolment is off: make a token for each station with "gongwei registry station add NAME"',
  );
  if (deviceHttp !== null) out.print(`downloads of devices without TLS: ${deviceHttp}`);
  if (registry.downloads === 'own-certificate')
    out.notice(
      'note: devices download firmware by https with a certificate that the registry has made, which most refuse; --device-http-port serves downloads without TLS',
    );
  if (options.plainRegistration === true)
    out.notice('warning: devices register themselves without TLS: their names can be read on the network');
  if (options.plain === true)
    out.notice('warning: without TLS everybody on the network can read tokens and DeviceSecrets');
  await untilAborted(signal);
}

/** The certificate; TLS is the default for addresses beyond this computer. Faults: `bad-input`. */
function tlsOf({ host, tls, tlsCert, tlsKey, plain }: ServeOptions): RegistryOptions['tls'] {
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new Fault('bad-input', '--tls-cert and --tls-key belong together', { hint: 'Give both.' });
  }
  if (plain === true && (tls === true || tlsCert !== undefined)) {
    throw new Fault('bad-input', '--plain excludes --tls and --tls-cert', {
      hint: 'Leave one of them out. --plain-mqtt serves MQTT with and without TLS.',
    });
  }
  if (tlsCert !== undefined && tlsKey !== undefined) return { certFile: tlsCert, keyFile: tlsKey };
  return tls === true || (plain !== true && !isLoopback(host)) ? 'own' : undefined;
}

interface AuditOptions extends CommonOptions, Partial<ApproverFlags> {
  readonly accept?: string;
  readonly reason?: string;
}

async function audit(options: AuditOptions): Promise<void> {
  const out = createOutput(options);
  const { accept, reason, approver } = options;
  if (accept !== undefined && (!reason?.trim() || !approver?.trim())) {
    throw new Fault('bad-input', '--accept needs --reason and --approver', {
      hint: 'Give the reason, and who has checked the trail.',
    });
  }
  const approvedBy =
    accept === undefined || approver === undefined ? '' : await approverAtRegistry({ ...options, approver });
  using store = openRegistryStore(registryDir(dataDirOf(options)));
  if (accept !== undefined && reason !== undefined) {
    const closed = store.acceptTrail(accept, reason.trim(), approvedBy);
    if (closed === 0)
      throw new Fault('not-found', `the audit trail of ${accept} has no open difference`, {
        hint: 'List the trails with "registry audit".',
      });
  }
  const trails = store.trails();
  for (const trail of trails) out.event('registry.trail', trail);
  const rows = trails.map(({ station, seq, open }) => [
    station,
    String(seq),
    open === 0 ? 'complete' : `REWRITTEN ${open} ×`,
  ]);
  out.print(table(['station', 'entries seen', 'trail'], rows));
  if (trails.some(({ open }) => open > 0)) process.exitCode = EXIT_STATUS.integrity;
}

async function restored(options: CommonOptions & ApproverFlags & { readonly reason: string }): Promise<void> {
  const out = createOutput(options);
  const approver = await approverAtRegistry(options);
  using store = openRegistryStore(registryDir(dataDirOf(options)));
  const { devices, numbersFrom } = store.withholdUnleased({ reason: options.reason, approver });
  out.event('registry.restored', { devices, numbersFrom });
  out.print(
    `${counted(devices, 'triple is', 'triples are')} withheld; new DeviceNames are numbered from ${numbersFrom + 1}`,
  );
  out.print(
    'seed new triples, and run "sync resend --since TIME" at every station, so that it sends the lost messages again',
  );
}

async function seed(options: SeedOptions): Promise<void> {
  const out = createOutput(options);
  if ((options.count === undefined) === (options.file === undefined)) {
    throw new Fault('bad-input', 'seed needs either --count or --file', { hint: 'Give one of them.' });
  }
  const triples =
    options.file === undefined
      ? undefined
      : await readTriplesOf(
          options.file,
          options.product,
          options.map,
          (text) => out.notice(`note: ${text}`),
          interruptSignal(),
        );
  using store = openRegistryStore(registryDir(dataDirOf(options)));
  const result = store.seedProduct({
    productId: options.product,
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.prefix === undefined ? {} : { prefix: options.prefix }),
    ...(options.count === undefined ? {} : { count: options.count }),
    ...(triples === undefined ? {} : { triples }),
  });
  out.event('registry.seeded', {
    product: result.productId,
    added: result.added,
    skipped: result.skipped,
    available: result.available,
  });
  out.print(`${result.productId}: ${result.added} added, ${result.available} available`);
}
