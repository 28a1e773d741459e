import { MIN_REASON } from '#shared/contract/index.ts';
import type { FaultCode } from '#shared/domain/fault.ts';
import { computed, onMounted, reactive } from 'vue';
import { type FaultView, useCall } from '#services/client/index.ts';
import { useTranslator } from '#services/i18n/index.ts';
import { useSession } from '#stores/index.ts';

/** The shortest PIN that the station takes. */
const MIN_PIN = 4;

/** What a call with an approval takes. */
export interface Justified {
  readonly reason: string;
  readonly approver: string;
  readonly approverPin?: string;
}

const OF_THE_APPROVER: ReadonlySet<string> = new Set([
  'approver-refused',
  'pin-wrong',
  'pin-locked',
  'pin-short',
] satisfies FaultCode[]);

/** Whether the station refused the approver, so that nothing was done. */
export function isOfApprover({ code }: FaultView): boolean {
  return OF_THE_APPROVER.has(code);
}

/** The reason of an act, and the second person who approves it, as they are entered. Reactive. */
export function useApproval(before?: { readonly reason: string; readonly approver: string }) {
  const session = useSession();
  const i18n = useTranslator();
  // Without the list the name of the approver is typed, so a fault is not shown.
  const list = useCall(({ call }) => call('session.users', {}), { repeatAfterLoss: true });
  onMounted(list.run);
  const users = computed(() => list.data?.users ?? null);
  /** A station without users has no PINs. */
  const asksPin = computed(() => users.value === null || users.value.length > 0);
  const input = reactive({ reason: before?.reason ?? '', approver: before?.approver ?? '', pin: '' });
  /** What is missing, in words for `UiSubmit`. */
  const missing = computed((): readonly string[] => {
    const { t } = i18n.value;
    return [
      input.reason.trim().length < MIN_REASON ? t('approval.reasonMissing', { min: MIN_REASON }) : '',
      input.approver.trim() === '' ? t('approval.approver') : '',
      asksPin.value && input.pin.length < MIN_PIN ? t('approval.pin') : '',
    ].filter((part) => part !== '');
  });
  /** The users who may approve: not the one who is signed in. */
  const approvers = computed(() =>
    (users.value ?? [])
      .filter(({ role, name }) => role !== 'operator' && name !== session.state?.user)
      .map(({ name }) => name),
  );
  return reactive({
    input,
    /** True: this station has users, and none of them may approve. */
    lacksApprover: computed(() => (users.value ?? []).length > 0 && approvers.value.length === 0),
    asksPin,
    missing,
    approvers,
    isUnsaved: (): boolean => input.reason.trim() !== '' || input.pin !== '',
    /** The input for a call. The PIN is cleared: each attempt takes it again. */
    take(): Justified {
      const { reason, approver, pin } = input;
      input.pin = '';
      return {
        reason: reason.trim(),
        approver: approver.trim(),
        ...(asksPin.value && pin !== '' ? { approverPin: pin } : {}),
      };
    },
    /** Why the station refused the approver, in one sentence. */
    refusalText({ code, details }: FaultView): string {
      const { message, action, more } = i18n.value.fault(code, details);
      return [message, code === 'pin-wrong' ? i18n.value.t('approval.pinAgain') : action, more]
        .filter((part) => part !== undefined)
        .join(' ');
    },
  });
}
export type ApprovalInput = ReturnType<typeof useApproval>;
