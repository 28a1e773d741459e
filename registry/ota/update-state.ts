import {
  isOtaRunning,
  OTA_STAGES,
  type OtaFailure,
  type OtaStage,
  type OtaState,
} from '#shared/domain/ota.ts';

/** What the latest sending of an update led to, as far as the device has said it. */
export interface Attempt {
  /** From 1. */
  readonly number: number;
  readonly pushedMs: number;
  readonly stage: OtaStage | null;
  /** Highest percentage of the download, and when the device reported it. */
  readonly percent: number | null;
  readonly percentMs: number | null;
  /** The first percentage of this attempt, to compute the speed from. */
  readonly firstPercent: number | null;
  readonly firstPercentMs: number | null;
}

/** The update of one device. */
export interface UpdateState {
  readonly state: OtaState;
  readonly failure: OtaFailure | null;
  readonly version: string;
  /** The version before; null until the device has reported it. */
  readonly fromVersion: string | null;
  readonly attempt: Attempt | null;
  readonly resultCode: number | null;
  readonly resultText: string;
  readonly changedMs: number;
  readonly deadlineMs: number;
}

/** A message `report_progress` of a device. */
export type OtaProgress =
  | { readonly state: OtaStage; readonly percent: number | null; readonly version: string }
  | {
      readonly state: 'fail';
      readonly resultCode: number;
      readonly resultText: string;
      readonly version: string;
    };

export type UpdateEvent =
  /** The update was sent to the device. */
  | { readonly kind: 'pushed' }
  | { readonly kind: 'progress'; readonly progress: OtaProgress }
  /** The device reported the version that it runs. */
  | { readonly kind: 'version'; readonly version: string }
  | { readonly kind: 'superseded' | 'cancelled' | 'time' };

/** How often an update is sent to a device that does not reach the version: it may lose its supply again and again. */
export const MAX_ATTEMPTS = 10;

/**
 * The state of an update after an event; the same object when nothing changes. Messages may arrive late, repeated, or not at
 * all: a stage of an attempt never goes back, only the reported version makes a success, an end is final, and nothing runs
 * after its deadline.
 */
export function nextUpdate(update: UpdateState, event: UpdateEvent, nowMs: number): UpdateState {
  if (!isOtaRunning(update.state)) return update;
  if (nowMs >= update.deadlineMs) return failed(update, 'time-out', nowMs);
  switch (event.kind) {
    case 'time':
      return update;
    case 'version':
      if (event.version === update.version) return { ...update, state: 'succeeded', changedMs: nowMs };
      return update.fromVersion === null ? { ...update, fromVersion: event.version } : update;
    case 'superseded':
      return failed(update, 'superseded', nowMs);
    case 'cancelled':
      return update.state === 'updating' ? update : failed(update, 'cancelled', nowMs);
    case 'pushed':
      return pushed(update, nowMs);
    case 'progress':
      return progressed(update, event.progress, nowMs);
  }
}

/** The mean speed of the download in the latest attempt, in bytes/s; null when two percentages are missing. */
export function speedOf(attempt: Attempt | null, sizeBytes: number): number | null {
  const { percent, percentMs, firstPercent, firstPercentMs } = attempt ?? {};
  if (percent == null || percentMs == null || firstPercent == null || firstPercentMs == null) return null;
  const seconds = (percentMs - firstPercentMs) / 1000;
  if (seconds <= 0 || percent <= firstPercent) return null;
  return Math.round((sizeBytes * (percent - firstPercent)) / 100 / seconds);
}

function pushed(update: UpdateState, nowMs: number): UpdateState {
  const number = (update.attempt?.number ?? 0) + 1;
  if (number > MAX_ATTEMPTS) return failed(update, 'attempts', nowMs);
  const nothing = { percent: null, percentMs: null, firstPercent: null, firstPercentMs: null };
  const attempt = { number, pushedMs: nowMs, stage: null, ...nothing };
  // A device that has begun stays so: it goes on with what it has downloaded.
  const state = update.state === 'updating' ? 'updating' : 'pushed';
  return { ...update, state, attempt, changedMs: nowMs };
}

function progressed(update: UpdateState, progress: OtaProgress, nowMs: number): UpdateState {
  const { attempt } = update;
  if (attempt === null || progress.version !== update.version) return update;
  if (progress.state === 'fail') {
    const { resultCode, resultText } = progress;
    return { ...failed(update, 'device', nowMs), resultCode, resultText };
  }
  const before = attempt.stage === null ? -1 : OTA_STAGES.indexOf(attempt.stage);
  if (OTA_STAGES.indexOf(progress.state) < before) return update;
  const percent = progress.state === 'downloading' ? progress.percent : null;
  const isHigher = percent !== null && percent > (attempt.percent ?? -1);
  if (progress.state === attempt.stage && !isHigher) return update;
  return {
    ...update,
    state: 'updating',
    changedMs: nowMs,
    attempt: {
      ...attempt,
      stage: progress.state,
      ...(isHigher ? { percent, percentMs: nowMs } : {}),
      ...(isHigher && attempt.firstPercent === null ? { firstPercent: percent, firstPercentMs: nowMs } : {}),
    },
  };
}

function failed(update: UpdateState, failure: OtaFailure, nowMs: number): UpdateState {
  return { ...update, state: 'failed', failure, changedMs: nowMs };
}
