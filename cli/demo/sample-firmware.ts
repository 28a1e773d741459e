import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { makePackage } from '#simulator';
import type { RegistryClient, Station } from '#station';
import { counted } from '#shared/words/index.ts';
import type { Output } from '../output.ts';

export interface DemoFirmware {
  /** SHA-256 of the content as the station computed it. */
  readonly sha256: string;
  /** SHA-256 of the content as the registry computed it. */
  readonly registrySha256: string | null;
  /** One sentence per contradiction. */
  readonly mismatches: readonly string[];
}

const BODY_BYTES = 3 * 1024 * 1024 + 77;
const VERSION = '1.4.0';

/** Imports a firmware package, uploads it, puts it online, and downloads it as a device. */
export async function publishSampleFirmware(
  station: Station,
  registry: RegistryClient,
  registryUrl: string,
  where: { readonly dir: string; readonly productId: string },
  out: Output,
  signal: AbortSignal,
): Promise<DemoFirmware> {
  const { productId } = where;
  const sample = await makePackage(join(where.dir, `firmware-${VERSION}.zip`), {
    bodyBytes: BODY_BYTES,
    softwareVersion: VERSION,
    productId,
    seed: productId,
  });
  const by = { user: 'demo', role: 'engineer' } as const;
  const { firmware } = await station.firmware.importFrom([sample.path], {}, () => undefined, by, signal);
  const uploaded = await station.firmware.upload(firmware.firmwareId, () => undefined, by, signal);
  await station.firmware.setOnline(firmware.firmwareId, true, by, signal);
  const registrySha256 = uploaded.registry.sha256;
  const downloadedSha256 = await downloadAsDevice(registry, registryUrl, productId, signal);
  out.notice(
    `firmware ${productId} ${VERSION}: ${counted(firmware.sizeBytes, 'byte')}, online at the registry`,
  );
  const mismatches = (
    [
      ['the station imported', firmware.sha256],
      ['the registry received', registrySha256],
      ['a device downloads', downloadedSha256],
    ] as const
  )
    .filter(([, sha256]) => sha256 !== sample.sha256)
    .map(([who, sha256]) => `firmware: ${who} ${sha256 ?? 'nothing'}, the vendor packed ${sample.sha256}`);
  return { sha256: firmware.sha256, registrySha256, mismatches };
}

/** Downloads the firmware without a token, from the address that the registry publishes. */
async function downloadAsDevice(
  registry: RegistryClient,
  registryUrl: string,
  productId: string,
  signal: AbortSignal,
): Promise<string | null> {
  const [online] = (await registry.firmware.list(productId, signal)).filter(
    ({ download }) => download !== null,
  );
  if (online?.download == null) return null;
  const response = await fetch(registryUrl + online.download.path, { signal });
  if (!response.ok || response.body === null) return null;
  const sha256 = createHash('sha256');
  for await (const chunk of response.body) sha256.update(chunk);
  return sha256.digest('hex');
}
