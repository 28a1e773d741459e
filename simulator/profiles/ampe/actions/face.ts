import { done, failed, WRONG_PARAMETERS, type ActionResult } from '../envelope.ts';
import type { Action, Actions, Task } from '../task.ts';

const INIT_MS = 2_000;
const RECOGNITION_MS = 600;
/** Countdown of the enrolment page in document 004. */
const CONSENT_MS = 20_000;
/** The document prints the code alone. */
const NOT_INSTALLED = failed('E69015');
const TOO_EARLY = '关闭服务时找不到当前任务(E69016)';
const CODE_OK = 1000;

/** The result of a recognised face. */
export function faceResult(
  authCode: string,
  subCode = '',
  subMessage = '',
): Readonly<Record<string, unknown>> {
  return {
    alipayUid: '2088000000000042',
    code: CODE_OK,
    extInfo: JSON.stringify({ authCode }),
    ftoken: 'ft0042',
    isvResult: true,
    subCode,
    subMessage,
    vid: '',
  };
}

/** `scope` is a list with commas and no blanks. The document does not describe a request without it. */
const initFace: Action = async ({ context, request, signal, terminal }) => {
  const { scope } = request.params;
  await context.wait(INIT_MS, signal);
  if (context.faults.take('no-smile') !== null) return NOT_INSTALLED;
  if (typeof scope !== 'string' || scope === '' || scope.includes(' ')) return WRONG_PARAMETERS;
  terminal.faceReady = true;
  return done();
};

async function recogniseFace({ context, signal, terminal }: Task, authCode: string): Promise<ActionResult> {
  await context.wait(RECOGNITION_MS, signal);
  if (!terminal.faceReady) return failed(TOO_EARLY, { originFaceInfo: '' });
  return terminal.personInFront
    ? done(faceResult(authCode))
    : failed('抱歉,无法认出你(Z1208)', { originFaceInfo: '{"subCode":"Z1208"}' });
}

const getFaceInfo: Action = (task) => recogniseFace(task, 'auth0042');

const getFaceInfoPersonCard: Action = async (task) => {
  const { certName, certNo } = task.request.params;
  return [certName, certNo].every((value) => typeof value === 'string' && value !== '')
    ? recogniseFace(task, '')
    : WRONG_PARAMETERS;
};

function enrolled(success: boolean, eventData: Readonly<Record<string, string>>): ActionResult {
  const data = JSON.stringify({ eventType: 'rocketResult', eventData });
  return success ? done(data) : failed('失败', data);
}

/** Enrols an unknown user who agrees. The second form, with `uniqueId`, requires name and number. */
const doStorageFaceInfo: Action = async ({ context, request, signal, terminal }) => {
  const refuse = (subCode: string, subMessage: string): ActionResult =>
    enrolled(false, { subCode, subMessage });
  const required = ['appid', 'orgOutId', 'componentOutId', 'isvPid'];
  if ('uniqueId' in request.params) required.push('uniqueId', 'name', 'certNo');
  const whole = required.every(
    (name) => typeof request.params[name] === 'string' && request.params[name] !== '',
  );
  if (!whole) return refuse('90004', '参数有误');
  if (!terminal.faceReady) return failed(TOO_EARLY, '{"eventType":"rocketResult","eventData":{}}');
  if (!terminal.personInFront) {
    await context.wait(CONSENT_MS, signal);
    return refuse('90002', '超时退出');
  }
  await context.wait(RECOGNITION_MS, signal);
  return enrolled(true, {
    uid: 'uid0042',
    ftoken: 'ft0042',
    authCode: 'auth0042',
    vid: 'vid0042',
    subCode: 'SUCCESS',
    subMessage: '成功',
    bizId: 'biz0042',
  });
};

export const FACE_ACTIONS: Actions = { initFace, getFaceInfo, getFaceInfoPersonCard, doStorageFaceInfo };
