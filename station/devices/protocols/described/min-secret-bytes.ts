/** A shorter value that a unit shows as its secret is not masked: it would hide other text. */
export const MIN_SECRET_BYTES = 8;
