import { resolve } from 'node:path';
import type { Command } from 'commander';
import { decodeQr, encodeDeviceQr, encodeWifiQr } from '#shared/codec/qr/index.ts';
import { writeCodeFile } from '#station';
import { type CommonOptions, command, group } from '../command.ts';
import { createOutput } from '../output.ts';
import { shareFile } from '../share-file.ts';

interface OutOption extends CommonOptions {
  readonly out: string;
}

export function qrCommand(): Command {
  return group('qr', 'QR codes', [
    command('wifi', 'Wi-Fi provisioning code: the lengths and texts of SSID, password and token')
      .requiredOption('--ssid <text>', 'network name')
      .requiredOption('--password <text>', 'may be empty')
      .requiredOption('--token <text>', 'provisioning token')
      .requiredOption('--out <file>', 'file.svg, file.png or file.pdf')
      .action((options: OutOption & { ssid: string; password: string; token: string }) =>
        // The payload carries a password: it goes into the code and nowhere else.
        write(
          options,
          encodeWifiQr({ ssid: options.ssid, password: options.password, token: options.token }),
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
    command('decode', 'what the text of a scanned code says').argument('<text>').action(decode),
  ]);
}

async function write(options: OutOption, payload: string, show: boolean): Promise<void> {
  const out = createOutput(options);
  const path = resolve(options.out);
  await writeCodeFile(path, payload);
  // The code of a network is its password.
  if (show) shareFile(path);
  out.event('qr.written', { path, ...(show ? { payload } : {}) });
  if (!out.json) out.say(path);
}

function decode(text: string, options: CommonOptions): void {
  const out = createOutput(options);
  const decoded = decodeQr(text);
  out.event('qr.decoded', decoded);
  if (!out.json) for (const [key, value] of Object.entries(decoded)) out.say(`${key}: ${String(value)}`);
}
