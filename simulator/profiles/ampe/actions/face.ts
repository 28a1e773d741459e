import { failed } from '../envelope.ts';
import type { Action, Actions } from '../task.ts';

/** Document 004: this terminal leaves the line without the face component, which its owner installs. */
const NOT_INSTALLED = 'E69015';
const NOT_INITIALISED = 'E69016';

function refuse(subCode: string, message: string): Action {
  return async ({ context, signal }) => {
    await context.wait(60, signal);
    return failed(message, { subCode });
  };
}

const early = refuse(NOT_INITIALISED, '刷脸未初始化');

export const FACE_ACTIONS: Actions = {
  initFace: refuse(NOT_INSTALLED, '未安装smile'),
  getFaceInfo: early,
  getFaceInfoPersonCard: early,
  doStorageFaceInfo: early,
};
