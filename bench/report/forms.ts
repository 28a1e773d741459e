/** The forms of reports that are measured. */
export const FORMS = ['csv', 'jsonl', 'xlsx', 'pdf'] as const;
export type Form = (typeof FORMS)[number];
