import { describe, expect, it } from 'vitest';
import { maskSecret } from '../../../shared/codec/mask.ts';

describe('a secret for display', () => {
  it('shows three characters of a long one, nothing of a short one, and never the length', () => {
    expect(maskSecret('48WWbUfVNtlEQJ5v77ypUA==')).toBe('48W*********');
    expect(maskSecret('ZHNkIGRzZCA=')).toBe('*********');
    expect(maskSecret('')).toBe('*********');
  });
});
