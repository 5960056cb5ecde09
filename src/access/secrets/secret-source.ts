/** Somewhere that secrets come from. */
export interface SecretSource {
  kind: 'store' | 'file' | 'environment';
  /** The value, or undefined where the source has no such secret. */
  read(name: string): Promise<string | undefined>;
  /** What one does to provide it here: "set the variable …". */
  provide(name: string): string;
  /** What it holds. */
  names(): Promise<string[]>;
}
