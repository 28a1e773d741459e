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

const STAGE_WORDS: Readonly<Record<OtaStage, Words>> = {
  downloading: { en: 'downloading', 'zh-CN': '下载中' },
  burning: { en: 'writing', 'zh-CN': '写入中' },
  done: { en: 'restarting', 'zh-CN': '重启中' },
};
const WAITING: Readonly<Record<'pending' | 'pushed', Words>> = {
  pending: { en: 'the unit is not online', 'zh-CN': '设备不在线' },
  pushed: { en: 'the unit has not begun', 'zh-CN': '设备没有开始升级' },
};

/** What the device was seen doing last: `downloading 60 %`. */
export function otaStageWords(
  {
    attempts,
    stage,
    percent,
  }: { readonly attempts: number; readonly stage: OtaStage | null; readonly percent: number | null },
  language: 'en' | 'zh-CN',
): string {
  if (stage === null) return WAITING[attempts === 0 ? 'pending' : 'pushed'][language];
  const words = STAGE_WORDS[stage][language];
  return stage === 'downloading' && percent !== null ? `${words} ${percent} %` : words;
}

/** The result codes of a failed update. Source: Tencent's device SDKs. */
const RESULT_WORDS: Readonly<Record<number, Words>> = {
  [-1]: { en: 'the download timed out', 'zh-CN': '下载超时' },
  [-2]: { en: 'the file does not exist', 'zh-CN': '文件不存在' },
  [-3]: { en: 'the signature of the address has expired', 'zh-CN': '签名过期' },
  [-4]: { en: 'the MD5 differs', 'zh-CN': 'MD5 不一致' },
  [-5]: { en: 'the firmware could not be written', 'zh-CN': '更新固件失败' },
};

/** A result code in words; the code alone when it is not in the list. */
function otaResultWords(code: number, language: 'en' | 'zh-CN'): string {
  return RESULT_WORDS[code]?.[language] ?? String(code);
}

const FAILURE_WORDS: Readonly<Record<Exclude<OtaFailure, 'device'>, Words>> = {
  'time-out': { en: 'the time for the update was over', 'zh-CN': '升级超时' },
  superseded: { en: 'another update took its place', 'zh-CN': '被另一次升级取代' },
  cancelled: { en: 'it was cancelled', 'zh-CN': '升级被取消' },
  attempts: { en: 'the unit began again and again', 'zh-CN': '设备反复重新开始升级' },
};

/** Why an update failed, in words. `resultCode` is what the device gave, where it gave one. */
export function otaFailureWords(
  { failure, resultCode }: { readonly failure: OtaFailure; readonly resultCode: number | null },
  language: 'en' | 'zh-CN',
): string {
  return failure === 'device' ? otaResultWords(resultCode ?? 0, language) : FAILURE_WORDS[failure][language];
}
