/** A value that JSON can represent, as it is after parsing. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
