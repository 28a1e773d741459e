import type { Page } from 'playwright-core';
import type { OpenOptions } from './dev-page.ts';

/** A page in one of its main states, as `every-page.test.ts` looks at it. */
export interface PageState extends OpenOptions {
  readonly name: string;
  /** What is done after the page was opened. */
  readonly act?: (page: Page) => Promise<void>;
  /** `act` opens a dialog that Escape closes without a question. */
  readonly dialog?: boolean;
}
