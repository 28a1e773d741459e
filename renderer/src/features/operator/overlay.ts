/** What lies over the slots. */
export type Overlay = 'batches' | 'technical' | 'help';
