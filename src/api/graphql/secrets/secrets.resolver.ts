import { Inject } from '@nestjs/common';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { SecretService, type SecretEntry } from '../../../access/secrets/secret-service.js';
import { Requires } from '../../rights/requires.decorator.js';
import { Actor } from '../schema/actor.decorator.js';
import { Secret, SecretRotation } from './secret.type.js';

const NAME = { type: () => String };

/** Lists, sets, deletes and re-encrypts secrets. No field returns a value. */
@Resolver(() => Secret)
export class SecretsResolver {
  constructor(@Inject(SecretService) private readonly desk: SecretService) {}

  @Requires('read:secrets')
  @Query(() => [Secret], {
    name: 'secrets',
    description: 'The known secrets, sorted by name, without their values.',
  })
  list(): Promise<SecretEntry[]> {
    return this.desk.list();
  }

  @Requires('write:secrets')
  @Mutation(() => Secret, {
    name: 'setSecret',
    description: 'Stores a secret in the database, encrypted.',
  })
  set(
    @Args('name', NAME) name: string,
    @Args('value', { type: () => String }) value: string,
    @Actor() actor: string,
  ): Promise<SecretEntry> {
    return this.desk.set(name, value, actor);
  }

  @Requires('delete:secrets')
  @Mutation(() => String, {
    name: 'deleteSecret',
    description: 'Deletes a secret from the database. Returns its name.',
  })
  async delete(@Args('name', NAME) name: string, @Actor() actor: string): Promise<string> {
    await this.desk.delete(name, actor);
    return name;
  }

  @Requires('write:secrets')
  @Mutation(() => SecretRotation, {
    name: 'rotateSecrets',
    description: 'Creates a new key and re-encrypts all secrets in the database with it.',
  })
  rotate(@Actor() actor: string): Promise<SecretRotation> {
    return this.desk.rotate(actor);
  }
}
