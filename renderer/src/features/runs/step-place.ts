/** An attempt of a step of a run. */
export interface StepPlace {
  readonly phase: string;
  readonly step: string;
  readonly attempt: number;
}

export const isSameStep = (
  one: { readonly phase: string | null; readonly step: string | null; readonly attempt: number },
  other: StepPlace,
): boolean => one.phase === other.phase && one.step === other.step && one.attempt === other.attempt;
