import { z } from 'zod';

/** An address that can be called: http or https, without a name and password in it. */
export const httpUrlSchema = z
  .url({ protocol: /^https?$/, error: 'is to be an http(s) URL' })
  .max(2_048)
  .refine((text) => !/^[a-z]+:\/*[^/?#]*@/i.test(text), { error: 'is not to hold a name and password' });
