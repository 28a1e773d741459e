import { describe, expect, it } from 'vitest';

import { loginOf } from '../../../../simulator/parts/at/login.ts';

describe("a module's login", () => {
  it('equals the example of document 002', () => {
    const identity = {
      productId: 'CS0SLTKSYA',
      deviceName: 'dev1',
      deviceSecret: 'IyXmUW5sU/q1vnb5yzTkeQ==',
      region: 'ap-guangzhou',
    };
    expect(loginOf(identity, 'ZR5GT', 2_623_045_740)).toEqual({
      clientId: 'CS0SLTKSYAdev1',
      username: 'CS0SLTKSYAdev1;12010126;ZR5GT;2623045740',
      password: '2debdc61b009ef8d09597f106f6f8ca36f101415459b0623780a81e711e7257c;hmacsha256',
    });
  });
});
