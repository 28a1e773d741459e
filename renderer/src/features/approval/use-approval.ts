import type { FaultCode } from '#shared/domain/fault.ts';
import { computed, onMounted, reactive } from 'vue';
import { type FaultView, useCall } from '#services/client/index.ts';
import { useTranslator } from '#services/i18n/index.ts';
import { useSession } from '#stores/index.ts';

/** The shortest reason and the shortest PIN that the station takes, in characters. */
const MIN_REASON = 3;
const MIN_PIN = 4;

/** What a call with an approval takes. */
export interface Justified {
  readonly reason: string;
  readonly approver: string;
  readonly approverPin?: string;
}

export type MissingField = 'reason' | 'approver' | 'pin';

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
  const missing = computed((): readonly MissingField[] => {
    const all: MissingField[] = [];
    if (input.reason.trim().length < MIN_REASON) all.push('reason');
    if (input.approver.trim() === '') all.push('approver');
    if (asksPin.value && input.pin.length < MIN_PIN) all.push('pin');
    return all;
  });
  return reactive({
    input,
    asksPin,
    missing,
    /** The users who may approve: not the one who is signed in. */
    approvers: computed(() =>
      (users.value ?? [])
        .filter(({ role, name }) => role !== 'operator' && name !== session.state?.user)
        .map(({ name }) => name),
    ),
    isUnsaved: (): boolean => input.reason.trim() !== '' || input.pin !== '',
    /** What is missing in this field, as a sentence; null when nothing is. */
    missingText(field: MissingField): string | null {
      if (!missing.value.includes(field)) return null;
      const { t } = i18n.value;
      switch (field) {
        case 'reason':
          return t('approval.missing.reason', { min: MIN_REASON });
        case 'approver':
          return t('approval.missing.approver');
        case 'pin':
          return t('approval.missing.pin', { min: MIN_PIN });
      }
    },
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
