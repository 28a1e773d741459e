import { readRecipe, requireLocked, type Station, STATION_ITSELF } from '#station';
import { CHIP_PRODUCT, chipRecipePath, importChipFirmware } from './chip-firmware.ts';
import type { SampleLine } from './sample-line.ts';

export const SAMPLE_UNITS = 48;
/** Units that are flashed, in a batch of their own. */
export const SAMPLE_CHIPS = 4;
export const CHIP_BATCH = 'sample-flash';
/** So much code that a person can watch the transfer: some seconds at the speed of the line. */
const CHIP_CODE_BYTES = 200_000;

type SampleFacts = Pick<SampleLine, 'dir' | 'registryUrl' | 'token' | 'productId' | 'recipePath'>;

/** Sets up the station of a sample line with registry, triples and a batch; does nothing for a real station. */
export async function prepareSampleStation(
  station: Station,
  sampleLine: SampleFacts | null,
  signal: AbortSignal,
): Promise<void> {
  if (sampleLine === null) return;
  await station.sampleUsers.add();
  station.settings.configure(
    { station: 'sample-1', registry: { url: sampleLine.registryUrl, token: sampleLine.token } },
    STATION_ITSELF,
  );
  const available =
    station.pool.state().products.find((p) => p.productId === sampleLine.productId)?.counts.available ?? 0;
  if (available < SAMPLE_UNITS)
    await station.pool.lease(sampleLine.productId, SAMPLE_UNITS - available, STATION_ITSELF, signal);
  await prepareChips(station, sampleLine, signal);
  const recipe = await readRecipe(sampleLine.recipePath);
  const locked = await requireLocked(sampleLine.recipePath, recipe);
  const active = station.batches.selected();
  if (active !== null && active.view.passed < active.view.quantity) return;
  station.batches.select(
    station.batches.create({ recipe, quantity: SAMPLE_UNITS, name: 'sample', locked }, STATION_ITSELF)
      .batchId,
  );
}

/** A batch whose units are flashed; it is there to be chosen. */
async function prepareChips(station: Station, { dir }: SampleFacts, signal: AbortSignal): Promise<void> {
  if (station.database.batches.list().some(({ name }) => name === CHIP_BATCH)) return;
  await station.pool.lease(CHIP_PRODUCT, SAMPLE_CHIPS, STATION_ITSELF, signal);
  const path = chipRecipePath();
  const recipe = await readRecipe(path);
  const locked = await requireLocked(path, recipe);
  const options = { dir, codeBytes: CHIP_CODE_BYTES };
  const { sha256: firmwareSha256 } = await importChipFirmware(station, options, STATION_ITSELF, signal);
  const batch = { recipe, quantity: SAMPLE_CHIPS, name: CHIP_BATCH, locked, firmwareSha256 };
  station.batches.create(batch, STATION_ITSELF);
}
