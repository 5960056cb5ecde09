/** A source of secrets: the encrypted store, files, or environment variables. */
export interface SecretSource {
  kind: 'store' | 'file' | 'environment';
  /** The value, or undefined where the source has no such secret. */
  read(name: string): Promise<string | undefined>;
  /** An instruction for people to add the secret to this source, such as "set the variable …". */
  provide(name: string): string;
  /** The names of all secrets in the source. */
  names(): Promise<string[]>;
}
