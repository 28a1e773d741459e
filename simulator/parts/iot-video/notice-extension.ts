/**
 * The extension of a notice: an object with one member. `unlock_type` 1 to 9 with notice 1, `unknown_info_id` 1 to 6 with
 * notice 12, none with the others. Without it the app shows a general text. Source: document 001, `iv_msg_send_notice`.
 */
const EXTENSIONS: Readonly<Record<number, { readonly member: string; readonly highest: number }>> = {
  1: { member: 'unlock_type', highest: 9 },
  12: { member: 'unknown_info_id', highest: 6 },
};

/** Whether an extension is valid for a notice; undefined is no extension. */
export function isValidNotice(noticeId: number, ext: number | undefined): boolean {
  return ext === undefined || (ext >= 1 && ext <= (EXTENSIONS[noticeId]?.highest ?? 0));
}

/** Parameters of a notice's event. `ext` is omitted for notices without an extension. */
export function noticeParams(noticeId: number, ext: number | undefined): Readonly<Record<string, unknown>> {
  const extension = EXTENSIONS[noticeId];
  if (ext === undefined || extension === undefined) return { notice_id: noticeId };
  return { notice_id: noticeId, ext: { [extension.member]: ext } };
}
