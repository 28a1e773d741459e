/**
 * The closed list of fault codes, with their classes.
 *
 * A code is one situation on which a person can act. The screen has a text for each code in each language; the terminal
 * maps the class to an exit status. Any other error is a defect and is reported as `internal` with a correlation id.
 *
 * Classes: `input`: the request is invalid and nothing was changed · `unit`: the unit on the slot is faulty ·
 * `environment`: something around the station is missing or broken · `integrity`: stored data contradicts itself ·
 * `flow`: the work was stopped, refused or overtaken · `internal`: a defect of Gongwei.
 */
export const FAULT_CLASS = {
  'bad-input': 'input',
  'not-found': 'input',
  forbidden: 'input',
  'serial-blank': 'input',
  'serial-malformed': 'input',
  'serial-passed': 'input',
  'serial-void': 'input',
  'serial-running': 'input',
  'batch-missing': 'input',
  'batch-complete': 'input',
  'batch-closed': 'input',
  'quota-exceeded': 'input',
  'certificate-refused': 'input',
  'recipe-invalid': 'input',
  'recipe-files-invalid': 'input',
  'recipe-changed': 'input',
  'recipe-state': 'input',
  'recipe-version-taken': 'input',
  'draft-changed': 'input',
  'dry-run-busy': 'input',
  'csv-invalid': 'input',
  'firmware-invalid': 'input',
  'firmware-file-missing': 'input',
  'file-empty': 'input',
  'backup-invalid': 'input',
  'qr-too-long': 'input',
  'label-impossible': 'input',
  'attachment-refused': 'input',
  'slot-unknown': 'input',
  'slot-busy': 'input',
  'slot-unacknowledged': 'input',
  'label-pending': 'input',
  'label-old': 'input',
  'template-in-use': 'input',
  'prompt-none': 'input',
  'scan-repeated': 'input',
  'scan-unended': 'input',
  'answer-too-soon': 'input',
  'pin-wrong': 'input',
  'pin-locked': 'input',
  'pin-short': 'input',
  'approver-refused': 'input',
  'badge-unknown': 'input',
  'badge-taken': 'input',
  'last-engineer': 'input',
  'not-at-computer': 'input',
  'already-set-up': 'input',
  'reset-code-wrong': 'input',
  'reset-code-wait': 'input',
  'real-data': 'input',

  'device-silent': 'unit',
  'device-rejected': 'unit',
  'device-unreadable': 'unit',
  'device-garbled': 'unit',
  'echo-changed': 'unit',
  'read-back-mismatch': 'unit',
  'device-locked': 'unit',
  'flash-mismatch': 'unit',
  'flash-unreadable': 'unit',
  'limit-exceeded': 'unit',
  'not-online': 'unit',
  'label-wrong': 'unit',
  'provisioning-timeout': 'unit',
  'ota-failed': 'unit',
  'ota-timeout': 'unit',
  'ble-unseen': 'unit',
  'ble-lost': 'unit',
  'provisioning-refused': 'unit',

  'identity-conflict': 'flow',
  'identity-in-doubt': 'flow',
  'device-bound': 'flow',
  'serial-conflict': 'flow',
  'unit-on-two-slots': 'flow',
  cancelled: 'flow',
  timeout: 'flow',
  disconnected: 'flow',
  interrupted: 'flow',
  'prompt-unanswered': 'flow',
  'script-failed': 'flow',

  'port-missing': 'environment',
  'port-busy': 'environment',
  'port-denied': 'environment',
  'port-lost': 'environment',
  'echo-missing': 'environment',
  'ble-ambiguous': 'environment',
  'ble-missing': 'environment',
  'ble-off': 'environment',
  'ble-denied': 'environment',
  'printer-unreachable': 'environment',
  'printer-not-ready': 'environment',
  'printer-lost': 'environment',
  'instrument-missing': 'environment',
  'instrument-busy': 'environment',
  'instrument-unreachable': 'environment',
  'instrument-silent': 'environment',
  'instrument-error': 'environment',
  'network-unknown': 'environment',
  'pool-empty': 'environment',
  'update-unreachable': 'environment',
  'update-invalid': 'environment',
  'update-older': 'input',
  'registry-unreachable': 'environment',
  'registry-refused': 'environment',
  'registry-untrusted': 'environment',
  'ota-firmware-missing': 'environment',
  'not-configured': 'environment',
  'data-busy': 'environment',
  'station-closing': 'environment',
  'disk-full': 'environment',
  'disk-read-only': 'environment',
  'disk-failing': 'environment',
  'file-missing': 'environment',
  'file-denied': 'environment',
  'tool-missing': 'environment',
  'tool-changed': 'environment',
  'tool-failed': 'environment',

  'database-corrupt': 'integrity',
  'database-future': 'integrity',
  'ledger-violation': 'integrity',
  'batch-unbalanced': 'integrity',
  'secret-unreadable': 'integrity',

  internal: 'internal',
} as const;

export type FaultCode = keyof typeof FAULT_CLASS;
export type FaultClass = (typeof FAULT_CLASS)[FaultCode];

export const FAULT_CODES = Object.keys(FAULT_CLASS) as [FaultCode, ...FaultCode[]];

/** Values for the screen's text of a fault; never a secret. */
export type FaultDetails = Readonly<Record<string, string | number | boolean | null>>;

/** A fault as plain data: for a page, a message between processes, the terminal's JSON. */
export interface FaultView {
  code: FaultCode;
  /** One plain English line. */
  message: string;
  /** What the person can do. */
  hint: string | null;
  details: Record<string, string | number | boolean | null>;
}

export interface FaultOptions {
  /** What the person can do, one sentence. */
  readonly hint?: string;
  readonly details?: FaultDetails;
  readonly cause?: unknown;
}

/** A known error: a code of the closed list, a message of one English line, and a hint. */
export class Fault extends Error {
  readonly code: FaultCode;
  readonly hint: string | null;
  readonly details: FaultDetails;

  constructor(code: FaultCode, message: string, options: FaultOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Fault';
    this.code = code;
    this.hint = options.hint ?? null;
    this.details = options.details ?? {};
  }

  get class(): FaultClass {
    return FAULT_CLASS[this.code];
  }

  /** The fault of a view, without cause. */
  static fromView({ code, message, hint, details }: Readonly<FaultView>): Fault {
    return new Fault(code, message, hint === null ? { details } : { hint, details });
  }

  /** A copy without stack and cause. */
  toView(): FaultView {
    const { code, message, hint, details } = this;
    return { code, message, hint, details: { ...details } };
  }
}

/** Exit status of the terminal for a fault: 2 bad input, 3 environment, 4 integrity, 1 any other. */
export function exitStatusOf(code: FaultCode): 1 | 2 | 3 | 4 {
  switch (FAULT_CLASS[code]) {
    case 'input':
      return 2;
    case 'environment':
      return 3;
    case 'integrity':
      return 4;
    case 'unit':
    case 'flow':
    case 'internal':
      return 1;
  }
}

/** Throws the abort reason as a Fault when the signal has fired. */
export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw abortFault(signal);
}

/** The reason of a signal that has fired, if it is a Fault, else `cancelled`. */
export function abortFault({ reason }: AbortSignal): Fault {
  return reason instanceof Fault ? reason : new Fault('cancelled', 'stopped', { cause: reason });
}
