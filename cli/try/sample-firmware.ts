import { join } from 'node:path';
import { FIRMWARE_SUFFIX } from '#shared/domain/firmware.ts';
import { FLASHER_ARGS_NAME } from '#shared/domain/flasher-args.ts';
import type { SimulatedUnit } from '#shared/domain/simulated-unit.ts';
import { BATCH_FIRMWARE, type Recipe } from '#shared/recipe/index.ts';
import {
  type ImagePlace,
  makeEspFirmware,
  type PackageMember,
  SAMPLE_CHIPS,
  sampleImage,
  writePackage,
} from '#simulator';
import { type ParsedRecipe, type Station, STATION_ITSELF } from '#station';

const VERSION = '1.0.0';
const FIRMWARE_NAME = `sample${FIRMWARE_SUFFIX}`;
/** Its content is not read by a simulated unit. */
const UPDATE_BYTES = 40_000;

/**
 * Prepares the firmware of a dry run; resolves with the recipe and the firmware for its batch. Where steps write firmware of the batch, it
 * is a package with the files that they name, filled with images that the simulated unit runs. Where none does, its content is
 * not read, and it has only the name that the recipe demands. Faults: those of `station.firmware.importFrom`.
 */
export async function prepareFirmware(
  station: Station,
  {
    recipe,
    unit,
    dir,
  }: { readonly recipe: ParsedRecipe; readonly unit: SimulatedUnit; readonly dir: string },
  signal: AbortSignal,
): Promise<{ readonly recipe: ParsedRecipe; readonly firmwareSha256?: string }> {
  const { product, firmware: wanted, ...rest } = recipe.recipe;
  const members = sampleMembers(recipe.recipe, unit);
  if (members === null) {
    if (wanted !== undefined) nameFirmware(station, wanted.sha256, product);
    return { recipe };
  }
  const names = { productId: product, version: VERSION };
  const { dir: folder, sha256 } = await writePackage(join(dir, 'firmware'), members, names);
  await station.firmware.importFrom([folder], {}, () => undefined, STATION_ITSELF, signal);
  if (updatesUnits(recipe.recipe)) {
    await station.firmware.upload(sha256, () => undefined, STATION_ITSELF, signal);
    await station.firmware.setOnline(sha256, true, STATION_ITSELF, signal);
  }
  // A dry run does not reach the firmware that the recipe demands.
  return { recipe: { ...recipe, recipe: { ...rest, product } }, firmwareSha256: sha256 };
}

/** The files of a package for a recipe, the firmware first; `null` when no step writes or sends firmware of the batch. */
export function sampleMembers(
  recipe: Pick<Recipe, 'phases'>,
  unit: SimulatedUnit,
): readonly [PackageMember, ...PackageMember[]] | null {
  const members = new Map<string, Buffer>();
  const build = usesBuild(recipe) ? sampleBuild(unit) : [];
  for (const { name, bytes, isApp } of build) if (!isApp) members.set(name, bytes);
  for (const { file = FIRMWARE_NAME, place } of firmwareImages(recipe))
    members.set(file, sampleImage(unit, place));
  if (members.size === 0 && updatesUnits(recipe))
    members.set(FIRMWARE_NAME, Buffer.alloc(UPDATE_BYTES, 0xa5));
  if (members.size === 0) return null;
  const name = [...members.keys()].find((path) => path.endsWith(FIRMWARE_SUFFIX)) ?? FIRMWARE_NAME;
  const app = build.find(({ isApp }) => isApp);
  const firmware = { path: name, bytes: members.get(name) ?? app?.bytes ?? sampleImage(unit, 0) };
  members.delete(name);
  if (build.length > 0) members.set(FLASHER_ARGS_NAME, listOf(build, name));
  return [firmware, ...[...members].map(([path, bytes]) => ({ path, bytes }))];
}

/** True when a step has the unit update itself to the firmware of the batch. */
function updatesUnits({ phases }: Pick<Recipe, 'phases'>): boolean {
  return phases.some(({ steps }) => steps.some((step) => step.verb === 'ota' && step.to === BATCH_FIRMWARE));
}

interface BuiltImage {
  readonly name: string;
  readonly offset: number;
  readonly bytes: Buffer;
  readonly isApp: boolean;
}

/** True when a step writes what the `flasher_args.json` of the package names. */
function usesBuild({ phases }: Pick<Recipe, 'phases'>): boolean {
  return phases.some(({ steps }) =>
    steps.some((step) => step.verb === 'flash' && step.images.some(({ from }) => from === 'flasher-args')),
  );
}

/** The images of a build for the simulated unit. */
function sampleBuild(unit: SimulatedUnit): readonly BuiltImage[] {
  const chip = SAMPLE_CHIPS.find((one) => one === unit) ?? SAMPLE_CHIPS[0];
  const images = makeEspFirmware({ chip, version: VERSION });
  return images.map((image) => ({ ...image, isApp: image === images[2] }));
}

/** A list as ESP-IDF writes it. It names no chip: a step for another one than that of the unit fails at the unit. */
function listOf(build: readonly BuiltImage[], appName: string): Buffer {
  const entries = build.map(({ name, offset, isApp }) => [
    `0x${offset.toString(16)}`,
    isApp ? appName : name,
  ]);
  const [offset, file] = entries.find(([, path]) => path === appName) ?? [];
  return Buffer.from(JSON.stringify({ flash_files: Object.fromEntries(entries), app: { offset, file } }));
}

/** The files of the firmware package that the steps write; without a name it is the firmware itself. */
function firmwareImages({
  phases,
}: Pick<Recipe, 'phases'>): { readonly file?: string | undefined; readonly place: ImagePlace }[] {
  const steps = phases.flatMap((phase) => phase.steps).filter((step) => step.verb === 'flash');
  return steps.flatMap(({ images, updater }) =>
    [
      ...images.map((image) => ({ ...image, place: image.offset as ImagePlace })),
      ...(updater === undefined ? [] : [{ ...updater, place: 'updater' as const }]),
    ].filter(({ from }) => from === 'firmware'),
  );
}

/** Lets a batch name the firmware of its recipe. */
function nameFirmware({ database }: Station, sha256: string, productId: string): void {
  const row: Parameters<typeof database.firmware.add>[0] = {
    sha256,
    md5: '0'.repeat(32),
    sizeBytes: 1,
    fileName: 'dry-run.bin.ota',
    packageName: 'dry-run',
    header: null,
    config: new Uint8Array(),
    productId,
    productFrom: 'given',
    version: null,
    versionFrom: null,
    invalidProduct: null,
    invalidVersion: null,
    name: null,
    description: null,
    importedBy: STATION_ITSELF.user,
    importedAtMs: Date.now(),
  };
  database.firmware.add(row);
}
