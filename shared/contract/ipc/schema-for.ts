import type { z } from 'zod';

/** A type made comparable: read-only and mutable are alike, and a key that may be missing differs from one that may not. */
type Comparable<Value> = Value extends readonly (infer Item)[]
  ? readonly Comparable<Item>[]
  : Value extends object
    ? {
        readonly [Key in keyof Value]-?: object extends Pick<Value, Key>
          ? readonly [Comparable<Value[Key]>, 'may be missing']
          : readonly [Comparable<Value[Key]>];
      }
    : Value;

type Same<One, Other> = [Comparable<One>] extends [Comparable<Other>]
  ? [Comparable<Other>] extends [Comparable<One>]
    ? true
    : false
  : false;

/**
 * The schema of a model that is written as a type in `shared/model/`. The compiler refuses a schema that says more or
 * less than the model does, so that the models stay readable and what is checked at run time cannot drift from them.
 */
export function schemaFor<Model>() {
  return <Schema extends z.ZodType>(
    schema: Same<z.infer<Schema>, Model> extends true ? Schema : never,
  ): z.ZodType<Model> => schema as unknown as z.ZodType<Model>;
}
