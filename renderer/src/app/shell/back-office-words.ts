import type { Translation, Words } from '#services/i18n/index.ts';
import { approvalEn } from '../../features/approval/words.en.ts';
import { approvalZhCN } from '../../features/approval/words.zh-cn.ts';
import { batchesEn } from '../../features/batches/words.en.ts';
import { batchesZhCN } from '../../features/batches/words.zh-cn.ts';
import { documentsEn } from '../../features/documents/words.en.ts';
import { documentsZhCN } from '../../features/documents/words.zh-cn.ts';
import { firmwareEn } from '../../features/firmware/words.en.ts';
import { firmwareZhCN } from '../../features/firmware/words.zh-cn.ts';
import { foreignRunsEn } from '../../features/foreign-runs/words.en.ts';
import { foreignRunsZhCN } from '../../features/foreign-runs/words.zh-cn.ts';
import { labelsEn } from '../../features/labels/words.en.ts';
import { labelsZhCN } from '../../features/labels/words.zh-cn.ts';
import { ownCodesEn } from '../../features/own-codes/words.en.ts';
import { ownCodesZhCN } from '../../features/own-codes/words.zh-cn.ts';
import { recipesEn } from '../../features/recipes/words.en.ts';
import { recipesZhCN } from '../../features/recipes/words.zh-cn.ts';
import { returnsEn } from '../../features/returns/words.en.ts';
import { returnsZhCN } from '../../features/returns/words.zh-cn.ts';
import { setupEn } from '../../features/setup/words.en.ts';
import { setupZhCN } from '../../features/setup/words.zh-cn.ts';
import { runsEn } from '../../features/runs/words.en.ts';
import { runsZhCN } from '../../features/runs/words.zh-cn.ts';
import { signInEn } from '../../features/sign-in/words.en.ts';
import { signInZhCN } from '../../features/sign-in/words.zh-cn.ts';
import { stationEn } from '../../features/station/words.en.ts';
import { stationZhCN } from '../../features/station/words.zh-cn.ts';
import { syncEn } from '../../features/sync/words.en.ts';
import { syncZhCN } from '../../features/sync/words.zh-cn.ts';
import { triplePoolEn } from '../../features/triple-pool/words.en.ts';
import { triplePoolZhCN } from '../../features/triple-pool/words.zh-cn.ts';
import { usersEn } from '../../features/users/words.en.ts';
import { usersZhCN } from '../../features/users/words.zh-cn.ts';
import { yieldsEn } from '../../features/yields/words.en.ts';
import { yieldsZhCN } from '../../features/yields/words.zh-cn.ts';
import { shellEn } from './words.en.ts';
import { shellZhCN } from './words.zh-cn.ts';

const zhCN = {
  ...approvalZhCN,
  ...batchesZhCN,
  ...documentsZhCN,
  ...firmwareZhCN,
  ...foreignRunsZhCN,
  ...labelsZhCN,
  ...ownCodesZhCN,
  ...recipesZhCN,
  ...returnsZhCN,
  ...setupZhCN,
  ...runsZhCN,
  ...signInZhCN,
  ...stationZhCN,
  ...syncZhCN,
  ...triplePoolZhCN,
  ...usersZhCN,
  ...yieldsZhCN,
  ...shellZhCN,
};
const en: Translation<typeof zhCN> = {
  ...approvalEn,
  ...batchesEn,
  ...documentsEn,
  ...firmwareEn,
  ...foreignRunsEn,
  ...labelsEn,
  ...ownCodesEn,
  ...recipesEn,
  ...returnsEn,
  ...setupEn,
  ...runsEn,
  ...signInEn,
  ...stationEn,
  ...syncEn,
  ...triplePoolEn,
  ...usersEn,
  ...yieldsEn,
  ...shellEn,
};

/** The words of the back office, loaded with its frame. A new feature adds its words here. */
export const BACK_OFFICE_WORDS: Words = { 'zh-CN': zhCN, en };

type Own = typeof zhCN;
declare module '#services/i18n/messages.ts' {
  interface Messages extends Own {}
}
