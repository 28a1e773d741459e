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

type Words = Readonly<Record<'en' | 'zh-CN', string>>;

export const OTA_STATE_WORDS: Readonly<Record<OtaState, Words>> = {
  pending: { en: 'to be sent', 'zh-CN': '待推送' },
  pushed: { en: 'sent', 'zh-CN': '已推送' },
  updating: { en: 'updating', 'zh-CN': '升级中' },
  succeeded: { en: 'updated', 'zh-CN': '升级成功' },
  failed: { en: 'failed', 'zh-CN': '升级失败' },
};

export const OTA_STAGE_WORDS: Readonly<Record<OtaStage, Words>> = {
  downloading: { en: 'downloading', 'zh-CN': '下载中' },
  burning: { en: 'writing', 'zh-CN': '写入中' },
  done: { en: 'restarting', 'zh-CN': '重启中' },
};

/** The result codes of a failed update. Source: Tencent's device SDKs. */
export const OTA_RESULT_WORDS: Readonly<Record<number, Words>> = {
  [-1]: { en: 'the download timed out', 'zh-CN': '下载超时' },
  [-2]: { en: 'the file does not exist', 'zh-CN': '文件不存在' },
  [-3]: { en: 'the signature of the address has expired', 'zh-CN': '签名过期' },
  [-4]: { en: 'the MD5 differs', 'zh-CN': 'MD5 不一致' },
  [-5]: { en: 'the firmware could not be written', 'zh-CN': '更新固件失败' },
};

/** A result code in words; the code alone when it is not in the list. */
export function otaResultWords(code: number, language: 'en' | 'zh-CN'): string {
  return OTA_RESULT_WORDS[code]?.[language] ?? String(code);
}
