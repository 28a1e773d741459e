import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { CONFIG_NAME, FIRMWARE_SUFFIX } from '#shared/domain/firmware.ts';
import { otaImage, otaImageLength, type OtaImageOptions } from './ota-image.ts';
import { writeZip, type ZipMember } from './zip-writer.ts';

export interface PackageOptions extends OtaImageOptions {
  readonly productId?: string;
  /** Without the suffix. */
  readonly name?: string;
  /** Folder inside the zip. */
  readonly folder?: string;
  /** Content of `ota_cfg.json` instead of the sample's own. */
  readonly config?: string;
}

/** Properties of a sample package, for comparison with an import. */
export interface SamplePackage {
  readonly path: string;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly md5: string;
  readonly config: string;
}

/**
 * Writes a firmware package in the form of a vendor's: a zip with one `.bin.ota`, one `ota_cfg.json` and a readme. The
 * memory does not depend on the size. The same options give the same file. The schema of `ota_cfg.json` is not public;
 * its fields are one plausible choice.
 */
export async function makePackage(path: string, options: PackageOptions): Promise<SamplePackage> {
  const fileName = `${options.name ?? 'sim_firmware'}${FIRMWARE_SUFFIX}`;
  const image = otaImage(options);
  const sha256 = createHash('sha256');
  const md5 = createHash('md5');
  for (const block of image) {
    sha256.update(block);
    md5.update(block);
  }
  const facts = {
    path,
    fileName,
    sizeBytes: otaImageLength(options),
    sha256: sha256.digest('hex'),
    md5: md5.digest('hex'),
  };
  const config =
    options.config ??
    JSON.stringify(
      {
        productId: options.productId ?? 'GWDEMO0001',
        version: options.softwareVersion ?? '1.0.0',
        file: fileName,
        size: facts.sizeBytes,
        md5: facts.md5,
        desc: '样例固件 sample firmware',
      },
      null,
      2,
    );
  const inside = options.folder === undefined ? '' : `${options.folder}/`;
  const text = (name: string, content: string): ZipMember => ({
    name: `${inside}${name}`,
    blocks: [Buffer.from(content)],
  });
  await using file = await open(path, 'w');
  await writeZip(file, [
    { name: `${inside}${fileName}`, blocks: image },
    text(CONFIG_NAME, config),
    text('readme.txt', '样例固件包\n'),
  ]);
  return { ...facts, config };
}
