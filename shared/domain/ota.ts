/**
 * Updates of a device's firmware over the network. The five states are those of the cloud's console (待推送, 已推送, 升级中,
 * 升级成功, 升级失败); stages and result codes are those of `report_progress` on `$ota/report`, as Tencent's device SDKs send them.
 */
export const OTA_STATES = ['pending', 'pushed', 'updating', 'succeeded', 'failed'] as const;
export type OtaState = (typeof OTA_STATES)[number];

/** What the device says that it does, in this order. `done`: it has the firmware and restarts. */
export const OTA_STAGES = ['downloading', 'burning', 'done'] as const;
export type OtaStage = (typeof OTA_STAGES)[number];

/**
 * Why an update failed: the device said so, the time was over, another update took its place, it was cancelled before the
 * device had begun, or it was sent as often as it may be sent.
 */
export const OTA_FAILURES = ['device', 'time-out', 'superseded', 'cancelled', 'attempts'] as const;
export type OtaFailure = (typeof OTA_FAILURES)[number];

export function isOtaRunning(state: OtaState): boolean {
  return state === 'pending' || state === 'pushed' || state === 'updating';
}
