import { computed, type ComputedRef, inject, type InjectionKey, useId } from 'vue';

/** What a control learns from the `UiField` around it. */
export interface FieldContext {
  readonly controlId: string;
  readonly labelId: string;
  /** Ids of the hint and the error that are shown; `undefined` when there are none. */
  readonly describedBy: ComputedRef<string | undefined>;
  readonly invalid: ComputedRef<boolean>;
  readonly required: ComputedRef<boolean>;
}

export const FIELD_CONTEXT: InjectionKey<FieldContext> = Symbol('field');

/** Attributes for the control of a field. Outside of a `UiField` the control has an id and nothing else. */
export function useFieldControl(): {
  readonly labelId: string | undefined;
  readonly attributes: ComputedRef<Record<string, string | boolean | undefined>>;
} {
  const field = inject(FIELD_CONTEXT, null);
  const ownId = useId();
  return {
    labelId: field?.labelId,
    attributes: computed(() => ({
      id: field?.controlId ?? ownId,
      'aria-describedby': field?.describedBy.value,
      'aria-invalid': field?.invalid.value === true ? 'true' : undefined,
      'aria-required': field?.required.value === true ? 'true' : undefined,
    })),
  };
}
