import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { shareFile } from '#node-kit/files/index.ts';
import { describeQr, encodeDeviceQr, encodeWifiQr, type QrDescription } from '#shared/codec/qr/index.ts';
import { requireUtf8Text } from '#shared/codec/text-file.ts';
import { formatChipId } from '#shared/domain/triple.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { StationContract } from '#shared/contract/index.ts';
import type { CallOutput } from '#shared/rpc/index.ts';
import { writeCodeFile } from '#station';
import { type CommonOptions, command, group, wholeNumber } from '../command.ts';
import { EXIT_STATUS } from '../exit-status.ts';
import { createOutput } from '../output.ts';
import { formatLocalTime } from '../format-time.ts';
import { type PasswordSource, readPassword } from '../read-password.ts';
import { readPipedText } from '../read-piped-line.ts';
import { withCalls } from '../with-calls.ts';

const MAX_PASSWORD_BYTES = 1024;

interface OutOption extends CommonOptions {
  readonly out: string;
}

export function qrCommand(): Command {
  return group('qr', 'QR codes', [
    command('wifi', 'Wi-Fi provisioning code: the lengths and texts of SSID, password and token')
      .option('--ssid <text>', 'network name; the password is typed, or one line of standard input')
      .option('--network <name>', 'a Wi-Fi network of the station, in place of --ssid')
      .option(
        '--password <text>',
        'may be empty; - reads it from standard input, where other users cannot see it',
      )
      .option('--password-env <variable>', 'environment variable that has the password')
      .option('--token <text>', 'provisioning token')
      .option('--product <pid>', 'in place of --token: a new token of the registry, for any device of it')
      .option('--device <dn>', 'DeviceName: the token is for this device of the product')
      .option('--life <minutes>', 'how long the new token lives; 10 when left out', wholeNumber(1, 1440))
      .requiredOption('--out <file>', 'file.svg, file.png or file.pdf')
      .action(wifi),
    command('token', 'the state of a token that "qr wifi --product" has made')
      .argument('<id>')
      .action(async (id: string, options: CommonOptions) =>
        showToken(options, await withCalls(options, ({ call }) => call('wifiCodes.token', { tokenId: id }))),
      ),
    command('withdraw', 'withdraw a token that "qr wifi --product" has made')
      .argument('<id>')
      .action(async (id: string, options: CommonOptions) =>
        showToken(
          options,
          await withCalls(options, ({ call }) => call('wifiCodes.withdraw', { tokenId: id })),
        ),
      ),
    command('device', "a device's code: ProductId and DeviceName, never the secret")
      .requiredOption('--product <pid>', 'ProductId')
      .requiredOption('--device <dn>', 'DeviceName')
      .requiredOption('--out <file>', 'file.svg, file.png or file.pdf')
      .action((options: OutOption & { product: string; device: string }) =>
        write(options, encodeDeviceQr({ productId: options.product, deviceName: options.device }), true),
      ),
    command('decode', 'explain the text of a scanned code; passwords and tokens are masked')
      .argument('<text>', 'the text, or - for standard input, where other users cannot read it')
      .action(decode),
  ]);
}

interface WifiOptions extends OutOption, PasswordSource {
  readonly ssid?: string;
  readonly network?: string;
  readonly password?: string;
  readonly token?: string;
  readonly product?: string;
  readonly device?: string;
  readonly life?: number;
}

/** The payload contains a password: it must appear only in the code. */
async function wifi(options: WifiOptions): Promise<void> {
  const { ssid, network, token, product, device, life } = options;
  if ((ssid === undefined) === (network === undefined))
    throw wrongOptions('either --ssid or --network is needed');
  if ((token === undefined) === (product === undefined))
    throw wrongOptions('either --token or --product is needed');
  if (product === undefined) {
    if (ssid === undefined || token === undefined) throw wrongOptions('--network belongs to --product');
    return write(options, encodeWifiQr({ ssid, password: await passwordOf(ssid, options), token }), false);
  }
  const wanted =
    ssid === undefined ? { name: network ?? '' } : { ssid, password: await passwordOf(ssid, options) };
  const made = await withCalls(options, ({ call }) =>
    call('wifiCodes.make', {
      productId: product,
      deviceName: device ?? null,
      network: wanted,
      ...(life === undefined ? {} : { lifeMs: life * 60_000 }),
    }),
  );
  await write(options, made.text, false);
  showToken(options, made.token);
}

function wrongOptions(what: string): Fault {
  return new Fault('bad-input', what, { hint: 'See "qr wifi --help".' });
}

function showToken(options: CommonOptions, token: CallOutput<StationContract, 'wifiCodes.token'>): void {
  const out = createOutput(options);
  const { tokenId, state, reportedBy, expiresAtMs } = token;
  out.event('qr.token', { ...token });
  const by = reportedBy === null ? '' : ` by ${reportedBy.productId}/${reportedBy.deviceName}`;
  const until = state === 'made' ? `, until ${formatLocalTime(expiresAtMs)}` : '';
  out.print(`token ${tokenId}: ${state}${by}${until}`);
}

/** `-` is no password, because a password has more than one character. */
async function passwordOf(ssid: string, { password, passwordEnv }: WifiOptions): Promise<string> {
  if (password === '-') return readPipedText(MAX_PASSWORD_BYTES);
  return password ?? readPassword(`Password of ${ssid}`, passwordEnv === undefined ? {} : { passwordEnv });
}

async function write(options: OutOption, payload: string, show: boolean): Promise<void> {
  const out = createOutput(options);
  const path = resolve(options.out);
  await writeCodeFile(path, payload);
  // The code of a network contains its password.
  if (show) shareFile(path);
  out.event('qr.written', { path, ...(show ? { payload } : {}) });
  out.print(path);
}

/** The exit status for an unknown text is 1. */
function decode(text: string, options: CommonOptions): void {
  const out = createOutput(options);
  const described = describeQr(text === '-' ? requireUtf8Text(readFileSync(0), 'standard input') : text);
  const { kind, notes } = described;
  out.event('qr.decoded', described);
  if (kind === 'unknown') process.exitCode = EXIT_STATUS.notPassed;
  out.print(`kind: ${KINDS[kind]}`);
  for (const [name, value] of Object.entries(fieldsOf(described))) out.print(`${name}: ${value}`);
  for (const note of notes) out.print(`note: ${note}`);
}

const KINDS: Readonly<Record<QrDescription['kind'], string>> = {
  device: 'device code',
  wifi: 'Wi-Fi provisioning code',
  network: 'Wi-Fi code of phones',
  command: 'command of the scanner card',
  unknown: 'unknown: neither a device code, nor a Wi-Fi code, nor a command of Gongwei',
};

function fieldsOf(described: QrDescription): Readonly<Record<string, string>> {
  switch (described.kind) {
    case 'device': {
      const { productId, deviceName, serialNumber, chipId } = described.device;
      return {
        productId,
        deviceName,
        ...(serialNumber === undefined ? {} : { serialNumber }),
        ...(chipId === undefined ? {} : { mac: formatChipId(chipId) }),
      };
    }
    case 'wifi':
      return described.wifi;
    case 'network':
      return described.network;
    case 'command':
      return described.command;
    case 'unknown':
      return {};
  }
}
