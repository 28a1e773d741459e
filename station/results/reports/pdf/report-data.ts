import type { ReadBackStrength } from '#shared/domain/read-back.ts';
import type { Outcome, RunFailure } from '#shared/domain/outcome.ts';
import type { MeasuredSeries, ParetoItem, PhaseYield, YieldFigures } from '#shared/domain/yield/index.ts';
import type { RecipeNames } from '#shared/words/index.ts';
import type { RunFiles } from './pictures/index.ts';
import type { SignedBalance } from './read-signed-balance.ts';

/** What a batch report prints. Instants are ms since 1970. */
export interface BatchReportData {
  readonly batchId: string;
  readonly name: string;
  readonly productId: string;
  readonly quantity: number;
  readonly createdAtMs: number;
  readonly recipe: ReportRecipe;
  readonly firmware: readonly ReportFirmware[];
  readonly stations: readonly string[];
  readonly operators: readonly string[];
  readonly slots: readonly number[];
  readonly appVersions: readonly string[];
  /** The first start and the last end of a run; `null` without any. */
  readonly period: { readonly fromMs: number; readonly toMs: number } | null;
  /** Runs that have not ended. */
  readonly running: number;
  /** Units that passed without proof of their secret. */
  readonly unproven: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Of the runs that passed, ms. */
  readonly medianMs: number | null;
  readonly figures: YieldFigures;
  readonly phases: readonly PhaseYield[];
  readonly pareto: readonly ParetoItem[];
  readonly measurements: readonly MeasuredSeries[];
  readonly measurementsLeftOut: number;
  readonly curve: {
    readonly everyMs: number;
    readonly points: readonly {
      readonly atMs: number;
      readonly units: number;
      readonly fpy: number | null;
    }[];
  };
  /** Titles of phases and steps. */
  readonly titles: RecipeNames;
  readonly failures: readonly FailedRun[];
  readonly failuresLeftOut: number;
  readonly failedFiles: FailedFiles;
  /** The last signed one; `null` without one. */
  readonly balance: SignedBalance | null;
}

export interface ReportRecipe {
  readonly name: string;
  readonly version: string;
  readonly hash: string;
  readonly locked: boolean;
}

export interface ReportFirmware {
  readonly sha256: string;
  readonly name: string | null;
  readonly version: string | null;
}

/** The files of runs that did not pass. */
export interface FailedFiles {
  /** The first runs that have some. */
  readonly runs: readonly ({ readonly unit: string } & RunFiles)[];
  /** Files of further runs. */
  readonly leftOut: number;
}

/** A run that did not pass. */
export interface FailedRun {
  readonly runId: string;
  readonly serialNumber: string | null;
  /** The unit's id as text. */
  readonly unit: string | null;
  readonly atMs: number;
  readonly slot: number;
  readonly outcome: Outcome;
  readonly failure: RunFailure | null;
}

/** What the certificate of a unit prints. Instants are ms since 1970. */
export interface CertificateData {
  readonly serialNumber: string | null;
  readonly unitId: { readonly kind: 'mac' | 'chip-id' | 'serial-number'; readonly text: string } | null;
  readonly productId: string | null;
  readonly deviceName: string | null;
  readonly outcome: Outcome;
  /** True when only the name was read back and nobody saw a login. */
  readonly unproven: boolean;
  readonly proof: {
    readonly readBack: ReadBackStrength;
    readonly online: 'registry' | 'device' | 'none';
  } | null;
  readonly batchName: string;
  readonly recipe: Omit<ReportRecipe, 'locked'>;
  readonly firmware: ReportFirmware | null;
  /** The version that the unit itself reported. */
  readonly reportedFirmware: string | null;
  readonly station: string;
  readonly slot: number;
  readonly operator: string;
  readonly appVersion: string;
  readonly runId: string;
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  readonly titles: RecipeNames;
  /** The number of all measurements of the run. */
  readonly measured: number;
  readonly measurements: readonly CertificateMeasurement[];
  /** Its files; `null` without any. The digest of the record covers them, so that the signed file does not list them. */
  readonly files: RunFiles | null;
  /** The text of the device's QR code; `null` without an identity. */
  readonly deviceCode: string | null;
  /** The signature of the JSON form, which is attached to the PDF. */
  readonly signature: CertificateSignature | null;
}

export interface CertificateSignature {
  readonly station: string;
  readonly by: string;
  readonly atMs: number;
  readonly keySha256: string;
  /** SHA-256 of the record of the run. */
  readonly digest: string;
  /** The signed file. */
  readonly file: Uint8Array;
}

export interface CertificateMeasurement {
  readonly phase: string;
  readonly step: string;
  readonly name: string;
  readonly value: string | number | boolean;
  readonly unit: string | null;
  readonly limits: string;
  readonly outcome: Outcome;
}
