import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { shareFile } from '#node-kit/files/index.ts';
import { describeQr, encodeDeviceQr, encodeWifiQr, type QrDescription } from '#shared/codec/qr/index.ts';
import { requireUtf8Text } from '#shared/codec/text-file.ts';
import { formatChipId } from '#shared/domain/triple.ts';
import { writeCodeFile } from '#station';
import { type CommonOptions, command, group } from '../command.ts';
import { EXIT_STATUS } from '../exit-status.ts';
import { createOutput } from '../output.ts';
import { readPipedText } from '../read-piped-line.ts';

const MAX_PASSWORD_BYTES = 1024;

interface OutOption extends CommonOptions {
  readonly out: string;
}

export function qrCommand(): Command {
  return group('qr', 'QR codes', [
    command('wifi', 'Wi-Fi provisioning code: the lengths and texts of SSID, password and token')
      .requiredOption('--ssid <text>', 'network name')
      .requiredOption(
        '--password <text>',
        'may be empty; - reads it from standard input, where other users cannot see it',
      )
      .requiredOption('--token <text>', 'provisioning token')
      .requiredOption('--out <file>', 'file.svg, file.png or file.pdf')
      .action(async (options: OutOption & { ssid: string; password: string; token: string }) =>
        // The payload contains a password: it must appear only in the code.
        write(
          options,
          encodeWifiQr({ ssid: options.ssid, password: await passwordOf(options), token: options.token }),
          false,
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

/** `-` is no password, because a password has more than one character. */
async function passwordOf({ password }: { readonly password: string }): Promise<string> {
  return password === '-' ? readPipedText(MAX_PASSWORD_BYTES) : password;
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
