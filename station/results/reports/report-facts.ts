import type { RunRow } from '../../core/database/index.ts';

/** What the runs of a report have in common, for its manifest; sorted. */
export interface ReportFacts {
  readonly recipes: readonly string[];
  readonly firmware: readonly string[];
  readonly stations: readonly string[];
  readonly appVersions: readonly string[];
}

/** Collects the facts of runs while they are read; a run may come twice. */
export function collectFacts() {
  const recipes = new Set<string>();
  const firmware = new Set<string>();
  const stations = new Set<string>();
  const appVersions = new Set<string>();
  return {
    add({ recipeHash, firmwareSha256, station, appVersion }: RunRow): void {
      recipes.add(recipeHash);
      if (typeof firmwareSha256 === 'string') firmware.add(firmwareSha256);
      stations.add(station);
      appVersions.add(appVersion);
    },
    result: (): ReportFacts => ({
      recipes: [...recipes].sort(),
      firmware: [...firmware].sort(),
      stations: [...stations].sort(),
      appVersions: [...appVersions].sort(),
    }),
  };
}
