/** Exit statuses of the command line; `exitStatusOf` chooses between them for a fault. */
export const EXIT_STATUS = {
  done: 0,
  /** Done, and at least one unit or item did not pass. */
  notPassed: 1,
  badInput: 2,
  environment: 3,
  integrity: 4,
} as const;
