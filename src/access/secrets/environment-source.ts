import { SECRET_NAME } from '../../contracts/secret.js';
import { readVariable, variableNames } from '../../platform/config/config-secret-environment.js';
import type { SecretSource } from './secret-source.js';

/** Reads secrets from environment variables: `github_token` is `MISSION_SECRET_GITHUB_TOKEN`. */
export class EnvironmentSource implements SecretSource {
  readonly kind = 'environment';

  constructor(private readonly prefix: string) {}

  read(name: string): Promise<string | undefined> {
    return Promise.resolve(readVariable(this.variable(name)));
  }

  provide(name: string): string {
    return `set the variable ${this.variable(name)} where the workers start`;
  }

  names(): Promise<string[]> {
    const variables = variableNames().filter((each) => each.startsWith(this.prefix));
    const names = variables.map((each) => each.slice(this.prefix.length).toLowerCase());
    return Promise.resolve(names.filter((name) => SECRET_NAME.test(name)));
  }

  private variable(name: string): string {
    return this.prefix + name.toUpperCase();
  }
}
