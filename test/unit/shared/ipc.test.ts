import { describe, expect, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { mailFramePath, parseMailFramePath } from '../../../shared/contract/ipc/mail-frames.ts';
import { schemaFor } from '../../../shared/contract/ipc/schema-for.ts';

interface Model {
  readonly name: string;
  readonly notes: readonly string[];
  readonly detail?: string;
}

describe('a schema of a model', () => {
  const name = z.string();
  const notes = z.array(z.string());
  const detail = z.string().optional();

  test('is taken where it says what the model says', () => {
    const schema = schemaFor<Model>()(z.object({ name, notes, detail }));
    expectTypeOf<z.infer<typeof schema>>().toEqualTypeOf<Model>();
    expect(schema.parse({ name: 'a', notes: [] })).toEqual({ name: 'a', notes: [] });
  });

  test('is refused by the compiler where it says more, less or something else', () => {
    // @ts-expect-error: a key is missing
    schemaFor<Model>()(z.object({ name, detail }));
    // @ts-expect-error: a key that may be missing is missing
    schemaFor<Model>()(z.object({ name, notes }));
    // @ts-expect-error: there is a key more
    schemaFor<Model>()(z.object({ name, notes, detail, more: z.string() }));
    // @ts-expect-error: another type
    schemaFor<Model>()(z.object({ name: z.number(), notes, detail }));
    // @ts-expect-error: what must be there may be missing
    schemaFor<Model>()(z.object({ name: name.optional(), notes, detail }));
    // @ts-expect-error: one value of an enumeration is missing
    schemaFor<{ state: 'up' | 'down' }>()(z.object({ state: z.literal('up') }));
  });
});

describe('the path of a mail in a frame', () => {
  test.each(['plain', '1700000000000-000001.eml', 'a/../b', 'ü?#%'])('%s is read back as it was', (id) => {
    expect(parseMailFramePath(mailFramePath('log', id))).toEqual({ kind: 'log', id });
  });

  test.each(['/mail/other/1', '/mail/log/', '/mail/log', '/mail/log/a/b', '/mail/log/%E0%A4%A', '/'])(
    '%s is none',
    (path) => {
      expect(parseMailFramePath(path)).toBeNull();
    },
  );
});
