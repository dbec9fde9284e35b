/** One finding of ajv, in the part that src/manifest reads. */
export interface ShapeError {
  readonly keyword: string;
  /** JSON pointer into the value. */
  readonly instancePath: string;
  /** JSON pointer into the schema: `#/definitions/size/pattern`. */
  readonly schemaPath: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The key that is meant, where the schema speaks of the names of keys. */
  readonly propertyName?: string;
}

/** ajv's checker for the schema of schema.ts; the findings of the last call are its property, as ajv has it. */
declare const validate: {
  (value: unknown): boolean;
  readonly errors: readonly ShapeError[] | null;
};
export default validate;
